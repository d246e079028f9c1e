import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, startDaemon, type StartedDaemon } from '../../src/client/index.ts';
import { homePaths } from '../../src/platform/paths.ts';
import { LOG_FILE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { bundle, run, type Running } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

/** As the real daemon: lock, log, local API. It tells its environment in `status`, as its home's path. */
const DAEMON = `
  import { createLocalApi } from './src/local-api/index.ts';
  import { systemClock } from './src/platform/clock.ts';
  import { ALREADY_RUNNING_EXIT } from './src/protocol/daemon-exit.ts';
  import { acquireHomeLock } from './src/platform/home-lock.ts';
  import { createLogger } from './src/platform/logger.ts';
  import { ensurePrivateDir } from './src/platform/private-files.ts';
  import { homeDir, homePaths } from './src/platform/paths.ts';
  const paths = homePaths(homeDir());
  ensurePrivateDir(paths.state);
  const logger = createLogger({ level: 'info', clock: systemClock, file: paths.log });
  try {
    await acquireHomeLock(paths.lock);
  } catch (error) {
    logger.error('the daemon did not start', { error });
    process.exit(ALREADY_RUNNING_EXIT);
  }
  const told = JSON.stringify({ env: process.env, argv: process.argv.slice(2), cwd: process.cwd() });
  const api = createLocalApi({ socketPath: paths.socket, logger, version: '1.0.0', backend: {
    status: async () => ({ pid: process.pid, home: told }),
    down: async () => { void api.stop().then(() => process.exit(0)); return { ok: true }; },
  } });
  await api.start();
  console.log('plain words');
`;

interface Told {
  env: Record<string, string>;
  argv: string[];
  cwd: string;
}

/** A home and a bundled daemon; what was started is killed when the test has finished. */
async function set(source: string): Promise<{ home: string; entry: string; start: typeof startDaemon }> {
  const dir = tempDir();
  return {
    home: path.join(dir, 'home'),
    entry: await bundle(source, dir),
    async start(options): Promise<StartedDaemon> {
      const started = await startDaemon(options);
      onTestFinished(() => kill(started.pid));
      return started;
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Gone, or a zombie that waits for its parent to look. */
function isGone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

describe.runIf(process.platform === 'linux')('startDaemon', () => {
  it('starts one in a session of its own that answers, and finds it again', async () => {
    const { home, entry, start } = await set(DAEMON);
    const env = {
      ...process.env,
      TEAMMATE_SYNC_HOME: '/nowhere',
      TEAMMATE_SYNC_GITHUB_API: 'http://127.0.0.1:1',
      TEAMMATE_SYNC_BOOTSTRAP: '127.0.0.1:1',
      NODE_OPTIONS: '--no-warnings',
    };
    const started = await start({ entry, args: ['daemon', '--background'], home, env });
    expect(started.alreadyRunning).toBe(false);
    const client = createClient({ socketPath: homePaths(home).socket, version: '1.0.0' });
    const status = await client.call('status');
    expect(status.pid).toBe(started.pid);
    const told: Told = JSON.parse(status.home);
    expect(told).toMatchObject({
      env: { TEAMMATE_SYNC_HOME: home, NODE_OPTIONS: '--no-warnings' },
      argv: ['daemon', '--background'],
      cwd: home,
    });
    expect(Object.keys(told.env).filter((name) => /_(GITHUB_API|BOOTSTRAP)$/.test(name))).toEqual([]);
    // Its own session: closing the terminal that started it does not end it.
    const stat = fs.readFileSync(`/proc/${started.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    expect(Number(stat[3])).toBe(started.pid);

    // A second start leaves all of it alone, also a log that the next daemon would set aside.
    fs.appendFileSync(homePaths(home).log, Buffer.alloc(LOG_FILE_MAX_BYTES, '\n'));
    expect(await start({ entry, home, env })).toEqual({ pid: started.pid, alreadyRunning: true });
    expect(fs.readdirSync(path.join(home, 'state'))).toEqual(['daemon.log']);
    await until(() => fs.readFileSync(homePaths(home).log, 'utf8').includes('plain words'));
    expect(fs.statSync(homePaths(home).log).mode & 0o777).toBe(0o600);
    expect(fs.statSync(home).mode & 0o777).toBe(0o700);

    await client.call('down');
    await until(() => isGone(started.pid));
    await expect(client.call('status')).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING' });
  });

  it('two at the same moment end with one daemon, and both know it', async () => {
    const { home, entry, start } = await set(DAEMON);
    const started = await Promise.all([1, 2, 3].map(() => start({ entry, home, env: process.env })));
    expect(new Set(started.map(({ pid }) => pid)).size).toBe(1);
    expect(started.filter(({ alreadyRunning }) => !alreadyRunning)).toHaveLength(1);
  });

  it('waits for the other one when that was first and does not answer yet', async () => {
    const { home, entry, start } = await set(DAEMON);
    const { log, lock, state } = homePaths(home);
    fs.mkdirSync(state, { recursive: true, mode: 0o700 });
    const go = path.join(home, 'go');
    // Has the lock, and begins to listen when it is told to.
    const slow = `
      import { acquireHomeLock } from './src/platform/home-lock.ts';
      import fs from 'node:fs';
      const lock = await acquireHomeLock(${JSON.stringify(lock)});
      console.log('held');
      const timer = setInterval(async () => {
        if (!fs.existsSync(${JSON.stringify(go)})) return;
        clearInterval(timer);
        lock.release();
        await import(process.argv[2]);
      }, 5);`;
    const first = run(await bundle(slow, path.dirname(home), 'slow'), [entry], {
      ...process.env,
      TEAMMATE_SYNC_HOME: home,
    });
    await until(() => first.output().includes('held'));
    let polls = 0;
    const clock = {
      now: () => 0,
      elapsed: () => 0,
      after(_ms: number, fn: () => void) {
        // Ours has been ended by the lock for many polls before the other one answers.
        if (fs.readFileSync(log, 'utf8').includes('DAEMON_ALREADY_RUNNING') && ++polls === 50) fs.writeFileSync(go, '');
        setTimeout(fn, 5);
        return { cancel() {} };
      },
    };
    const started = await start({ entry, home, env: process.env, clock });
    expect(started).toEqual({ pid: first.child.pid, alreadyRunning: true });
  });

  it('ends the one it started when another was first, so that it does not take over later', async () => {
    // Starts so slowly that it has not met the lock by the time the other one answers.
    const { home, entry, start } = await set(`console.log('pid', process.pid); setInterval(() => {}, 1000);`);
    const { log } = homePaths(home);
    const other = await set(DAEMON);
    const ours = (): number => Number(/pid (\d+)/.exec(fs.readFileSync(log, 'utf8'))?.[1] ?? 0);
    let first: Running | null = null;
    const clock = {
      now: () => 0,
      elapsed: () => 0,
      after(_ms: number, fn: () => void) {
        if (ours() > 0) first ??= run(other.entry, [], { ...process.env, TEAMMATE_SYNC_HOME: home });
        setTimeout(fn, 5);
        return { cancel() {} };
      },
    };
    const started = await start({ entry, home, env: process.env, clock });
    onTestFinished(() => kill(ours()));
    expect(started.alreadyRunning).toBe(true);
    expect(started.pid).not.toBe(ours());
    await until(() => isGone(ours()), { what: 'ours is ended' });
  });

  it.each<[how: string, source: string, says: RegExp]>([
    [
      'throws',
      `throw new RangeError('no such bootstrap');`,
      /ended with code 1; it said last: RangeError: no such bootstrap$/,
    ],
    [
      'logs why',
      `console.log(JSON.stringify({ msg: 'stopped', fields: { error: { message: 'bad key' } } })); process.exit(3);`,
      /ended with code 3; it said last: stopped: bad key$/,
    ],
    ['says nothing', 'process.exit(0);', /ended with code 0$/],
    ['is killed', `process.kill(process.pid, 'SIGKILL');`, /ended by SIGKILL$/],
    ['does not parse', `eval('syntax error');`, /SyntaxError: /],
  ])('tells the last words of one that %s', async (_how, source, says) => {
    const { home, entry, start } = await set(source);
    fs.mkdirSync(path.join(home, 'state'), { recursive: true, mode: 0o700 });
    fs.writeFileSync(homePaths(home).log, `${JSON.stringify({ msg: 'of an earlier run' })}\n`, { mode: 0o600 });
    await expect(start({ entry, home, env: process.env })).rejects.toMatchObject({
      code: 'DAEMON_DID_NOT_START',
      message: expect.stringMatching(says),
      details: { log: homePaths(home).log },
    });
  });

  it('ends one that does not answer in time', async () => {
    const { home, entry, start } = await set(`console.log('pid', process.pid); setInterval(() => {}, 1000);`);
    const log = homePaths(home).log;
    let now = 0;
    const clock = {
      now: () => 0,
      elapsed: () => now,
      after(_ms: number, fn: () => void) {
        // Its time is up once it is known to run.
        if (fs.readFileSync(log, 'utf8').includes('pid ')) now = 10_000;
        setTimeout(fn, 5);
        return { cancel() {} };
      },
    };
    const starting = start({ entry, home, env: process.env, timeoutMs: 10_000, clock });
    await expect(starting).rejects.toMatchObject({
      code: 'DAEMON_DID_NOT_START',
      message: expect.stringMatching(/did not answer within 10 s; it said last: pid \d+$/),
    });
    const pid = Number(/pid (\d+)/.exec(fs.readFileSync(log, 'utf8'))?.[1]);
    onTestFinished(() => kill(pid));
    await until(() => isGone(pid));
  });

  it('refuses a home that others can write to', async () => {
    const { home, entry, start } = await set(DAEMON);
    fs.mkdirSync(home);
    fs.chmodSync(home, 0o777);
    await expect(start({ entry, home, env: process.env })).rejects.toMatchObject({ code: 'UNSAFE_FILE' });
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it('comes to its end in a process that has nothing else to wait for, and leaves the daemon behind', async () => {
    const starter = `
      import { startDaemon } from './src/client/index.ts';
      const [, , entry, home] = process.argv;
      try { console.log('started', (await startDaemon({ entry, home, env: process.env })).pid); }
      catch (error) { console.log(error.code); }`;
    const failing = await set(`setTimeout(() => process.exit(1), 200);`);
    const bad = run(await bundle(starter, path.dirname(failing.home), 'starter'), [failing.entry, failing.home]);
    expect([await bad.exit, bad.output()]).toEqual([0, 'DAEMON_DID_NOT_START\n']);

    const good = await set(DAEMON);
    const parent = run(await bundle(starter, path.dirname(good.home), 'starter'), [good.entry, good.home]);
    expect(await parent.exit).toBe(0);
    const pid = Number(/started (\d+)/.exec(parent.output())?.[1]);
    onTestFinished(() => kill(pid));
    const client = createClient({ socketPath: homePaths(good.home).socket, version: '1.0.0' });
    expect((await client.call('status')).pid).toBe(pid);
  });
});
