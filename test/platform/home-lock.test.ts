import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireHomeLock } from '../../src/platform/home-lock.ts';
import { bundle, run, type Running } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

/** Takes the lock, says so, and stays until it is killed; or says with which error it was refused. */
const HOLDER = `
  import { acquireHomeLock } from './src/platform/home-lock.ts';
  import { spawn } from 'node:child_process';
  try {
    await acquireHomeLock(process.argv[2]);
    // A child that outlives its parent must not keep the lock.
    const child = process.argv[3] === 'with-child'
      ? spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true }) : null;
    console.log('held', child?.pid ?? '');
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.code, error.message);
  }
`;

async function holder(lock: string, script: string, ...args: string[]): Promise<Running> {
  const running = run(script, [lock, ...args]);
  await until(() => running.output().includes('held'), { what: 'the holder has the lock' });
  return running;
}

describe('home lock', () => {
  it('refuses a second process, naming the first, and lets it in when the first is killed', async () => {
    const dir = tempDir();
    const lock = path.join(dir, 'daemon.lock');
    const script = await bundle(HOLDER, dir);
    const first = await holder(lock, script);

    await expect(acquireHomeLock(lock)).rejects.toMatchObject({
      code: 'DAEMON_ALREADY_RUNNING',
      message: expect.stringContaining(`process ${first.child.pid} `),
    });
    const second = run(script, [lock]);
    expect(await second.exit).toBe(0);
    expect(second.output()).toContain(`DAEMON_ALREADY_RUNNING process ${first.child.pid} `);

    first.child.kill('SIGKILL');
    expect(await first.exit).toBe('SIGKILL');
    const mine = await acquireHomeLock(lock);
    mine.release();
  });

  it('does not live on in a child of the killed holder', async () => {
    const dir = tempDir();
    const lock = path.join(dir, 'daemon.lock');
    const first = await holder(lock, await bundle(HOLDER, dir), 'with-child');
    const grandchild = Number(/held (\d+)/.exec(first.output())?.[1]);
    onTestFinished(() => void process.kill(grandchild, 'SIGKILL'));
    first.child.kill('SIGKILL');
    await first.exit;
    expect(process.kill(grandchild, 0)).toBe(true);
    (await acquireHomeLock(lock)).release();
  });

  it('is per home and per open file: two homes in one process, one of each', async () => {
    const dir = tempDir();
    const [a, b] = [path.join(dir, 'a.lock'), path.join(dir, 'b.lock')];
    const lockA = await acquireHomeLock(a);
    const lockB = await acquireHomeLock(b);
    await expect(acquireHomeLock(a)).rejects.toMatchObject({ code: 'DAEMON_ALREADY_RUNNING' });
    // Reading it, as `status` or a person does, gives nothing away (a POSIX lock would be lost by the close).
    expect(JSON.parse(fs.readFileSync(a, 'utf8'))).toMatchObject({ pid: process.pid });
    await expect(acquireHomeLock(a)).rejects.toMatchObject({ code: 'DAEMON_ALREADY_RUNNING' });
    lockA.release();
    lockA.release();
    (await acquireHomeLock(a)).release();
    lockB.release();
  });

  it('says who holds it and since when, and nothing after release', async () => {
    const lock = path.join(tempDir(), 'daemon.lock');
    const at = Date.parse('2030-01-02T03:04:05Z');
    const clock = { now: () => at, elapsed: () => 0, after: () => ({ cancel() {} }) };
    const held = await acquireHomeLock(lock, clock);
    expect(JSON.parse(fs.readFileSync(lock, 'utf8'))).toEqual({
      pid: process.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      startedAt: '2030-01-02T03:04:05.000Z',
    });
    expect(fs.statSync(lock).mode & 0o777).toBe(0o600);
    held.release();
    expect(fs.readFileSync(lock, 'utf8')).toBe('');
  });

  it.each(['', 'not JSON', '{"pid":"x"}', '\0'.repeat(5000), '{"pid":1'])(
    'takes what a crash left: %j',
    async (left) => {
      const lock = path.join(tempDir(), 'daemon.lock');
      fs.writeFileSync(lock, left, { mode: 0o600 });
      const held = await acquireHomeLock(lock);
      expect(JSON.parse(fs.readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
      fs.writeFileSync(lock, left);
      await expect(acquireHomeLock(lock)).rejects.toMatchObject({
        message: expect.stringContaining('another process'),
      });
      held.release();
    },
  );

  it('refuses a lock file that others could hold or that leads elsewhere', async () => {
    const dir = tempDir();
    fs.writeFileSync(path.join(dir, 'open'), '');
    fs.chmodSync(path.join(dir, 'open'), 0o666);
    fs.symlinkSync(path.join(dir, 'open'), path.join(dir, 'link'));
    for (const name of ['open', 'link']) {
      await expect(acquireHomeLock(path.join(dir, name))).rejects.toMatchObject({ code: 'UNSAFE_FILE' });
    }
  });
});
