/** `doctor` against real homes that are broken in every way that users meet, with the programs as they are shipped. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireHomeLock } from '../../src/platform/home-lock.ts';
import type { Check } from '../../src/protocol/doctor.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let config: string;
/** Everything that any run has printed. */
let printed = '';

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  marie = await world.person('marie');
});
afterAll(() => world.close());

interface Report {
  exit: number | string;
  checks: Check[];
  of(id: string): Check | undefined;
}

/** Runs it; what it found, and how it ended. */
async function doctor(env: Record<string, string | undefined> = {}): Promise<Report> {
  const { code, stdout, stderr } = await marie.run(['doctor', '--json'], { env });
  printed += stdout + stderr;
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as { v: number; problems: number; warnings: number; checks: Check[] };
  const { checks } = answer;
  const count = (state: string): number => checks.filter((c) => c.state === state).length;
  expect(answer).toMatchObject({ v: 1, problems: count('problem'), warnings: count('warning') });
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  return { exit: code, checks, of: (id) => checks.find((check) => check.id === id) };
}

const bad = ({ checks }: Report): string[] => checks.filter(({ state }) => state === 'problem').map(({ id }) => id);

describe('doctor', () => {
  it('of a machine that is not set up says what to type first, and leaves nothing behind', async () => {
    const found = await doctor();
    expect(found.exit).toBe(1);
    expect(bad(found)).toEqual(['home']);
    expect(found.of('home')?.fix).toContain('teammate-sync init --org');
    expect(found.of('daemon')).toMatchObject({ state: 'warning', fix: expect.stringContaining('init') as string });
    expect(fs.existsSync(marie.paths.home)).toBe(false);
  });

  it('of one where all is well says so, with the daemon and without', async () => {
    await marie.ok(['init', '--org', ORG, '--yes']);
    config = fs.readFileSync(marie.paths.config, 'utf8');
    await marie.ok(['up']);
    await marie.claude('webshop', 'hello');
    await until(async () => (await marie.client.call('status')).network?.state === 'online');
    const up = await doctor();
    expect(bad(up)).toEqual([]);
    expect(up.exit).toBe(0);
    expect(up.of('daemon')?.what).toContain(`process ${marie.daemonPid} answers`);
    expect(up.of('network')).toMatchObject({ state: 'ok' });
    expect(up.of('published')?.what).toContain('published as it is here');
    const text = await marie.ok(['doctor']);
    expect(text).toMatch(/^ok {6}github {5}127\.0\.0\.1 answers in \d+ ms, as marie$/m);
    expect(text).toMatch(/\n(All is well\.|No problem, )/);
    await marie.ok(['down']);
    const down = await doctor();
    expect([bad(down), down.exit]).toEqual([[], 0]);
    expect(down.of('daemon')).toMatchObject({ state: 'warning', fix: 'teammate-sync up' });
    expect(down.of('network')?.what).toContain('the DHT answers');
  });

  it('finds what a crash left, a damaged state, an old record, a weak token, a wrong clock, all in one look', async () => {
    await marie.ok(['up']);
    await marie.killDaemon();
    const connections = path.join(marie.paths.state, 'connections.json');
    fs.writeFileSync(connections, '{"half', { mode: 0o600 });
    const projects = path.join(marie.folder, '.claude', 'projects');
    fs.renameSync(projects, `${projects}.away`);
    fs.writeFileSync(projects, '');
    const { token } = await world.github.addToken('marie', ['repo', 'read:org']);
    await world.github.setDateOffset(3_600_000);
    const [gist] = await world.github.gistsOf('marie');
    const [name = ''] = Object.keys(gist?.files ?? {});
    await world.github.putGist({ owner: 'marie', id: gist?.id ?? '', files: { [name]: 'tms1.AAAA.BBBB\n' } });
    const found = await doctor({ GH_TOKEN: token });
    await world.github.setDateOffset(0);
    fs.rmSync(connections);
    fs.rmSync(projects);
    fs.renameSync(`${projects}.away`, projects);
    expect(found.exit).toBe(1);
    expect(bad(found).toSorted()).toEqual(['claude', 'clock', 'published', 'scopes', 'state']);
    expect(found.of('lock')).toMatchObject({ state: 'warning' });
    expect(found.of('lock')?.what).toContain('left behind');
    expect(found.of('claude')?.what).toContain('ENOTDIR');
    expect(found.of('clock')).toMatchObject({ what: expect.stringMatching(/3(59|60)\d s behind GitHub/) as string });
    expect(found.of('scopes')?.what).toBe('lacks the scope gist');
    expect(found.of('state')?.what).toContain(connections);
    expect(found.of('published')?.fix).toContain('teammate-sync up');
    // What it says mends it.
    await marie.ok(['up']);
    await until(async () => (await world.github.gistsOf('marie'))[0]?.files[name]?.startsWith('tms1.ey') === true);
    await marie.ok(['down']);
    expect(bad(await doctor())).toEqual([]);
  });

  it('finds an open key file, somebody else who holds the home, and an org that is not to be seen', async () => {
    const key = path.join(marie.paths.keys, 'box.seed');
    fs.chmodSync(key, 0o644);
    const lock = await acquireHomeLock(marie.paths.lock);
    await world.github.removeMember(ORG, 'marie');
    const found = await doctor();
    lock.release();
    fs.chmodSync(key, 0o600);
    expect(bad(found).toSorted()).toEqual(['keys', 'lock', 'org', 'published']);
    expect(found.of('keys')?.fix).toBe(`chmod 600 ${key}`);
    expect(found.of('lock')).toMatchObject({ what: expect.stringContaining(`process ${process.pid} holds`) as string });
    expect(found.of('org')?.what).toContain('not a member');
    await world.github.addMember(ORG, { login: 'marie' });
  });

  it('finds a network that lets no UDP out, and that there is no token', async () => {
    fs.writeFileSync(marie.paths.config, config.replace(/"bootstrap": \[[^\]]*\]/, '"bootstrap": ["127.0.0.1:9"]'));
    const found = await doctor({ GH_TOKEN: undefined });
    fs.writeFileSync(marie.paths.config, config);
    expect(bad(found)).toEqual(['token', 'network']);
    expect(found.of('token')?.fix).toContain('GH_ENTERPRISE_TOKEN');
    expect(found.of('network')).toMatchObject({ what: expect.stringContaining('127.0.0.1:9') as string });
    expect(found.of('network')?.fix).toContain('UDP');
  });

  it('finds a token that is refused, GitHub that cannot be reached, and a config or home that cannot be used', async () => {
    expect((await doctor({ GH_TOKEN: 'gho_wrong' })).of('github')?.what).toBe('GitHub does not accept the token');
    await world.github.addFault({ reset: true, times: null });
    expect((await doctor()).of('github')?.what).toContain('GitHub cannot be reached');
    await world.github.clearFaults();
    fs.writeFileSync(marie.paths.config, '{"v":1}');
    const config1 = (await doctor()).of('config');
    expect(config1).toMatchObject({ state: 'problem', fix: expect.stringContaining('teammate-sync init') as string });
    fs.writeFileSync(marie.paths.config, config);
    fs.chmodSync(marie.paths.home, 0o755);
    const home = await doctor();
    fs.chmodSync(marie.paths.home, 0o700);
    expect(home.of('home')).toMatchObject({ state: 'problem', fix: `chmod 700 ${marie.paths.home}` });
    fs.rmSync(marie.paths.config);
    expect((await doctor()).of('config')?.what).toContain('set-up began and was not completed');
    fs.writeFileSync(marie.paths.config, config, { mode: 0o600 });
  });

  it('never prints a token', () => {
    expect(printed).not.toMatch(/gh[opusr]_\w{8}/);
    expect(printed).not.toContain(marie.env['GH_TOKEN'] ?? '?');
    expect(printed).not.toContain('gho_wrong');
  });
});
