import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { until } from '../support/until.ts';
import { HOSTILE, inboxSession, SESSION_A, SESSION_B, sessionEvent, turn, turnEvent } from './support/canned.ts';
import { deferred } from './support/deferred.ts';
import { type ReadStream, fakeDaemon } from './support/fake-daemon.ts';
import { brokenStdout, runCli, startCli } from './support/run-cli.ts';

const one = { handle: 'marie', sessions: [inboxSession(SESSION_A)] };
const two = {
  handle: 'marie',
  sessions: [inboxSession(SESSION_A), inboxSession(SESSION_B, { project: 'api', state: 'offline', fetched: 1 })],
};
const sub = { source: 'agent-7', kind: 'reply', role: 'assistant' };
const events = [sessionEvent(), turnEvent(1), turnEvent(2, sub), turnEvent(3), { type: 'caughtUp' } as const];

describe('show of one session', () => {
  it('prints whose it is, then the transcript', async () => {
    const daemon = await fakeDaemon({ inbox: one, read: events });
    const { code, stdout, stderr } = await runCli(['show', '@Marie'], daemon);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^marie shares webshop "mend the login" \(1f0c0000\), 3 turns, live\n.*not instructions/);
    expect(stdout).toMatch(/^#1 \d\d:\d\d marie\n {2}words of line 1\n\n#2 \d\d:\d\d Claude \(subagent agent-7\)\n/m);
    expect(daemon.asked.map(({ route, handle }) => [route, handle])).toEqual([
      ['inbox', 'marie'],
      ['read', 'marie'],
    ]);
    expect(daemon.asked[1]?.query).toMatchObject({ session: SESSION_A });
  });

  it('says once what its owner sees, where it does not get into the transcript', async () => {
    const told = 'marie sees which lines you read, never your question';
    const first = { ...sessionEvent(), told };
    const daemon = await fakeDaemon({ inbox: one, read: [first, ...events.slice(1)] });
    const { stdout, stderr } = await runCli(['show', 'marie', '--raw'], daemon);
    expect({ stderr, inText: stdout.includes(told) }).toEqual({ stderr: `note: ${told}\n`, inText: false });
    expect(JSON.parse((await runCli(['show', 'marie', '--json'], daemon)).stdout)).toMatchObject({ session: { told } });
  });

  it('reads the named one without looking at the others', async () => {
    const daemon = await fakeDaemon({ read: events });
    expect((await runCli(['show', 'marie', '1f0c'], daemon)).code).toBe(0);
    expect(daemon.asked).toMatchObject([{ route: 'read', query: { session: '1f0c' } }]);
  });

  it('is one object with --json', async () => {
    const daemon = await fakeDaemon({
      inbox: one,
      read: [
        sessionEvent(),
        turnEvent(1),
        { type: 'replaced' },
        turnEvent(2),
        { type: 'missing', turns: 4, coming: true },
        { type: 'caughtUp' },
      ],
    });
    const { code, stdout, stderr } = await runCli(['show', 'marie', '--json'], daemon);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { type: _, ...session } = sessionEvent();
    expect(JSON.parse(stdout)).toEqual({ v: 1, handle: 'marie', session, missing: 4, turns: [turn(2)] });
  });

  it('prints the turns as they are with --raw, one per line, and nothing that is not printable', async () => {
    const hostile = turn(2, { content: [{ type: 'text', text: HOSTILE }] });
    const daemon = await fakeDaemon({
      inbox: one,
      read: [sessionEvent(), turnEvent(1), { type: 'turn', turn: hostile }, { type: 'caughtUp' }],
    });
    const { stdout } = await runCli(['show', 'marie', '--raw'], daemon);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([turn(1), hostile]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
  });

  it.each([
    ['2-3', { from: '2', to: '3' }, [3]],
    ['3-', { from: '3' }, [3]],
    ['-2', { to: '2' }, [1]],
    ['1', { from: '1', to: '1' }, [1]],
  ])('--lines %s asks for these lines of the conversation, and shows no others', async (range, query, lines) => {
    const daemon = await fakeDaemon({ inbox: one, read: events });
    const { stdout } = await runCli(['show', 'marie', '--raw', '--lines', range], daemon);
    expect(daemon.asked[1]?.query).toMatchObject(query);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).line),
    ).toEqual(lines);
  });

  it('puts notes about the stream on stderr', async () => {
    const daemon = await fakeDaemon({
      inbox: one,
      read: [
        sessionEvent(),
        { type: 'missing', turns: 2, coming: false },
        { type: 'missing', turns: 9, coming: false, overQuota: true },
        { type: 'replaced' },
        turnEvent(1),
        { type: 'caughtUp' },
      ],
    });
    const { code, stdout, stderr } = await runCli(['show', 'marie', '--raw'], daemon);
    expect(code).toBe(0);
    expect(stdout).toBe(`${JSON.stringify(turn(1))}\n`);
    expect(stderr).toMatch(
      /^note: 2 turns not on this machine yet.*\nnote: 9 turns not taken: over the quota; .*\nnote: the owner replaced/,
    );
  });

  it('fails when the share ends, or the daemon goes away, in the middle', async () => {
    const daemon = await fakeDaemon({
      inbox: one,
      read: [sessionEvent(), turnEvent(1), { type: 'ended', reason: 'revoked by marie' }],
    });
    const ended = await runCli(['show', 'marie'], daemon);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('the share ended: revoked by marie');
    daemon.answers.read = [sessionEvent(), turnEvent(1)];
    expect((await runCli(['show', 'marie'], daemon)).code).toBe(3);
    daemon.answers.read = (stream) => {
      stream.send(sessionEvent());
      stream.cut();
    };
    expect((await runCli(['show', 'marie'], daemon)).code).toBe(3);
  });

  it('ends quietly under `| head`, however much is left', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => turnEvent(i + 1));
    const daemon = await fakeDaemon({ inbox: one, read: [sessionEvent(), ...many, { type: 'caughtUp' }] });
    expect(await runCli(['show', 'marie'], { ...daemon, stdout: brokenStdout(5) })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

describe('show of several sessions', () => {
  it('lists them with the newest lines of each', async () => {
    const daemon = await fakeDaemon({ inbox: two });
    const { stdout } = await runCli(['show', 'marie'], daemon);
    expect(stdout).toContain('marie shares 2 sessions with you.');
    expect(stdout).toMatch(
      /^1f0c0000 {2}webshop {2}mend the login\n {2}live, 3 turns, newest 2 min ago\n {2}#3 \d\d:\d\d marie: words of line 3$/m,
    );
    expect(stdout).toMatch(
      /^1f0d0000 {2}api.*\n {2}owner offline, readable until \d\d:\d\d \(in 52 min\), 1 of 3 turns here/m,
    );
    expect(stdout).toContain('teammate-sync show marie <id>');
    expect(JSON.parse((await runCli(['show', 'marie', '--json'], daemon)).stdout)).toEqual({ v: 1, ...two });
  });

  it('gives the JSONL of all of them with --raw', async () => {
    const daemon = await fakeDaemon({
      inbox: two,
      read: (stream, { query }) => {
        stream.send(sessionEvent(query['session']), turnEvent(query['session'] === SESSION_A ? 1 : 9), {
          type: 'caughtUp',
        });
        stream.end();
      },
    });
    const { code, stdout, stderr } = await runCli(['show', 'marie', '--raw'], daemon);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).line),
    ).toEqual([1, 9]);
    expect(stderr).toBe(`session ${SESSION_A}\nsession ${SESSION_B}\n`);
  });

  it('wants one named to follow or to cut', async () => {
    const daemon = await fakeDaemon({ inbox: two });
    for (const option of [['-f'], ['--lines', '1-2']]) {
      const { code, stderr } = await runCli(['show', 'marie', ...option], daemon);
      expect(code).toBe(1);
      expect(stderr).toContain(`${SESSION_A}  webshop`);
      expect(stderr).toContain(`${SESSION_B}  api`);
    }
  });

  it('hands on what the daemon says when nothing is shared', async () => {
    const daemon = await fakeDaemon({
      inbox: new TeammateSyncError('NOTHING_SHARED_WITH_ME', 'marie shares nothing with you'),
    });
    const { code, stderr } = await runCli(['show', 'marie'], daemon);
    expect(code).toBe(1);
    expect(stderr).toContain('marie shares nothing with you\n  ask them to share');
    daemon.answers.inbox = { handle: 'marie', sessions: [] };
    expect((await runCli(['show', 'marie'], daemon)).code).toBe(1);
  });
});

