import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openClaudeRegistry } from '../../src/capture/claude-registry.ts';
import { createLiveSessions, type LiveSessions } from '../../src/capture/index.ts';
import type { ProcessTable } from '../../src/platform/process-table.ts';
import { LIVENESS_POLL_MS } from '../../src/protocol/limits.ts';
import type { HookRequest } from '../../src/protocol/local-api.ts';
import { ManualClock, useFolders } from './support.ts';

const folder = useFolders();
const A = 'aaaaaaaa-0000-4000-8000-000000000000';
const B = 'bbbbbbbb-0000-4000-8000-000000000000';
const C = 'cccccccc-0000-4000-8000-000000000000';
const running = new Set<LiveSessions>();
afterEach(() => {
  for (const live of running) live.stop();
  running.clear();
});

const hook = (live: LiveSessions, event: string, session: string, more: Partial<HookRequest> = {}): void =>
  live.onHook({
    event,
    session,
    pid: 1,
    transcriptPath: `/p/${session}.jsonl`,
    cwd: '/work',
    source: null,
    reason: null,
    ...more,
  });

function machine() {
  const root = folder();
  const config = join(root, 'claude');
  const alive = new Map<number, string>([[1, 's1']]);
  const startedAt = new Map<number, number>();
  const clock = new ManualClock();
  const processes: ProcessTable = {
    startTime: (pid) => alive.get(pid) ?? null,
    parent: () => null,
    startedAt: (pid) => startedAt.get(pid) ?? null,
  };
  const events: string[] = [];

  function start(): LiveSessions {
    const live = createLiveSessions({ clock, processes, statePath: join(root, 'state.json'), claudeConfigDir: config });
    running.add(live);
    live.on('started', (c) => events.push(`started ${c.session[0]}`));
    live.on('ended', (e) => events.push(`ended ${e.session[0]} ${e.reason}`));
    live.start();
    return live;
  }
  function put(name: string, text: string): void {
    const path = join(config, 'sessions', name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
  }
  const register = (pid: number, sessionId: string, more: object = {}): void =>
    put(
      `${pid}.json`,
      JSON.stringify({ pid, sessionId, cwd: '/reg', kind: 'interactive', entrypoint: 'cli', status: 'idle', ...more }),
    );
  const poll = async (): Promise<string[]> => {
    await clock.advance(LIVENESS_POLL_MS);
    return events.splice(0);
  };
  return { config, alive, startedAt, clock, start, put, register, poll };
}

describe('the registry of Claude Code', () => {
  it('tells of conversations that no hook told of, at the start and later', async () => {
    const m = machine();
    m.alive.set(2, 's2');
    m.register(1, A);
    const live = m.start();
    m.register(2, B);
    expect(await m.poll()).toEqual(['started a', 'started b']);
    expect(live.get(A)).toMatchObject({
      cwd: '/reg',
      transcriptPath: null,
      processes: [{ pid: 1, startTime: 's1', kind: 'interactive', entrypoint: 'cli' }],
    });
    m.alive.delete(1);
    expect(await m.poll()).toEqual(['ended a process-gone']);
  });

  it('finds the transcript by the name of the file, when it appears', async () => {
    const m = machine();
    m.register(1, A);
    const live = m.start();
    const changes: (string | null)[] = [];
    live.on('changed', (c) => changes.push(c.transcriptPath));
    await m.poll();
    const path = join(m.config, 'projects', 'any-folder-at-all', `${A}.jsonl`);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.mkdirSync(join(m.config, 'projects', 'other', `${A}.jsonl`), { recursive: true });
    fs.writeFileSync(join(m.config, 'projects', 'plain-file'), '');
    fs.writeFileSync(path, '');
    await m.clock.advance(40 * LIVENESS_POLL_MS);
    expect(changes).toEqual([path]);
    expect(live.get(A)?.transcriptPath).toBe(path);
  });

  it('adds what it knows to what a hook told', async () => {
    const m = machine();
    const live = m.start();
    hook(live, 'SessionStart', A);
    expect(live.get(A)?.processes).toEqual([{ pid: 1, startTime: 's1' }]);
    m.register(1, A, { kind: 'background', entrypoint: 'sdk-cli' });
    expect(await m.poll()).toEqual(['started a']);
    expect(live.get(A)?.processes[0]).toMatchObject({ kind: 'background', entrypoint: 'sdk-cli' });
    expect(live.get(A)?.cwd).toBe('/work');
  });

  it('shows that a process moved on, when no hook did', async () => {
    const m = machine();
    const live = m.start();
    m.register(1, A);
    hook(live, 'SessionStart', A);
    m.register(1, B);
    expect(await m.poll()).toEqual(['started a', 'started b', 'ended a moved']);
    m.register(1, A);
    expect(await m.poll()).toEqual(['started a', 'ended b moved']);
  });

  it('shows so also after a restart', async () => {
    const m = machine();
    const first = m.start();
    hook(first, 'SessionStart', A);
    first.stop();
    m.register(1, B);
    const second = m.start();
    expect(second.list().map((c) => c.session)).toEqual([B]);
    expect(await m.poll()).toEqual(['started a', 'started b', 'ended a moved']);
  });

  it('does not undo a hook by lagging behind it', async () => {
    const m = machine();
    const live = m.start();
    m.register(1, A);
    hook(live, 'SessionStart', A);
    await m.poll();
    hook(live, 'SessionEnd', A, { reason: 'clear' });
    hook(live, 'SessionStart', B, { source: 'clear' });
    m.register(1, A, { status: 'busy' });
    expect(await m.poll()).toEqual(['ended a clear', 'started b']);
    fs.rmSync(join(m.config, 'sessions', '1.json'));
    await m.poll();
    m.register(1, A, { status: 'idle' });
    expect(await m.poll()).toEqual([]);
    m.register(1, B);
    expect(await m.poll()).toEqual([]);
    expect(live.list().map((c) => c.session)).toEqual([B]);
  });

  it('does not bring back a conversation that just ended', async () => {
    const m = machine();
    const live = m.start();
    m.register(1, A);
    hook(live, 'SessionStart', A);
    hook(live, 'SessionEnd', A, { reason: 'prompt_input_exit' });
    expect(await m.poll()).toEqual(['started a', 'ended a exit']);
    expect(await m.poll()).toEqual([]);

    const other = machine();
    const late = other.start();
    hook(late, 'SessionStart', A);
    hook(late, 'SessionEnd', A, { reason: 'prompt_input_exit' });
    other.register(1, A);
    expect(await other.poll()).toEqual(['started a', 'ended a exit']);
  });

  it('is not believed about a process that is younger than its file', async () => {
    const m = machine();
    m.register(1, A);
    m.startedAt.set(1, Date.now() + 60_000);
    m.start();
    expect(await m.poll()).toEqual([]);
    m.startedAt.set(1, Date.now() - 60_000);
    expect(await m.poll()).toEqual(['started a']);
  });

  it('is judged once for as long as neither the file nor the process is another', async () => {
    const m = machine();
    m.register(1, A);
    let asked = 0;
    m.startedAt.get = () => {
      asked++;
      return 0;
    };
    m.start();
    expect([await m.poll(), asked]).toEqual([['started a'], 1]);
    await m.poll();
    expect(asked).toBe(1);
    // The same id as another process, and the file that the first one left behind.
    m.alive.set(1, 's2');
    m.startedAt.get = () => Date.now() + 60_000;
    expect([await m.poll(), await m.poll()]).toEqual([['ended a process-gone'], []]);
  });

  it('is parsed only when its file changed', () => {
    const m = machine();
    const registry = openClaudeRegistry(m.config);
    const path = join(m.config, 'sessions', '1.json');
    m.register(1, A);
    fs.utimesSync(path, 1000, 1000);
    const first = registry.entry(1);
    expect(registry.entries()[0]).toBe(first);
    m.register(1, B);
    fs.utimesSync(path, 2000, 2000);
    expect([first?.session, registry.entry(1)?.session]).toEqual([A, B]);
  });

  it('is parsed again when it was written within the last tick of the file clock', () => {
    const m = machine();
    const now = new Date();
    const registry = openClaudeRegistry(m.config, () => now.getTime() + 50);
    const path = join(m.config, 'sessions', '1.json');
    for (const session of [A, B, A]) {
      m.register(1, session);
      fs.utimesSync(path, now, now);
      expect(registry.entry(1)?.session).toBe(session);
    }
  });

  it('counts only interactive conversations', async () => {
    const m = machine();
    m.alive.set(2, 's2').set(3, 's3');
    m.register(1, A, { kind: 'print' });
    m.register(2, B, { kind: undefined });
    m.start();
    expect(await m.poll()).toEqual(['started b']);
  });

  it('changes nothing by garbage, and its secrets are not opened', async () => {
    const m = machine();
    const live = m.start();
    hook(live, 'SessionStart', A);
    m.alive.set(2, 's2').set(3, 's3').set(4, 's4').set(5, 's5').set(6, 's6').set(7, 's7');
    m.put('1.json', '{"pid":1,"sessionId":"bbbbb');
    m.put('2.json', '[]');
    m.put('3.json', JSON.stringify({ pid: 4, sessionId: B }));
    m.put('4.json', JSON.stringify({ pid: 4, sessionId: '../x' }));
    m.put('5.json', `{"pid":5,"sessionId":"${B}","pad":"${'x'.repeat(70_000)}"}`);
    m.put('6.json.tmp', JSON.stringify({ pid: 6, sessionId: B }));
    m.put('pid-7.json', JSON.stringify({ pid: 7, sessionId: B }));
    m.put('6.key', 'secret');
    fs.mkdirSync(join(m.config, 'sessions', '6.json'));
    const read = fs.statSync(join(m.config, 'sessions', '6.key')).atimeMs;
    expect(await m.poll()).toEqual(['started a']);
    m.register(1, C);
    expect(await m.poll()).toEqual(['started c', 'ended a moved']);
    expect(fs.statSync(join(m.config, 'sessions', '6.key')).atimeMs).toBe(read);
  });
});
