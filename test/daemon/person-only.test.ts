/** Who may give access, on the sequences of hooks and registry entries that Claude Code 2.1.330 makes. */
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { createClaudeTurns, createLiveSessions } from '../../src/capture/index.ts';
import { requirePerson } from '../../src/daemon/backend/person-only.ts';
import type { TeammateSyncError } from '../../src/errors.ts';
import type { ProcessTable } from '../../src/platform/process-table.ts';
import type { Caller, HookCaller } from '../../src/protocol/caller.ts';
import type { HookRequest } from '../../src/protocol/local-api.ts';
import { ManualClock } from '../capture/support.ts';
import { tempDir } from '../support/tmp-dir.ts';

const HERE = '5d15f828-0000-4000-8000-000000000000';
const OTHER = 'f30f00d0-0000-4000-8000-000000000000';
/** A terminal, its shell, Claude Code in it, the shell of a hook, of a tool; and what each of the last two runs. */
const [TERMINAL, SHELL, CLAUDE, HOOK, TOOL, OF_HOOK, OF_TOOL, TYPED] = [2, 10, 20, 30, 40, 31, 41, 50];

function machine() {
  const claudeConfigDir = tempDir();
  const clock = new ManualClock();
  const parents = new Map([
    [SHELL, TERMINAL],
    [CLAUDE, SHELL],
    [HOOK, CLAUDE],
    [OF_HOOK, HOOK],
    [TOOL, CLAUDE],
    [OF_TOOL, TOOL],
    [TYPED, SHELL],
  ]);
  const marks = new Map([
    [HOOK, 'claude-code_2-1-330_harness'],
    [OF_HOOK, 'claude-code_2-1-330_harness'],
    [TOOL, 'claude-code_2-1-330_agent'],
  ]);
  const processes: ProcessTable = {
    startTime: (pid) => (parents.has(pid) ? `start of ${pid}` : null),
    parent: (pid) => parents.get(pid) ?? null,
    variable: (pid, name) => (name === 'AI_AGENT' ? (marks.get(pid) ?? null) : null),
  };
  const live = createLiveSessions({ clock, processes, statePath: null, claudeConfigDir });
  const turns = createClaudeTurns({ clock, claudeConfigDir });
  live.start();
  turns.start();
  onTestFinished(() => (live.stop(), turns.stop()));
  const sight = { live, turns, surroundings: { processes } };

  function hook(event: string, more: Partial<HookRequest> = {}): void {
    const request = { event, session: HERE, transcriptPath: '', cwd: '/work', source: null, reason: null, pid: CLAUDE };
    live.onHook({ ...request, ...more });
    turns.onHook({ ...request, ...more });
  }
  /** @param since milliseconds ago */
  function registry(status: string | null, since = 15, more: object = {}): void {
    const entry = { pid: CLAUDE, sessionId: HERE, cwd: '/work', kind: 'interactive', entrypoint: 'cli', status };
    fs.mkdirSync(path.join(claudeConfigDir, 'sessions'), { recursive: true });
    const at = { updatedAt: clock.now() - since, statusUpdatedAt: clock.now() - since };
    fs.writeFileSync(
      path.join(claudeConfigDir, 'sessions', `${CLAUDE}.json`),
      JSON.stringify({ ...entry, ...at, ...more }),
    );
  }
  const unregister = (): void => fs.rmSync(path.join(claudeConfigDir, 'sessions'), { recursive: true });
  const from = (more: Partial<HookCaller> = {}): HookCaller => ({
    ...{ via: 'hook', pid: OF_HOOK, session: HERE, claude: CLAUDE, entrypoint: 'cli', attended: true },
    ...more,
  });
  /** Why not; null: it may. */
  function why(caller: Caller | null): string | null {
    try {
      requirePerson(sight, caller, ['share', 'marie']);
      return null;
    } catch (error) {
      const { code, message, hint } = error as TeammateSyncError;
      expect([code, hint]).toEqual([
        'PERSON_ONLY',
        expect.stringContaining('`teammate-sync share marie` in a terminal'),
      ]);
      return /; (.*)\. Nothing was done$/.exec(message)?.[1] ?? message;
    }
  }
  hook('SessionStart', { source: 'startup' });
  registry('idle', 5000);
  return { clock, parents, processes, hook, registry, unregister, from, why, typed: () => why(from()) };
}

