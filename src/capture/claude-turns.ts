/**
 * Whether Claude Code is at work on a prompt. Its registry says since when a process is busy, and is so already when the
 * hook of a typed command runs; so a turn runs until its end was seen, and a command is typed when what keeps Claude Code
 * busy began after that. Measured with 2.1.330.
 */
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { setNewest } from '../platform/newest.ts';
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
  /** Whether this process is busy with anything. */
  isAtWork(process: LiveProcess): boolean;
  /** As seen from the hook of a command that was just typed. */
  state(session: string, process: LiveProcess): TurnState;
}

/** The last turn of a process, as far as it was seen. */
interface Turn {
  session: string;
  /** What the registry said at its prompt, of since when: busy with it, or idle still. */
  began: number;
  /** What the registry said when its end was seen: busy with it, or idle at last. Null while it runs. */
  over: number | null;
}

/** A typed command is asked about so long after Claude Code took it at most, also on a machine under load. */
const TYPED_MS = 10_000;
/** Processes that are remembered. */
const PROCESSES_MAX = 1024;

export function createClaudeTurns({ clock, claudeConfigDir }: ClaudeTurnsOptions): ClaudeTurns {
  const registry = openClaudeRegistry(claudeConfigDir);
  const seen = new Map<number, Turn>();
  let poll: Timer | null = null;

  const since = (pid: number): number => registry.entry(pid)?.statusSince ?? 0;

  function look(): void {
    for (const [pid, turn] of seen) {
      if (turn.over !== null) continue;
      const entry = registry.entry(pid);
      if (entry?.status === 'idle' && (entry.statusSince ?? 0) > turn.began) turn.over = entry.statusSince;
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
      if (event === 'UserPromptSubmit' && prompt !== 'own')
        setNewest(seen, pid, { session, began: since(pid), over: null }, PROCESSES_MAX);
      else if (event === 'Stop') setNewest(seen, pid, { session, began: 0, over: since(pid) }, PROCESSES_MAX);
    },
    isAtWork({ pid }) {
      const status = registry.entry(pid)?.status ?? null;
      return status === null ? seen.get(pid)?.over === null : status !== 'idle';
    },
    state(session, { pid }) {
      const ofThis = seen.get(pid);
      const last = ofThis?.session === session ? ofThis : null;
      const entry = registry.entry(pid);
      if (entry !== null && (entry.session !== session || !isInteractive(entry))) return 'elsewhere';
      if (last !== null && last.over === null) return 'running';
      // Clients that say nothing of it: an interrupted turn counted as running until the next one has ended.
      if (entry === null || entry.status === null || entry.statusSince === null || entry.status === 'idle')
        return 'none';
      const isNew = entry.statusSince > (last?.over ?? 0);
      const isFresh = clock.now() - entry.statusSince <= TYPED_MS;
      return entry.status === 'busy' && isNew && isFresh ? 'none' : 'running';
    },
  };
}

/** `claude -p` calls itself interactive, too; its entrypoint says what it is. */
function isInteractive({ kind, entrypoint }: RegistryEntry): boolean {
  return (kind === null || kind === 'interactive') && (entrypoint === null || entrypoint === 'cli');
}
