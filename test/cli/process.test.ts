/** The bundled program as its own process: real pipes, real exit codes. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeTempDir, tempDir } from '../support/tmp-dir.ts';
import { inboxSession, SESSION_A, sessionEvent, turnEvent } from './support/canned.ts';
import { fakeDaemon, setUpHome } from './support/fake-daemon.ts';

const root = path.resolve(import.meta.dirname, '../..');
const dist = makeTempDir();
const program = path.join(dist.path, 'teammate-sync.cjs');
let inputs: string[] = [];

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: [path.join(root, 'bin/teammate-sync.ts')],
    absWorkingDir: root,
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    metafile: true,
    logLevel: 'error',
  });
  inputs = Object.keys(metafile.inputs);
  fs.copyFileSync(
    path.join(import.meta.dirname, 'support/stub-daemon.mjs'),
    path.join(dist.path, 'teammate-syncd.mjs'),
  );
});
afterAll(() => dist.remove());

interface Ended {
  code: number | string;
  stdout: string;
  stderr: string;
}

function start(
  argv: string[],
  home: string,
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcessWithoutNullStreams; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env['PATH'], TEAMMATE_SYNC_HOME: home, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => {});
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? '?', stdout, stderr }));
  });
  return { child, ended };
}

it('holds nothing but the command line, the client and what they may import', () => {
  expect(inputs).toContain('bin/teammate-sync.ts');
  const allowed = /^(bin\/teammate-sync\.ts|src\/errors\.ts|src\/(cli|client|platform|protocol)\/.*)$/;
  expect(inputs.filter((file) => !allowed.test(file))).toEqual([]);
});

describe('the process', () => {
  it('prints and ends with the exit code', async () => {
    expect(await start(['--version'], tempDir()).ended).toEqual({
      code: 0,
      stdout: 'teammate-sync 0.1.0\n',
      stderr: '',
    });
    expect(await start(['status'], setUpHome()).ended).toMatchObject({ code: 3, stdout: '' });
    expect(await start(['status'], tempDir()).ended).toMatchObject({ code: 4, stdout: '' });
    expect(await start(['nonsense'], tempDir()).ended).toMatchObject({ code: 2, stdout: '' });
  });

  it('ends quietly with 0 when its pipe is closed in the middle of a long output', async () => {
    const text = 'x'.repeat(10_000);
    const many = Array.from({ length: 500 }, (_, i) => turnEvent(i + 1, { content: [{ type: 'text', text }] }));
    const daemon = await fakeDaemon({
      inbox: { handle: 'marie', sessions: [inboxSession(SESSION_A)] },
      read: [sessionEvent(), ...many, { type: 'caughtUp' }],
    });
    const { child, ended } = start(['show', 'marie'], daemon.home);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints a long output whole', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => turnEvent(i + 1));
    const daemon = await fakeDaemon({ read: [sessionEvent(), ...many, { type: 'caughtUp' }] });
    const { code, stdout } = await start(['show', 'marie', '1f', '--raw'], daemon.home).ended;
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(3001);
  });

  it('follows until Ctrl-C', async () => {
    const daemon = await fakeDaemon({
      read: (stream) => stream.send(sessionEvent(), turnEvent(1), { type: 'caughtUp' }),
    });
    const { child, ended } = start(['show', 'marie', '1f', '-f'], daemon.home);
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('words of line 1') && child.kill('SIGINT'));
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('finds the daemon beside it', async () => {
    expect(await start(['daemon'], setUpHome(), { STUB_RUN_EXIT: '4' }).ended).toMatchObject({ code: 4 });
  });

  it('is not kept alive by a hook stdin that stays open', async () => {
    const daemon = await fakeDaemon({ hook: { message: 'seen' } });
    const { child, ended } = start(['hook'], daemon.home);
    child.stdin.write(JSON.stringify({ hook_event_name: 'SessionStart', session_id: SESSION_A }));
    expect(await ended).toEqual({ code: 0, stdout: '{"systemMessage":"seen"}\n', stderr: '' });
    expect(daemon.asked[0]?.body).toMatchObject({ pid: process.pid });
    expect(child.stdin.writableEnded).toBe(false);
    expect(await start(['hook'], daemon.home).ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
