/** `init` that is interrupted, at every step there is: nothing is half done, and running it again completes it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathsOf, setUp } from '../../src/daemon/index.ts';
import { readConfig } from '../../src/platform/config.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemProcesses } from '../../src/platform/process-table.ts';
import { type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { bundle } from '../support/node-script.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { makeTempDir } from '../support/tmp-dir.ts';
import { unattended } from '../support/unattended.ts';
import { until } from '../support/until.ts';

const AT_ONCE = 3;

/** Processes that this one started; none where the system does not say. */
function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!fs.existsSync(list)) return [];
  return fs.readFileSync(list, 'utf8').trim().split(' ').map(Number);
}

/** Names that only something unfinished has. */
const unfinished = (home: string): string[] =>
  fs.readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => /\.new$|\.\d+$/.test(name));

describe('by a death of its process, at each change of a file', () => {
  const DEADLY = `
    import { Mortality } from './test/support/world/mortality.ts';
    import { main } from './src/daemon/main.ts';
    new Mortality(() => {}).doom({ kinds: ['file'], after: Number(process.env.TEST_DOOM) });
    process.exitCode = await main(['setup'], new URL('file:///unused'));
    process.exit();`;
  const temp = makeTempDir();
  let standIn: StandIn;
  let entry: string;
  beforeAll(async () => {
    standIn = await startGithubStandIn();
    standIn.addOrg({ login: 'acme', id: 9009, members: [] });
    entry = await bundle(DEADLY, temp.path, 'deadly');
  });
  afterAll(async () => {
    await standIn.close();
    temp.remove();
  });

  /** True when it died before it was done. */
  async function dies(env: Record<string, string>, step: number): Promise<boolean> {
    const all = { ...process.env, ...env, TEST_DOOM: String(step) };
    const child = spawn(process.execPath, [entry], { env: all, stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.write('{"org":"acme","deviceFlow":false,"dryRun":false,"claudeCode":false}\n{"go":true}\n');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (signal === null) expect(code).toBe(0);
    return signal === 'SIGKILL';
  }

  /** Dies at this step in a home of its own, and completes it; false when it was done before. */
  async function survives(step: number): Promise<boolean> {
    const login = `marie-${step}`;
    const { token } = standIn.addUser({ login, id: 1000 + step });
    standIn.addMember('acme', { login });
    const home = path.join(temp.path, login);
    const env = { TEAMMATE_SYNC_HOME: home, TEAMMATE_SYNC_GITHUB_API: standIn.url, GH_TOKEN: token };
    if (!(await dies(env, step))) return false;
    const paths = pathsOf(env);
    // Whole or not there: what is unreadable now would be unreadable for the next run, too.
    readConfig(paths.config);
    const random = (n: number): Uint8Array => randomBytes(n);
    const me = await setUp({ ...unattended, org: 'acme', env, clock: systemClock, random });
    expect(readConfig(paths.config)).toMatchObject({ org: 'acme', orgId: 9009 });
    const files = standIn.gistsOf(login).flatMap((gist) => Object.keys(gist.files));
    expect(files, `died at ${step}`).toEqual([`teammate-sync-${me?.device}.txt`]);
    expect(unfinished(home), `died at ${step}`).toEqual([]);
    return true;
  }

  it('leaves a home that the next run completes', { timeout: 180_000 }, async () => {
    let died = 0;
    for (let step = 1; step < 100; step += AT_ONCE) {
      const steps = Array.from({ length: AT_ONCE }, (_, i) => step + i);
      const all = (await Promise.all(steps.map(survives))).filter(Boolean).length;
      died += all;
      if (all < AT_ONCE) break;
    }
    // It wrote folders, three seeds, two state files and the configuration; fewer steps were not watched at all.
    expect(died).toBeGreaterThan(15);
    expect(died).toBeLessThan(90);
  });
});

describe('from outside, at each question to GitHub', () => {
  let world: ProcessWorld;
  beforeAll(async () => {
    world = await ProcessWorld.start(productDir);
  });
  afterAll(() => world.close());

  /**
   * Interrupts an init while GitHub holds back its answer number `n` to a question below `at`; false when it asks fewer.
   */
  async function interrupt(machine: Machine, n: number, signal: NodeJS.Signals, at = '/'): Promise<boolean> {
    await world.github.clearFaults();
    await world.github.clearLog();
    if (n > 1) await world.github.addFault({ path: at, delayMs: 0, times: n - 1 });
    await world.github.addFault({ path: at, hang: true });
    const asked = async (): Promise<number> =>
      (await world.github.requests()).filter((request) => request.path.startsWith(at)).length;
    const init = machine.start(['init', '--org', ORG]);
    let over = false;
    void init.ended.then(() => (over = true));
    await until(async () => over || (await asked()) >= n, { what: `question ${n}` });
    if (over) return false;
    init.child.kill(signal);
    const { code, stderr } = await init.ended;
    await world.github.clearFaults();
    if (signal === 'SIGKILL') expect(code).toBe('SIGKILL');
    else {
      expect(code).toBe(1);
      expect(stderr).toBe(
        'teammate-sync: interrupted: nothing is half done\n  run the same command again: it goes on where it stopped\n',
      );
    }
    return true;
  }

  /** The process that `init` started ends with it: it holds no home. */
  const noneLeft = (machine: Machine) =>
    until(
      () => {
        const text = fs.existsSync(machine.paths.lock) ? fs.readFileSync(machine.paths.lock, 'utf8') : '';
        const pid = text === '' ? 0 : (JSON.parse(text) as { pid: number }).pid;
        return pid === 0 || systemProcesses.startTime(pid) === null;
      },
      { what: 'the set-up to end' },
    );

  it('is completed by the next run, after kill -9 and after Ctrl-C', { timeout: 180_000 }, async () => {
    let n = 1;
    for (; n < 30; n++) {
      const machine = await world.person(`sam-${n}`);
      if (!(await interrupt(machine, n, 'SIGKILL'))) break;
      await noneLeft(machine);
      // What was done stays done, so that the second one may get through with fewer questions.
      await interrupt(machine, n, 'SIGINT');
      await noneLeft(machine);
      const random = (bytes: number): Uint8Array => randomBytes(bytes);
      await setUp({ ...unattended, org: ORG, env: machine.env, clock: systemClock, random });
      expect(readConfig(machine.paths.config)).toMatchObject({ org: ORG });
      const gists = await world.github.gistsOf(`sam-${n}`);
      expect(gists.flatMap(({ files }) => Object.keys(files)).length, `at question ${n}`).toBe(1);
      expect(unfinished(machine.paths.home)).toEqual([]);
    }
    expect(n).toBeGreaterThan(4);
    expect(n).toBeLessThan(30);
  });

  it('leaves nothing while a code waits to be typed, and leaves a running daemon running', async () => {
    await world.github.clearFaults();
    await world.github.addOauthApp({ clientId: 'Iv1.app' });
    const lena = await world.person('lena');
    const env = { GH_TOKEN: '', PATH: path.dirname(process.execPath) };
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const init = lena.start(['init', '--org', ORG, '--client-id', 'Iv1.app'], { env });
      await until(() => init.stderr().includes('type this code'), { what: 'the code' });
      const started = childrenOf(init.child.pid ?? 0);
      if (process.platform === 'linux') expect(started).toHaveLength(1);
      init.child.kill(signal);
      await init.ended;
      // It would ask GitHub for a quarter of an hour.
      await until(() => started.every((pid) => systemProcesses.startTime(pid) === null), { what: 'the set-up to end' });
      expect(init.stdout()).toBe('');
      expect(fs.existsSync(lena.paths.home)).toBe(false);
    }
    await world.ready([lena]);
    const pid = lena.daemonPid;
    // The daemon asks, too, but not this.
    expect(await interrupt(lena, 1, 'SIGINT', '/user/memberships')).toBe(true);
    expect(await interrupt(lena, 1, 'SIGKILL', '/user/memberships')).toBe(true);
    expect(lena.daemonPid).toBe(pid);
    expect(await lena.ok(['status'])).toContain('lena');
  });
});
