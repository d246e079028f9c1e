import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveSessions, type LiveSessions } from '../../src/capture/index.ts';
import type { ProcessTable } from '../../src/platform/process-table.ts';
import { LIVENESS_POLL_MS } from '../../src/protocol/limits.ts';
import type { HookRequest } from '../../src/protocol/local-api.ts';
import { ManualClock, useFolders } from './support.ts';

const folder = useFolders();
const A = 'aaaaaaaa-0000-4000-8000-000000000000';
const B = 'bbbbbbbb-0000-4000-8000-000000000000';
const running = new Set<LiveSessions>();
afterEach(() => {
  for (const live of running) live.stop();
  running.clear();
});

/** One machine: its processes, its clock, Claude Code's folder; and daemons that come and go on it. */
function machine() {
  const root = folder();
  const alive = new Map<number, string>();
  const clock = new ManualClock();
  const claudeConfigDir = join(root, 'claude');
  const statePath = join(root, 'sessions.json');
  let fails = false;
  const processes: ProcessTable = {
    startTime(pid) {
      if (fails) throw new Error('EMFILE');
      return alive.get(pid) ?? null;
    },
    parent: () => null,
  };
  const errors: unknown[] = [];

  function daemon() {
    const live = createLiveSessions({ clock, processes, statePath, claudeConfigDir, onError: (e) => errors.push(e) });
    running.add(live);
    const events: string[] = [];
    live.on('started', (c) => events.push(`started ${c.session[0]}`));
    live.on('ended', (e) => events.push(`ended ${e.session[0]} ${e.reason}`));
    live.start();
    return {
      live,
      /** Announcements since the last call, without those of mere changes. */
      events: () => events.splice(0),
      hook: (event: string, session: string, pid: number, more: Partial<HookRequest> = {}) =>
        live.onHook({
          event,
          session,
          pid,
          transcriptPath: `/p/${session}.jsonl`,
          cwd: '/work',
          source: null,
          reason: null,
          ...more,
        }),
      pids: () => Object.fromEntries(live.list().map((c) => [c.session[0], c.processes.map((p) => p.pid)])),
    };
  }

  const poll = (): Promise<void> => clock.advance(LIVENESS_POLL_MS);
  function register(pid: number, session: string, more: object = {}): void {
    const path = join(claudeConfigDir, 'sessions', `${pid}.json`);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(
      path,
      JSON.stringify({ pid, sessionId: session, cwd: '/reg', kind: 'interactive', entrypoint: 'cli', ...more }),
    );
  }
  return {
    alive,
    clock,
    claudeConfigDir,
    statePath,
    processes,
    errors,
    daemon,
    poll,
    register,
    fail: (on: boolean) => (fails = on),
  };
}

describe('hooks', () => {
  it('begin a conversation and end it once, with a reason', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1, { source: 'startup' });
    d.hook('SessionStart', A, 1, { source: 'compact' });
    d.hook('UserPromptSubmit', A, 1);
    expect(d.live.get(A)).toEqual({
      session: A,
      cwd: '/work',
      transcriptPath: `/p/${A}.jsonl`,
      startedAt: new Date(m.clock.now()).toISOString(),
      processes: [{ pid: 1, startTime: 's1' }],
    });
    d.hook('SessionEnd', A, 1, { reason: 'prompt_input_exit' });
    d.hook('SessionEnd', A, 1, { reason: 'other' });
    await m.poll();
    expect(d.events()).toEqual(['started a', 'ended a exit']);
    expect([d.live.list(), d.live.get(A)]).toEqual([[], null]);
  });

  it('any other event begins one, too', () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('UserPromptSubmit', A, 1);
    expect(d.events()).toEqual(['started a']);
  });

  it('of an unknown session, process or nonsense change nothing', () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionEnd', B, 1, { reason: 'other' });
    d.hook('SessionStart', A, 77);
    d.hook('SessionStart', '../../etc', 1);
    d.hook('SessionStart', 'AAAAAAAA-0000-4000-8000-000000000000', 1);
    expect(d.events()).toEqual([]);
    d.hook('SessionStart', A, 1, { transcriptPath: 'relative.jsonl' });
    d.hook('SessionEnd', B, 1, { reason: 'other' });
    expect(d.pids()).toEqual({ a: [1] });
    expect(d.live.get(A)?.transcriptPath).toBeNull();
  });

  it('a second process of the session neither begins nor ends it', () => {
    const m = machine();
    m.alive.set(1, 's1').set(2, 's2');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    d.hook('SessionStart', A, 2, { source: 'resume' });
    d.hook('SessionEnd', A, 2, { reason: 'other' });
    expect(d.events()).toEqual(['started a']);
    expect(d.pids()).toEqual({ a: [1] });
  });

  it.each(['end first', 'start first'])('/clear moves the process on, with the %s', (order) => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    d.events();
    const end = (): void => d.hook('SessionEnd', A, 1, { reason: 'clear' });
    if (order === 'end first') end();
    d.hook('SessionStart', B, 1, { source: 'clear' });
    if (order !== 'end first') end();
    // A hook of the old conversation that comes late.
    d.hook('Stop', A, 1);
    expect(d.events().sort()).toEqual(['ended a clear', 'started b']);
    expect(d.pids()).toEqual({ b: [1] });
  });

  it('going back to a conversation in the same process begins it again', () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    d.hook('SessionEnd', A, 1, { reason: 'resume' });
    d.hook('SessionStart', B, 1, { source: 'fork' });
    d.hook('SessionStart', A, 1, { source: 'resume' });
    expect(d.events()).toEqual(['started a', 'ended a resume', 'started b', 'started a', 'ended b resume']);
  });
});

