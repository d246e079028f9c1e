/** Setting up: signing a device in, which org is the workspace, what is changed and what is not, and every interruption. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { pathsOf, setUp, type SetupOptions } from '../../src/daemon/index.ts';
import { keepToken } from '../../src/github/index.ts';
import { readConfig } from '../../src/platform/config.ts';
import { failure } from '../github/harness.ts';
import { type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { SteerableClock } from '../support/steerable-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { unattended } from '../support/unattended.ts';

const APP = 'Iv1.stand-in';

let standIn: StandIn;
let clock: SteerableClock;
let token: string;
let folder: string;
beforeEach(async () => {
  clock = new SteerableClock();
  standIn = await startGithubStandIn({ now: () => clock.now() });
  onTestFinished(() => standIn.close());
  token = standIn.addUser({ login: 'Marie-T', id: 1001 }).token;
  standIn.addOrg({ login: 'acme', id: 9009, members: ['Marie-T'] });
  standIn.addOauthApp({ clientId: APP });
  folder = tempDir();
});

interface Ran {
  steps: string[];
  codes: string[];
  offered: { logins: string[]; preset: string | null; hidden: number } | null;
  plan: Parameters<SetupOptions['mayGo']>[0] | null;
}

/** A set-up of a home of this test, with a person who types each code as Marie. */
async function init(options: Partial<SetupOptions> & { token?: string | null } = {}): Promise<Ran> {
  const ran: Ran = { steps: [], codes: [], offered: null, plan: null };
  const { token: as = token, ...rest } = options;
  await setUp({
    ...unattended,
    org: null,
    env: envOf(as),
    clock,
    random: (n) => randomBytes(n),
    onStep: (text) => void ran.steps.push(text),
    person: {
      onCode({ userCode }) {
        ran.codes.push(userCode);
        standIn.approveDevice(userCode, 'Marie-T');
      },
      onWait: () => void setImmediate(() => clock.pass(5000)),
    },
    async choose({ orgs, preset, hidden }) {
      ran.offered = { logins: orgs.map(({ login }) => login), preset, hidden };
      return preset;
    },
    async mayGo(plan) {
      ran.plan = plan;
      return true;
    },
    ...rest,
  });
  return ran;
}

function envOf(as: string | null): Record<string, string> {
  const home = { HOME: folder, TEAMMATE_SYNC_HOME: path.join(folder, 'home'), PATH: path.join(folder, 'no-gh') };
  return { ...home, TEAMMATE_SYNC_GITHUB_API: standIn.url, ...(as === null ? {} : { GH_TOKEN: as }) };
}

const paths = () => pathsOf(envOf(null));

/** Every file below the test's folder, with what is in it. */
function onDisk(): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), fs.readFileSync(file, 'latin1')];
    }),
  );
}