const AT_WORK = 'Claude is at work, so it may not have been you';
const AGENT = "this comes from an agent's shell";

describe('a command typed in Claude Code', () => {
  it('is a person: as the first prompt, between turns, queued during one, after an interrupted one', async () => {
    const { hook, registry, typed, clock } = machine();
    registry('busy');
    expect(typed()).toBeNull();

    await clock.advance(3000);
    registry('busy');
    hook('UserPromptSubmit', { prompt: 'other' });
    await clock.advance(700);
    hook('Stop');
    registry('idle', 0);
    await clock.advance(3000);
    registry('busy');
    hook('UserPromptSubmit', { prompt: 'own' });
    expect(typed()).toBeNull();
    expect(typed()).toBeNull();

    hook('UserPromptSubmit', { prompt: 'other' });
    registry('busy', 0);
    await clock.advance(6000);
    hook('Stop');
    await clock.advance(400);
    registry('busy', 230);
    expect(typed()).toBeNull();

    // The shortest of turns.
    hook('UserPromptSubmit', { prompt: 'other' });
    registry('busy', 0);
    await clock.advance(100);
    hook('Stop');
    await clock.advance(100);
    registry('busy');
    expect(typed()).toBeNull();

    hook('UserPromptSubmit', { prompt: 'other' });
    await clock.advance(2000);
    // Esc: no Stop comes.
    registry('idle', 0);
    await clock.advance(1500);
    registry('busy');
    expect(typed()).toBeNull();
  });

  it('is not, while a turn runs: whatever came first, the registry or the hook', async () => {
    for (const early of [-30, 0, 30]) {
      const { hook, registry, typed, clock } = machine();
      hook('UserPromptSubmit', { prompt: 'other' });
      registry('busy', early);
      await clock.advance(1500);
      registry('busy', 1500 + early);
      expect(typed()).toBe(AT_WORK);
      // Once the user has allowed a tool, the registry has it at work anew.
      registry('waiting', 0);
      expect(typed()).toBe(AT_WORK);
      await clock.advance(2000);
      registry('busy', 0);
      expect(typed()).toBe(AT_WORK);
      // A model that forges the end of its turn changes nothing in the registry.
      registry('busy', 3500 + early);
      hook('Stop');
      expect(typed()).toBe(AT_WORK);
    }
  });

  it('is not, when that work began long ago: the daemon was started meanwhile, or Claude works by itself', () => {
    const { registry, typed } = machine();
    registry('busy', 10_001);
    expect(typed()).toBe(AT_WORK);
    registry('shell', 20_000);
    expect(typed()).toBe(AT_WORK);
  });

  it('counts by the hooks alone where Claude Code keeps no registry, or says nothing of work in it', async () => {
    const { hook, registry, unregister, typed, clock } = machine();
    for (const without of [unregister, () => registry(null)]) {
      without();
      expect(typed()).toBeNull();
      hook('UserPromptSubmit', { prompt: 'other' });
      await clock.advance(100);
      expect(typed()).toBe(AT_WORK);
      hook('Stop');
      expect(typed()).toBeNull();
    }
  });

  it('is not under claude -p, in another conversation, or from another process', () => {
    const { from, why, hook, registry, processes } = machine();
    registry('busy');
    const nobody = 'nobody sits before this Claude Code, or it is too old to say so';
    expect(why(from({ entrypoint: 'sdk-cli' }))).toBe(nobody);
    expect(why(from({ attended: false }))).toBe(nobody);
    const notThis = 'the process that asks does not run this conversation';
    expect(why(from({ session: OTHER }))).toBe(notThis);
    expect(why(from({ claude: SHELL }))).toBe(notThis);
    const elsewhere = 'Claude Code runs another conversation there, or without a person';
    registry('busy', 15, { entrypoint: 'sdk-cli' });
    expect(why(from())).toBe(elsewhere);
    registry('busy', 15, { sessionId: OTHER });
    expect(why(from())).toBe(elsewhere);
    registry('busy');
    expect(why(from({ pid: TYPED }))).toBe('it was not Claude Code that asked');
    expect(why(from({ pid: CLAUDE }))).toBe('it was not Claude Code that asked');
    expect(why(from({ pid: 999 }))).toBe('it was not Claude Code that asked');
    hook('SessionEnd', { reason: 'prompt_input_exit' });
    expect(why(from())).toBe(notThis);
    hook('SessionStart', { source: 'resume' });
    registry('busy');
    expect(why(from())).toBeNull();
    // It was killed, and another one has its id.
    processes.startTime = (pid) => `another start of ${pid}`;
    expect(why(from())).toBe(notThis);
  });

  it("is not, from a tool's shell: also when its own environment says nothing, and between turns", () => {
    const { from, why, registry } = machine();
    registry('idle');
    expect(why(from({ pid: OF_TOOL }))).toBe(AGENT);
    expect(why(from({ pid: TOOL }))).toBe(AGENT);
  });
});