describe('the process table', () => {
  it('ends a conversation whose process is gone, at the next poll', async () => {
    const m = machine();
    m.alive.set(1, 's1').set(2, 's2');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    d.hook('SessionStart', A, 2);
    m.alive.delete(1);
    await m.poll();
    expect(d.events()).toEqual(['started a']);
    m.alive.delete(2);
    await m.poll();
    await m.poll();
    expect(d.events()).toEqual(['ended a process-gone']);
  });

  it('ends one whose process id was given out again', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    m.alive.set(1, 'later');
    await m.poll();
    expect(d.events()).toEqual(['started a', 'ended a process-gone']);
  });

  it('ends none because it cannot be asked', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1);
    m.fail(true);
    await m.poll();
    expect(m.errors.length).toBeGreaterThan(0);
    m.fail(false);
    await m.poll();
    expect(d.events()).toEqual(['started a']);
    expect(d.pids()).toEqual({ a: [1] });
  });
});

describe('a restart of the daemon', () => {
  it('neither ends nor begins anything', async () => {
    const m = machine();
    m.alive.set(1, 's1').set(2, 's2');
    const first = m.daemon();
    first.hook('SessionStart', A, 1);
    first.hook('SessionStart', B, 2);
    first.hook('SessionEnd', B, 2, { reason: 'prompt_input_exit' });
    const before = first.live.list();
    first.live.stop();
    const second = m.daemon();
    await m.poll();
    expect(second.live.list()).toEqual(before);
    expect(second.events()).toEqual([]);
    expect(fs.statSync(m.statePath).mode & 0o777).toBe(0o600);
  });

  it('keeps what a hook exaggerates', () => {
    const m = machine();
    m.alive.set(1, 's1');
    const first = m.daemon();
    first.hook('SessionStart', A, 1, { cwd: 'c'.repeat(100_000), transcriptPath: `/${'p'.repeat(100_000)}` });
    first.live.stop();
    const second = m.daemon();
    expect(m.errors).toEqual([]);
    expect(second.live.get(A)?.transcriptPath).toBeNull();
    expect(second.live.get(A)?.cwd).toMatch(/^c+$/);
  });

  it('ends what died meanwhile, for listeners that come after start', async () => {
    const m = machine();
    m.alive.set(1, 's1').set(2, 's2');
    const first = m.daemon();
    first.hook('SessionStart', A, 1);
    first.hook('SessionStart', B, 2);
    first.live.stop();
    m.alive.delete(1);
    m.alive.set(2, 'another');

    // One that is stopped before it could tell leaves the telling to the next.
    const brief = m.daemon();
    brief.live.stop();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(brief.events()).toEqual([]);
    const second = m.daemon();
    expect(second.live.list()).toEqual([]);
    const late: string[] = [];
    second.live.on('ended', (e) => late.push(`${e.conversation.cwd} ${e.reason}`));
    await m.poll();
    expect(second.events()).toEqual(['ended a process-gone', 'ended b process-gone']);
    expect(late).toHaveLength(2);
    second.live.stop();
    const third = m.daemon();
    await m.poll();
    expect(third.events()).toEqual([]);
  });

  it.each(['', 'nonsense', '{"v":2,"sessions":[]}', '{"v":1,"sessions":[{"session":"x"}]}', '[]'])(
    'goes on with a state of %j',
    async (text) => {
      const m = machine();
      m.alive.set(1, 's1');
      fs.writeFileSync(m.statePath, text, { mode: 0o600 });
      const d = m.daemon();
      expect(m.errors).toHaveLength(1);
      d.hook('SessionStart', A, 1);
      d.live.stop();
      expect(m.daemon().live.list()).toHaveLength(1);
    },
  );

  it('a listener that throws, and a state that cannot be written, stop nobody', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const live = createLiveSessions({
      clock: m.clock,
      processes: m.processes,
      statePath: join(m.statePath, 'no', 'such'),
      claudeConfigDir: m.claudeConfigDir,
      onError: (e) => m.errors.push(e),
    });
    running.add(live);
    const heard: string[] = [];
    live.on('started', () => {
      throw new Error('listener');
    });
    const remove = live.on('started', (c) => heard.push(c.session));
    live.start();
    live.onHook({ event: 'SessionStart', session: A, pid: 1, transcriptPath: '', cwd: '', source: null, reason: null });
    expect(heard).toEqual([A]);
    expect(m.errors.length).toBe(2);
    remove();
    live.onHook({ event: 'SessionStart', session: B, pid: 1, transcriptPath: '', cwd: '', source: null, reason: null });
    expect(heard).toEqual([A]);
    live.stop();
    live.onHook({ event: 'SessionStart', session: A, pid: 1, transcriptPath: '', cwd: '', source: null, reason: null });
    expect(live.get(A)).toBeNull();
  });
});