describe('signing in', () => {
  it('by the device flow keeps the token in auth.json alone, and uses it from then on', async () => {
    const first = await init({ token: null, clientId: APP });
    expect(first.codes).toHaveLength(1);
    const { auth, config } = paths();
    const kept = (JSON.parse(fs.readFileSync(auth, 'utf8')) as { token: string }).token;
    expect(kept).toMatch(/^gho_/);
    expect(fs.statSync(auth).mode & 0o777).toBe(0o600);
    expect(readConfig(config)?.oauthClientId).toBe(APP);
    const holders = Object.entries(onDisk()).filter(([, text]) => text.includes(kept));
    expect(holders.map(([file]) => file)).toEqual([path.join('home', 'auth.json')]);
    expect(first.steps.join('\n')).not.toContain(kept);
    const again = await init({ token: null });
    expect(again.codes).toEqual([]);
    expect(again.steps[0]).toContain(auth);
    // Revoked on GitHub: signed in again, and the old one is gone.
    standIn.revokeToken(kept);
    expect((await init({ token: null })).codes).toHaveLength(1);
    expect(fs.readFileSync(auth, 'utf8')).not.toContain(kept);
  });

  it('with a token of the environment or of gh writes it nowhere', async () => {
    await init();
    expect(Object.entries(onDisk()).filter(([, text]) => text.includes(token))).toEqual([]);
    expect(fs.existsSync(paths().auth)).toBe(false);
  });

  it('keeps an Anthropic API key only when it is given one, and says where it goes, never the key', async () => {
    const key = `sk-ant-${'canary'.repeat(5)}`;
    const { steps } = await init({ anthropic: () => ({ key, base: 'http://127.0.0.1:9/' }) });
    expect(steps.join('\n')).toContain(`${paths().auth}; it goes to http://127.0.0.1:9`);
    expect(steps.join('\n')).not.toContain(key);
    const holds = Object.entries(onDisk()).filter(([, text]) => text.includes(key));
    expect(holds.map(([file]) => path.basename(file))).toEqual(['auth.json']);
    await init();
    expect(fs.readFileSync(paths().auth, 'utf8')).toContain(key);
    expect((await init({ anthropic: () => null })).steps).toContain('no Anthropic API key is kept');
    expect(fs.existsSync(paths().auth)).toBe(false);
  });

  it('without any says each way there is, and with a refused one of the environment does not look for another', async () => {
    expect(await failure(init({ token: null }))).toMatchObject({
      code: 'NO_TOKEN',
      hint: expect.stringContaining('--client-id'),
    });
    expect(await failure(init({ token: null, clientId: APP, person: null }))).toMatchObject({ code: 'NO_TOKEN' });
    keepToken(paths().auth, '127.0.0.1', token);
    expect(await failure(init({ token: 'ghp_over' }))).toMatchObject({ code: 'NO_TOKEN' });
    expect(fs.existsSync(paths().config)).toBe(false);
  });

  it('names the missing scopes, and the one command that adds them', async () => {
    for (const [scopes, missing] of [
      [['repo'], 'gist and read:org'],
      [['gist'], 'read:org'],
      [['read:org'], 'gist'],
    ] as const) {
      const narrow = standIn.addToken('Marie-T', [...scopes]).token;
      expect(await failure(init({ token: narrow }))).toMatchObject({
        code: 'GITHUB_REFUSED',
        message: `the GitHub token lacks the scope ${missing}`,
        hint: expect.stringContaining('`gh auth refresh -h 127.0.0.1 -s gist,read:org`'),
      });
    }
  });
});