describe('a command typed in a Claude Code that a model started', () => {
  const INNER = 80;
  const OF_INNER = 82;

  /** A further Claude Code below `parent`, with the same session. */
  function nested(parent: number | null) {
    const m = machine();
    m.registry('busy', 1000);
    m.hook('UserPromptSubmit', { prompt: 'other' });
    m.parents
      .set(INNER, parent ?? TERMINAL)
      .set(81, INNER)
      .set(OF_INNER, 81);
    m.hook('SessionStart', { source: 'resume', pid: INNER });
    return { ...m, typed: () => m.why(m.from({ pid: OF_INNER, claude: INNER })) };
  }

  it('is not a person: below a tool’s shell, below another Claude Code, or while the model is at work', async () => {
    expect(nested(TOOL).typed()).toBe(AGENT);
    expect(nested(CLAUDE).typed()).toBe('this was started from inside Claude Code');
    const apart = nested(null);
    expect(apart.typed()).toBe(AT_WORK);
    apart.hook('Stop');
    apart.registry('idle');
    expect(apart.typed()).toBeNull();
    // It says nothing of what it does.
    apart.registry(null);
    expect(apart.typed()).toBeNull();
    apart.hook('UserPromptSubmit', { prompt: 'other' });
    expect(apart.typed()).toBe(AT_WORK);
  });
});

describe('a verb typed in a terminal', () => {
  it('is a person, beside Claude Code and above it', () => {
    const { why } = machine();
    for (const pid of [TYPED, SHELL]) expect(why({ via: 'terminal', pid, agent: false })).toBeNull();
  });

  it('is not in an agent, below the process of a known conversation, or of a process that is not there', () => {
    const { why, hook } = machine();
    expect(why({ via: 'terminal', pid: TYPED, agent: true })).toBe(AGENT);
    const inside = 'this was started from inside Claude Code';
    for (const pid of [OF_TOOL, TOOL, HOOK, CLAUDE]) expect(why({ via: 'terminal', pid, agent: false })).toBe(inside);
    expect(why({ via: 'terminal', pid: 999, agent: false })).toBe('the process that asks is gone');
    // Of a conversation that nobody knows, nothing is said here.
    hook('SessionEnd', { reason: 'other' });
    expect(why({ via: 'terminal', pid: OF_TOOL, agent: false })).toBeNull();
  });

  it('is not when nobody says who asks, and not when the system does not answer', () => {
    const { why, processes } = machine();
    expect(why(null)).toBe('this request does not say who asks');
    processes.parent = () => {
      throw new Error('EMFILE');
    };
    const dumb = 'the system does not tell just now which process asks';
    expect(why({ via: 'terminal', pid: TYPED, agent: false })).toBe(dumb);
  });
});
