/**
 * Whether Claude Code is at work on a prompt. Its registry says since when a process is busy, and is so already when the
 * hook of a typed command runs; so a turn runs until its end was seen, and while that busy time is not a new one. After a
 * question to the user it is new within a turn, so one without the other says nothing. Measured with 2.1.330.
 */
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { LIVENESS_POLL_MS } from '../protocol/limits.ts';
import type { HookRequest } from '../protocol/local-api.ts';
import { openClaudeRegistry, type RegistryEntry } from './claude-registry.ts';
import type { LiveProcess } from './live-conversation.ts';

export interface ClaudeTurnsOptions {
  clock: Clock;
  /** `~/.claude`, or what CLAUDE_CONFIG_DIR says. */
  claudeConfigDir: string;
}

/** elsewhere: the registry has this process in another conversation, or as one that nobody sits before. */
export type TurnState = 'none' | 'running' | 'elsewhere';

export interface ClaudeTurns {
  /** Watches for the ends of turns that no hook tells: interrupted ones, and those that failed. */
  start(): void;
  stop(): void;
  /** What a hook tells of prompts and of the ends of turns. */
  onHook(hook: HookRequest): void;
  /** As seen from the hook of a command that was just typed. */
  state(session: string, process: LiveProcess): TurnState;
}

/** The registry and the hook of one prompt come in either order, a few ms apart. */
const SAME_PROMPT_MS = 500;
/** A typed command is asked about so long after Claude Code took it at most, also on a machine under load. */
const TYPED_MS = 10_000;
/** Processes that are remembered. */
const PROCESSES_MAX = 1024;

export function createClaudeTurns({ clock, claudeConfigDir }: ClaudeTurnsOptions): ClaudeTurns {
  const registry = openClaudeRegistry(claudeConfigDir);
  /** By process: when the last prompt came that a model answers, by the wall clock, and whether the end of that was seen. */
  const seen = new Map<number, { session: string; prompted: number; stopped: boolean }>();

  let poll: Timer | null = null;

  function look(): void {
    for (const [pid, known] of seen) {
      if (known.stopped) continue;
      const entry = registry.entry(pid);
      if (entry?.status === 'idle' && (entry.statusSince ?? 0) > known.prompted) known.stopped = true;
    }
  }

  return {
    start() {
      poll ??= every(clock, LIVENESS_POLL_MS, look, () => {});
    },
    stop() {
      poll?.cancel();
      poll = null;
    },
    onHook({ event, session, pid, prompt }) {
      const ofThis = seen.get(pid);
      const known = ofThis?.session === session ? ofThis : { session, prompted: -Infinity, stopped: true };
      if (event === 'Stop') known.stopped = true;
      else if (event === 'UserPromptSubmit' && prompt !== 'own') {
        known.prompted = clock.now();
        known.stopped = false;
      } else return;
      seen.delete(pid);
      seen.set(pid, known);
      const oldest = seen.keys().next().value;
      if (seen.size > PROCESSES_MAX && oldest !== undefined) seen.delete(oldest);
    },
    state(session, { pid }) {
      const ofThis = seen.get(pid);
      const last = ofThis?.session === session ? ofThis : null;
      const entry = registry.entry(pid);
      if (entry !== null && (entry.session !== session || !isInteractive(entry))) return 'elsewhere';
      const isOver = last === null || last.stopped;
      // Clients that say nothing of it: an interrupted turn counts as running until the next one has ended.
      if (entry === null || entry.status === null || entry.statusSince === null) return isOver ? 'none' : 'running';
      if (entry.status === 'idle') return 'none';
      const isNew = last === null || entry.statusSince > last.prompted + SAME_PROMPT_MS;
      const isFresh = clock.now() - entry.statusSince <= TYPED_MS;
      return isOver && isNew && isFresh && entry.status === 'busy' ? 'none' : 'running';
    },
  };
}

/** `claude -p` calls itself interactive, too; its entrypoint says what it is. */
function isInteractive({ kind, entrypoint }: RegistryEntry): boolean {
  return (kind === null || kind === 'interactive') && (entrypoint === null || entrypoint === 'cli');
}