describe('the workspace', () => {
  it('is the only org there is, or the one that is chosen', async () => {
    expect((await init()).offered).toEqual({ logins: ['acme'], preset: 'acme', hidden: 0 });
    fs.rmSync(paths().config);
    standIn.addOrg({ login: 'zeta', id: 9010, members: ['Marie-T'] });
    const error = await failure(init());
    expect(error).toMatchObject({ code: 'NO_WORKSPACE', message: expect.stringContaining('acme, zeta') });
    expect(error.hint).toContain('--org');
    await init({ choose: async () => 'zeta' });
    expect(readConfig(paths().config)).toMatchObject({ org: 'zeta', orgId: 9010 });
  });

  it('stays the one that was set by its id, also under a new name, and is never another one of its name', async () => {
    standIn.addOrg({ login: 'zeta', id: 9010, members: ['Marie-T'] });
    await init({ org: 'zeta' });
    standIn.rename('zeta', 'zeta-now');
    expect((await init()).offered?.preset).toBe('zeta-now');
    expect(readConfig(paths().config)).toMatchObject({ org: 'zeta-now', orgId: 9010 });
    standIn.rename('zeta-now', 'elsewhere');
    standIn.addOrg({ login: 'zeta-now', id: 6666, members: ['Marie-T'] });
    expect(await failure(init({ org: 'Zeta-Now' }))).toMatchObject({ code: 'ORG_REUSED' });
    expect(await failure(init({ choose: async () => 'zeta-now' }))).toMatchObject({ code: 'ORG_REUSED' });
    expect(readConfig(paths().config)).toMatchObject({ org: 'zeta-now', orgId: 9010 });
    // Gone from the list, nothing takes its place by itself.
    standIn.removeMember('elsewhere', 'Marie-T');
    expect((await failure(init())).code).toBe('NO_WORKSPACE');
  });

  it('that wants single sign-on says so: hidden in the list, with the link when it is named', async () => {
    standIn.requireSso('acme');
    expect(await failure(init())).toMatchObject({
      code: 'NO_WORKSPACE',
      message: expect.stringContaining('single sign-on'),
    });
    standIn.addOrg({ login: 'zeta', id: 9010, members: ['Marie-T'] });
    expect((await init()).offered).toEqual({ logins: ['zeta'], preset: 'zeta', hidden: 1 });
    fs.rmSync(paths().config);
    expect(await failure(init({ org: 'acme' }))).toMatchObject({
      code: 'GITHUB_REFUSED',
      hint: expect.stringContaining(`${standIn.web}/orgs/acme/sso?`),
    });
    const elsewhere = { 'x-github-sso': 'required; url=https://evil.invalid/orgs/acme/sso' };
    standIn.addFault({ path: '/user/memberships', status: 403, body: { message: 'no' }, headers: elsewhere });
    const error = await failure(init({ org: 'acme' }));
    expect(error.message).toContain('single sign-on');
    expect(`${error.message} ${error.hint}`).not.toContain('evil.invalid');
    standIn.authorizeSso(token, 'acme');
    await init({ org: 'acme' });
  });

  it('that restricts OAuth apps says so when it is named, and hints at it when nothing is listed', async () => {
    standIn.restrictApps('acme', []);
    const flow = { token: null, clientId: APP };
    expect((await failure(init(flow))).message).toContain('restricts the app');
    expect(await failure(init({ ...flow, org: 'acme' }))).toMatchObject({
      code: 'GITHUB_REFUSED',
      message: expect.stringContaining('restricts OAuth apps'),
    });
  });

  it('is not told to a fine-grained token, which is told what it needs', async () => {
    const fine = standIn.addToken('Marie-T', null).token;
    expect((await failure(init({ token: fine }))).message).toContain('fine-grained');
    await init({ token: fine, org: 'acme' });
    standIn.addOrg({ login: 'zeta', id: 9010, members: [] });
    const error = await failure(init({ token: fine, org: 'zeta' }));
    expect(error).toMatchObject({ code: 'NOT_A_MEMBER', hint: expect.stringContaining('resource owner is zeta') });
  });

  it('is one that you are in: no such org, not in it, not in it yet', async () => {
    expect((await failure(init({ org: 'nobody' }))).message).toContain('GitHub shows you no organisation nobody');
    standIn.addOrg({ login: 'zeta', id: 9010, members: [] });
    const outside = await failure(init({ org: 'zeta' }));
    expect(outside).toMatchObject({ code: 'NOT_A_MEMBER', hint: expect.stringContaining('ask an owner of zeta') });
    standIn.addMember('zeta', { login: 'Marie-T', state: 'pending' });
    expect((await failure(init({ org: 'zeta' }))).hint).toContain('/orgs/zeta/invitation');
    expect(await failure(init({ org: 'no such/org' }))).toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(fs.existsSync(paths().config)).toBe(false);
  });
});

describe('before it goes on', () => {
  const writes = () => standIn.requests().filter(({ method }) => method !== 'GET');

  it('nothing was changed, here or on GitHub, and the plan is what is then done', async () => {
    let plan: Parameters<SetupOptions['mayGo']>[0] | null = null;
    await init({
      async mayGo(planned) {
        plan = planned;
        return false;
      },
    });
    expect(onDisk()).toEqual({});
    expect(fs.existsSync(paths().home)).toBe(false);
    expect(writes()).toEqual([]);
    const { keys, state, config } = paths();
    expect(plan).toMatchObject({ handle: 'Marie-T', org: 'acme', publishes: expect.stringContaining('public gist') });
    const files = (plan as Parameters<SetupOptions['mayGo']>[0] | null)?.files ?? [];
    expect(files.map(({ path: at, change }) => [at, change])).toEqual([
      [keys, 'make'],
      [state, 'make'],
      [config, 'make'],
    ]);
    expect(files[2]?.lines).toContain('+ orgId: 9009');

    await init();
    expect(writes().map(({ method }) => method)).toEqual(['POST']);
    const done = onDisk();
    standIn.clearLog();
    const again = await init({ mayGo: async () => false });
    expect(again.plan).toBeNull();
    expect(onDisk()).toEqual(done);
    const same = await init();
    expect(same.plan).toMatchObject({
      publishes: null,
      files: [{ change: 'keep' }, { change: 'keep' }, { change: 'keep' }],
    });
    const other = await init({ clientId: APP });
    expect(other.plan?.files[2]).toMatchObject({ change: 'change', lines: [`+ oauthClientId: "${APP}"`] });
    expect(writes()).toEqual([]);
  });
});