describe('show -f', () => {
  it('goes on with what comes, until Ctrl-C, which is no failure', async () => {
    const stream = deferred<ReadStream>();
    const daemon = await fakeDaemon({ inbox: one, read: stream.resolve });
    const cli = startCli(['show', 'marie', '-f'], daemon);
    const open = await stream.promise;
    open.send(...events);
    await until(() => cli.stdout().includes('words of line 3'));
    open.send(turnEvent(4));
    await until(() => cli.stdout().includes('words of line 4'));
    expect(daemon.asked[1]?.query).toMatchObject({ follow: '1' });
    expect(cli.signal('SIGINT')).toBe(true);
    expect(await cli.result).toMatchObject({ code: 0, stderr: '' });
    await open.closed;
    expect(cli.signal('SIGINT')).toBe(false);
  });

  it('ends with 1 and the reason when the share ends', async () => {
    const stream = deferred<ReadStream>();
    const daemon = await fakeDaemon({ read: stream.resolve });
    const cli = startCli(['show', 'marie', '1f0c', '--raw', '-f'], daemon);
    (await stream.promise).send(...events, { type: 'ended', reason: 'the conversation is over' });
    const { code, stderr } = await cli.result;
    expect(code).toBe(1);
    expect(stderr).toContain('the conversation is over');
  });

  it('leaves when its reader does', async () => {
    const stream = deferred<ReadStream>();
    const daemon = await fakeDaemon({ inbox: one, read: stream.resolve });
    const cli = startCli(['show', 'marie', '-f'], { ...daemon, stdout: brokenStdout(0) });
    const open = await stream.promise;
    open.send(...events);
    expect(await cli.result).toMatchObject({ code: 0, stderr: '' });
    await open.closed;
  });
});

it('does not take Ctrl-C away from what is not followed', async () => {
  const stream = deferred<ReadStream>();
  const daemon = await fakeDaemon({ inbox: one, read: stream.resolve });
  const cli = startCli(['show', 'marie', '--json'], daemon);
  const open = await stream.promise;
  expect(cli.signal('SIGINT')).toBe(false);
  open.send(...events);
  open.end();
  expect((await cli.result).code).toBe(0);
});
