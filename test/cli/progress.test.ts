/** Long work at a terminal: numbers that move and go away. Piped: nothing of it. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ShareSummary } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import {
  inboxSession,
  personResponse,
  SESSION_A,
  sessionEvent,
  shareResponse,
  status,
  turnEvent,
} from './support/canned.ts';
import { deferred } from './support/deferred.ts';
import { fakeDaemon, type ReadStream } from './support/fake-daemon.ts';
import { runCli, startCli } from './support/run-cli.ts';

const TAKEN_BACK = /\r\u001b\[K$/;
const env = { NO_COLOR: '1' };
const share: ShareSummary = {
  session: SESSION_A,
  project: 'webshop',
  title: null,
  turns: 5,
  read: 0.345,
  recipients: [],
};
const readable = (fetched: number, turns: number) => [{ ...inboxSession(SESSION_A), handle: 'Marie', fetched, turns }];

describe('share', () => {
  it('shows how much of the transcript is read, until the answer comes', async () => {
    const answer = deferred<object>();
    const daemon = await fakeDaemon({ status: { ...status, shares: [share] }, share: () => answer.promise });
    const cli = startCli(['share', 'marie'], { ...daemon, terminal: 80, env });
    await until(() => cli.stderr().includes('reading webshop: 34 %'));
    answer.resolve(shareResponse);
    const { code, stdout, stderr } = await cli.result;
    expect(code).toBe(0);
    expect(stderr).toMatch(TAKEN_BACK);
    expect(stdout).not.toContain('is read');
  });

  it('says when the answer was not the whole, and what to type to see the rest', async () => {
    const daemon = await fakeDaemon({ status, share: { ...shareResponse, turns: 12_345, read: 0.345 } });
    const { stdout, stderr } = await runCli(['share', 'marie'], daemon);
    expect(stdout).toContain('12,345 turns since');
    expect(stdout).toContain(
      'So far 34 % of the transcript is read; the rest follows by itself. Watch it: teammate-sync shared',
    );
    expect(stderr).toBe('');
  });

  it('is quiet where nobody looks on, however long it takes', async () => {
    const time = steerIntervals();
    const answer = deferred<object>();
    const daemon = await fakeDaemon({ status: { ...status, shares: [share] }, share: () => answer.promise });
    const cli = startCli(['share', 'marie'], daemon);
    await until(() => daemon.asked.some(({ route }) => route === 'share'));
    time.pass(5000);
    // What was asked before this is answered before it.
    await runCli(['whoami'], daemon);
    answer.resolve(shareResponse);
    expect((await cli.result).stderr).toBe('');
    expect(daemon.asked.filter(({ route }) => route === 'status')).toHaveLength(1);
  });
});

describe('accept', () => {
  it('shows it come, and says how much there is when all is here', async () => {
    const daemon = await fakeDaemon({ accept: personResponse('marie', { sessions: [SESSION_A] }) });
    daemon.answers.status = { ...status, readable: readable(12_345, 48_711) };
    const cli = startCli(['accept', 'marie'], { ...daemon, terminal: 80, env });
    await until(() => cli.stderr().includes('fetching: 12,345 of 48,711 turns (25 %)'));
    daemon.answers.status = { ...status, readable: readable(48_711, 48_711) };
    const { stdout, stderr } = await cli.result;
    expect(stderr).toMatch(TAKEN_BACK);
    expect(stdout).toContain('1 session of theirs, 48,711 turns: read with teammate-sync show marie');
  });

  it('does not wait for all of it', async () => {
    const daemon = await fakeDaemon({
      accept: personResponse('marie', { sessions: [SESSION_A] }),
      status: { ...status, readable: readable(12_345, 48_711) },
    });
    const { stdout } = await runCli(['accept', 'marie'], { ...daemon, terminal: 80, env });
    expect(stdout).toContain('1 session of theirs, 12,345 of 48,711 turns here, the rest is coming: read with');
  });

  it('asks for nothing more where nobody looks on', async () => {
    const daemon = await fakeDaemon({ accept: personResponse('marie', { sessions: [SESSION_A] }) });
    const { stdout } = await runCli(['accept', 'marie'], daemon);
    expect(stdout).toContain('1 session of theirs: read with');
    expect(daemon.asked.map(({ route }) => route)).toEqual(['accept']);
  });
});

describe('show', () => {
  it('shows what is fetched while nothing comes, takes it away before the next turn, and goes on', async () => {
    const stream = deferred<ReadStream>();
    const daemon = await fakeDaemon({
      status: { ...status, readable: readable(12_345, 48_711) },
      read: (opened) => stream.resolve(opened),
    });
    const cli = startCli(['show', 'marie', SESSION_A.slice(0, 4)], { ...daemon, terminal: 80, env });
    const opened = await stream.promise;
    opened.send(sessionEvent(), turnEvent(1));
    await until(() => cli.stderr().includes('fetching: 12,345 of 48,711 turns (25 %)'));
    opened.send(turnEvent(2));
    await until(() => cli.stdout().includes('words of line 2'));
    opened.send({ type: 'missing', turns: 36_366, coming: true }, { type: 'caughtUp' });
    opened.end();
    const { code, stderr } = await cli.result;
    expect(code).toBe(0);
    expect(stderr).toMatch(/\r\u001b\[Knote: 36,366 turns still on the way; -f goes on as they come\n$/);
  });

  it('is quiet once all is shown, however long nothing is said', async () => {
    const time = steerIntervals();
    const stream = deferred<ReadStream>();
    const daemon = await fakeDaemon({ status, read: (opened) => stream.resolve(opened) });
    const cli = startCli(['show', 'marie', SESSION_A, '-f'], { ...daemon, terminal: 80, env });
    const opened = await stream.promise;
    opened.send(sessionEvent(), turnEvent(1));
    await until(() => cli.stdout().includes('words of line 1'));
    time.pass(600);
    await until(() => daemon.asked.some(({ route }) => route === 'status'));
    opened.send({ type: 'caughtUp' }, turnEvent(2));
    await until(() => cli.stdout().includes('words of line 2'));
    const asked = daemon.asked.length;
    time.pass(60_000);
    opened.send(turnEvent(3));
    await until(() => cli.stdout().includes('words of line 3'));
    expect(daemon.asked.length).toBe(asked);
    cli.signal('SIGINT');
    expect((await cli.result).code).toBe(0);
  });
});

/** Progress is looked at in intervals of a time that the test passes; everything else goes on by itself. */
function steerIntervals(): { pass(ms: number): void } {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const real = performance.now.bind(performance);
  let passed = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => real() + passed);
  onTestFinished(() => {
    vi.useRealTimers();
    spy.mockRestore();
  });
  return {
    pass(ms) {
      passed += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}
