import { PassThrough, Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HookRequest } from '../../src/protocol/local-api.ts';
import { readOneJson } from '../../src/cli/hook-input.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { HOSTILE, SESSION_A } from './support/canned.ts';
import { deferred } from './support/deferred.ts';
import { fakeDaemon, setUpHome } from './support/fake-daemon.ts';
import { brokenStdout, openStdin, runCli } from './support/run-cli.ts';

const start = {
  hook_event_name: 'SessionStart',
  session_id: SESSION_A,
  transcript_path: '/home/alice/.claude/projects/x/1.jsonl',
  cwd: '/home/alice/webshop',
  source: 'resume',
  model: 'some-model',
};
const hookStdin = (): PassThrough => openStdin(JSON.stringify(start));
const silent = { code: 0, stdout: '', stderr: '' };

/** Longer than a test may take: what returns did not wait for it. */
const FOR_EVER_MS = 3_600_000;

describe('hook input', () => {
  it('is complete with its last brace, not with the end of the stream', async () => {
    const stdin = openStdin(JSON.stringify({ a: '}"\\', b: { c: [{}] } }));
    expect(await readOneJson(stdin, FOR_EVER_MS)).toEqual({ a: '}"\\', b: { c: [{}] } });
    expect(stdin.destroyed).toBe(true);
  });

  it('is given up at once when it is no object', async () => {
    await expect(readOneJson(openStdin(' hello'), FOR_EVER_MS)).rejects.toThrow('not JSON');
  });

  it('is not collected beyond its bound', async () => {
    const stdin = openStdin('{"a":"');
    const result = readOneJson(stdin, FOR_EVER_MS);
    stdin.write('x'.repeat(1024 * 1024));
    await expect(result).rejects.toThrow('too much');
    expect(stdin.destroyed).toBe(true);
  });
});

describe('hook', () => {
  it('hands on what the daemon needs, and says nothing', async () => {
    const daemon = await fakeDaemon({ hook: { message: null } });
    expect(
      await runCli(['hook'], { ...daemon, stdin: Readable.from([JSON.stringify(start)]), env: { CLAUDE_PID: '77' } }),
    ).toEqual(silent);
    const expected: HookRequest = {
      event: 'SessionStart',
      session: SESSION_A,
      transcriptPath: start.transcript_path,
      cwd: start.cwd,
      source: 'resume',
      reason: null,
      pid: 77,
    };
    expect(daemon.asked).toEqual([{ route: 'hook', handle: null, query: {}, body: expected }]);
  });

  it('names its parent when Claude Code does not name itself', async () => {
    const daemon = await fakeDaemon({ hook: { message: null } });
    const end = JSON.stringify({ hook_event_name: 'SessionEnd', session_id: SESSION_A, reason: 'clear' });
    for (const CLAUDE_PID of [undefined, '', '-1', '1; rm', '99999999999']) {
      await runCli(['hook'], { ...daemon, stdin: Readable.from([end]), env: { CLAUDE_PID } });
    }
    expect(daemon.asked).toHaveLength(5);
    for (const { body } of daemon.asked)
      expect(body).toMatchObject({ pid: 4242, reason: 'clear', cwd: '/work/proj', transcriptPath: '' });
  });

  it('does not wait for a stdin that stays open, nor for one that comes in pieces', async () => {
    const daemon = await fakeDaemon({ hook: { message: 'seen' } });
    const tricky = JSON.stringify({ ...start, prompt: String.raw`}}]] "\" { [ ünï` });
    const stdin = new PassThrough();
    const result = runCli(['hook'], { ...daemon, stdin });
    for (const byte of Buffer.from(tricky)) stdin.write(Buffer.of(byte));
    expect(await result).toEqual({ ...silent, stdout: '{"systemMessage":"seen"}\n' });
    expect(stdin.destroyed).toBe(true);
  });

  it('gives the message of the daemon, cleaned, on one line', async () => {
    const daemon = await fakeDaemon({ hook: { message: HOSTILE } });
    const { code, stdout } = await runCli(['hook'], { ...daemon, stdin: openStdin(JSON.stringify(start)) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{"systemMessage":".*"\}\n$/);
    expect(JSON.parse(stdout).systemMessage).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello world'],
    ['half an object', '{"hook_event_name":"SessionStart",'],
    ['another type', '[1,2,3]'],
    ['a bare word', 'null'],
    ['no session', JSON.stringify({ hook_event_name: 'SessionStart' })],
    ['a path as the session', JSON.stringify({ ...start, session_id: '../../x' })],
    ['too deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['too much', `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}`],
    ['a prototype', `{"__proto__":${JSON.stringify(start)}}`],
  ])('is silent about %s, and asks the daemon nothing', async (_what, text) => {
    const daemon = await fakeDaemon({ hook: { message: 'no' } });
    expect(await runCli(['hook'], { ...daemon, stdin: Readable.from([text]) })).toEqual(silent);
    expect(daemon.asked).toEqual([]);
  });

  it('gives up after a while on a stdin that says nothing and stays open', async () => {
    const daemon = await fakeDaemon({ hook: { message: 'no' } });
    expect(await runCli(['hook'], { ...daemon, stdin: openStdin('') })).toEqual(silent);
  });

  it('is silent when the daemon is down, slow, or refuses', async () => {
    expect(await runCli(['hook'], { home: setUpHome(), stdin: hookStdin() })).toEqual(silent);
    const slow = deferred<object>();
    const daemon = await fakeDaemon({ hook: () => slow.promise });
    expect(await runCli(['hook'], { ...daemon, stdin: hookStdin() })).toEqual(silent);
    slow.resolve({ message: 'late' });
    daemon.answers.hook = new TeammateSyncError('INTERNAL', 'broken');
    expect(await runCli(['hook'], { ...daemon, stdin: hookStdin() })).toEqual(silent);
    daemon.answers.hook = { message: 42 };
    expect(await runCli(['hook'], { ...daemon, stdin: hookStdin() })).toEqual(silent);
    expect(await runCli(['hook'], { home: 'relative', stdin: hookStdin() })).toEqual(silent);
  });

  it('is silent about a closed stdout', async () => {
    const daemon = await fakeDaemon({ hook: { message: 'seen' } });
    const stdin = openStdin(JSON.stringify(start));
    expect(await runCli(['hook'], { ...daemon, stdin, stdout: brokenStdout(0) })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('never fails, whatever it is given', async () => {
    const daemon = await fakeDaemon({ hook: { message: null } });
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .record({
          hook_event_name: fc.jsonValue(),
          session_id: fc.constantFrom(SESSION_A, 1, null),
          cwd: fc.jsonValue(),
        })
        .map((value) => Buffer.from(JSON.stringify(value))),
    );
    await fc.assert(
      fc.asyncProperty(input, async (bytes) => {
        expect(await runCli(['hook'], { ...daemon, stdin: Readable.from([bytes]) })).toEqual(silent);
      }),
      { numRuns: 100 },
    );
  });
});