describe('what Claude Code 2.1.330 does, as it was recorded', () => {
  const C = 'cccccccc-0000-4000-8000-000000000000';

  it('/clear, /branch and /exit: the registry lags behind the hooks, or is ahead of them', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    const settled = async (): Promise<string[]> => {
      await m.poll();
      await m.poll();
      return d.events();
    };
    d.hook('SessionStart', A, 1, { source: 'startup' });
    m.register(1, A);
    d.hook('UserPromptSubmit', A, 1, { prompt: 'own' });
    expect(await settled()).toEqual(['started a']);

    d.hook('SessionEnd', A, 1, { reason: 'clear' });
    m.register(1, B);
    d.hook('SessionStart', B, 1, { source: 'clear' });
    d.hook('UserPromptSubmit', B, 1, { prompt: 'other' });
    d.hook('Stop', B, 1);
    expect(await settled()).toEqual(['ended a clear', 'started b']);

    d.hook('SessionEnd', B, 1, { reason: 'resume' });
    d.hook('SessionStart', C, 1, { source: 'fork' });
    // Here the registry has the old one still, for tens of milliseconds or for as long as the machine is busy.
    expect(await settled()).toEqual(['ended b resume', 'started c']);
    m.register(1, C);
    expect(await settled()).toEqual([]);

    fs.rmSync(join(m.claudeConfigDir, 'sessions', '1.json'));
    d.hook('SessionEnd', C, 1, { reason: 'prompt_input_exit' });
    m.alive.delete(1);
    expect(await settled()).toEqual(['ended c exit']);
  });

  it('claude -p --resume of a session that is open elsewhere calls itself interactive, and ends nothing', async () => {
    const m = machine();
    m.alive.set(1, 's1').set(2, 's2');
    const d = m.daemon();
    d.hook('SessionStart', A, 1, { source: 'startup' });
    m.register(1, A);
    d.hook('SessionStart', A, 2, { source: 'resume' });
    m.register(2, A, { entrypoint: 'sdk-cli' });
    await m.poll();
    expect(d.pids()).toEqual({ a: [1, 2] });
    fs.rmSync(join(m.claudeConfigDir, 'sessions', '2.json'));
    d.hook('SessionEnd', A, 2, { reason: 'other' });
    m.alive.delete(2);
    await m.poll();
    expect([d.events(), d.pids()]).toEqual([['started a'], { a: [1] }]);

    // A copy of it is a conversation of its own.
    m.alive.set(3, 's3');
    d.hook('SessionStart', B, 3, { source: 'fork' });
    m.register(3, B);
    await m.poll();
    d.hook('SessionEnd', B, 3, { reason: 'prompt_input_exit' });
    expect([d.events(), d.pids()]).toEqual([['started b', 'ended b exit'], { a: [1] }]);
    // claude mcp list
    d.hook('SessionEnd', C, 4, { reason: 'other' });
    expect(d.events()).toEqual([]);
  });

  it('a share-keeping process that was killed is not replaced by one that got its id', async () => {
    const m = machine();
    m.alive.set(1, 's1');
    const d = m.daemon();
    d.hook('SessionStart', A, 1, { source: 'startup' });
    m.register(1, A, { status: 'busy' });
    m.alive.set(1, 'of another process');
    m.processes.startedAt = () => Date.now() + 60_000;
    await m.poll();
    await m.poll();
    expect([d.events(), d.pids()]).toEqual([['started a', 'ended a process-gone'], {}]);
  });
});
