/** Which conversations live on this machine: fed by hooks, by Claude Code's registry and by the process table. */
import { isAbsolute } from 'node:path';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { readPrivateFile, replacePrivateFile } from '../platform/private-files.ts';
import type { ProcessTable } from '../platform/process-table.ts';
import { isSessionId } from '../protocol/ids.ts';
import { LIVENESS_POLL_MS } from '../protocol/limits.ts';
import type { HookRequest } from '../protocol/local-api.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { openClaudeRegistry, type RegistryEntry } from './claude-registry.ts';
import { ConversationTable } from './conversation-table.ts';
import { findTranscript } from './find-transcript.ts';
import { shortText } from './json-object.ts';
import {
  decodeState,
  encodeState,
  type EndReason,
  type LiveConversation,
  type LiveProcess,
  PATH_MAX_BYTES,
  snapshot,
} from './live-conversation.ts';

export interface LiveSessionsOptions {
  clock: Clock;
  processes: ProcessTable;
  /** Where the sessions outlive a restart of the daemon, in a private folder that exists; null: nowhere. */
  statePath: string | null;
  /** `~/.claude`, or what CLAUDE_CONFIG_DIR says. */
  claudeConfigDir: string;
  /** For what fails without anybody waiting for it: a full disk, a listener that throws. */
  onError?: (error: unknown) => void;
}

export interface LiveSessions {
  /** Takes up what was kept. Conversations that ended meanwhile are announced after this returned. */
  start(): void;
  stop(): void;
  /** What a hook of Claude Code tells; takes effect and is kept on disk before this returns. Never throws. */
  onHook(hook: HookRequest): void;
  list(): LiveConversation[];
  get(session: string): LiveConversation | null;
  /** Each end is announced once; again after a crash of the daemon within that announcement. Returns the removal. */
  on: Announcer['on'];
}

/** A file of the registry cannot be older than its process; clocks of files and processes differ by less than this. */
const AGE_TOLERANCE_MS = 2000;
/** Remembered ends, against hooks that arrive late. */
const DEPARTED_MAX = 1024;
/** A missing transcript is searched at the polls 1, 2, 4, 8, 16 and then every 32nd. */
const SEARCH_EVERY_POLLS = 32;

const END_REASONS: Readonly<Record<string, EndReason>> = {
  prompt_input_exit: 'exit',
  clear: 'clear',
  resume: 'resume',
  fork: 'resume',
  logout: 'logout',
};

export function createLiveSessions(options: LiveSessionsOptions): LiveSessions {
  const { clock, processes, statePath, claudeConfigDir } = options;
  const onError = options.onError ?? (() => undefined);
  const registry = openClaudeRegistry(claudeConfigDir);
  const table = new ConversationTable();
  /** The session under which the registry had each process when it was last believed. */
  const believed = new Map<number, { startTime: string; session: string; writtenAt: number | null }>();
  const departed = new Set<string>();
  const searches = new Map<string, number>();
  const announcer = createAnnouncer(onError);
  let poll: Timer | null = null;
  let announce: NodeJS.Immediate | null = null;

  /** Null: no such process. Undefined: the system did not answer, so nothing may be concluded. */
  function startTimeOf(pid: number): string | null | undefined {
    try {
      return processes.startTime(pid);
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  /** Announces what happened, then keeps it: a crash in between announces again rather than never. */
  function commit(): void {
    const events = table.takeEvents();
    if (events.length === 0) return;
    for (const event of events) announcer.announce(event);
    if (statePath === null) return;
    try {
      replacePrivateFile(statePath, encodeState([...table.sessions.values()]));
    } catch (error) {
      onError(error);
    }
  }

  function facts(session: string, cwd: string, transcriptPath: string | null) {
    return { session, cwd, transcriptPath, now: new Date(clock.now()).toISOString() };
  }

  /** Late hooks of a conversation that a process has left must not bring it back. */
  function depart(session: string, process: LiveProcess): void {
    departed.add(departureKey(session, process));
    for (const oldest of departed) {
      if (departed.size <= DEPARTED_MAX) break;
      departed.delete(oldest);
    }
  }

  function move(process: LiveProcess, session: string, cwd: string, path: string | null, reason: EndReason): void {
    const before = table.of(process.pid, process.startTime);
    if (before && before.session !== session) depart(before.session, process);
    departed.delete(departureKey(session, process));
    table.place(process, facts(session, cwd, path), reason);
  }

  /**
   * The registry lags behind the hooks by moments. So it is believed when it says something new of a process, not when
   * it repeats what it said before a hook knew better.
   */
  function applyRegistry(entry: RegistryEntry): void {
    const startTime = startTimeOf(entry.pid);
    if (startTime === null || startTime === undefined) return;
    const before = believed.get(entry.pid);
    // What was found younger than this process once stays so; asking is slow where there are many processors.
    const judged = before?.startTime === startTime && before.writtenAt === entry.writtenAt;
    if (!judged && isOlderThanProcess(entry)) return;
    const process: LiveProcess = { pid: entry.pid, startTime };
    if (entry.kind !== null) process.kind = entry.kind;
    if (entry.entrypoint !== null) process.entrypoint = entry.entrypoint;

    const last = before?.startTime === startTime ? before.session : null;
    believed.set(entry.pid, { startTime, session: entry.session, writtenAt: entry.writtenAt });
    if (table.of(entry.pid, startTime)?.session === entry.session) return table.characterise(process, entry.session);
    if (entry.kind !== null && entry.kind !== 'interactive') return;
    if (last === entry.session) return;
    if (last === null && departed.has(departureKey(entry.session, process))) return;
    move(process, entry.session, entry.cwd, findTranscript(claudeConfigDir, entry.session), 'moved');
  }

  /** kill -9 leaves the file behind; a later process of the same id is not the one it tells of. */
  function isOlderThanProcess(entry: RegistryEntry): boolean {
    try {
      const startedAt = processes.startedAt?.(entry.pid) ?? null;
      return startedAt !== null && entry.writtenAt < startedAt - AGE_TOLERANCE_MS;
    } catch (error) {
      onError(error);
      return true;
    }
  }

  /** Brings the table up to date with the system; announces nothing. */
  function look(): void {
    const entries = registry.entries();
    for (const pid of believed.keys()) if (!entries.some((entry) => entry.pid === pid)) believed.delete(pid);
    for (const entry of entries) applyRegistry(entry);
    for (const conversation of table.sessions.values()) {
      for (const process of conversation.processes) {
        const now = startTimeOf(process.pid);
        if (now !== undefined && now !== process.startTime)
          table.leave(conversation.session, process.pid, 'process-gone');
      }
      searchTranscript(conversation);
    }
    for (const session of searches.keys()) if (!table.sessions.has(session)) searches.delete(session);
  }

  function searchTranscript({ session, transcriptPath }: LiveConversation): void {
    if (transcriptPath !== null) return;
    const polls = (searches.get(session) ?? 0) + 1;
    searches.set(session, polls);
    if ((polls & (polls - 1)) !== 0 && polls % SEARCH_EVERY_POLLS !== 0) return;
    table.describe(session, '', findTranscript(claudeConfigDir, session));
  }

  /** The registry as it stands with this hook: only what it says differently later is news. */
  function believeNow(process: LiveProcess, only: string | null): void {
    const entry = registry.entry(process.pid);
    if (entry && (only === null || entry.session === only)) {
      believed.set(process.pid, { startTime: process.startTime, session: entry.session, writtenAt: null });
    }
  }

  function onHook(hook: HookRequest): void {
    const { session, pid } = hook;
    if (poll === null || !isSessionId(session)) return;
    const known = table.sessions.get(session)?.processes.find((p) => p.pid === pid);
    if (hook.event === 'SessionEnd') {
      // Of a session that nobody knows: `claude mcp list` ends one that never began.
      if (!known) return;
      table.leave(session, pid, END_REASONS[hook.reason ?? ''] ?? 'other');
      depart(session, known);
      believeNow(known, session);
      return commit();
    }
    const startTime = startTimeOf(pid);
    if (startTime === null || startTime === undefined) return;
    const cwd = shortText(hook.cwd, PATH_MAX_BYTES);
    const told = shortText(hook.transcriptPath, PATH_MAX_BYTES);
    const path = isAbsolute(told) && told === hook.transcriptPath ? told : null;
    if (known?.startTime === startTime) {
      table.describe(session, cwd, path);
      return commit();
    }
    const process: LiveProcess = { pid, startTime };
    if (hook.event !== 'SessionStart' && departed.has(departureKey(session, process))) return;
    move(process, session, cwd, path, END_REASONS[hook.source ?? ''] ?? 'moved');
    believeNow(process, null);
    commit();
  }

  return {
    start() {
      if (poll !== null) return;
      try {
        const kept = statePath === null ? null : readPrivateFile(statePath);
        for (const conversation of kept === null ? [] : decodeState(kept)) {
          if (conversation.processes.length > 0) table.sessions.set(conversation.session, conversation);
        }
      } catch (error) {
        // Without it the registry and the next hooks tell what lives.
        onError(error);
      }
      look();
      announce = setImmediate(commit);
      poll = every(clock, LIVENESS_POLL_MS, () => (look(), commit()), onError);
    },
    stop() {
      poll?.cancel();
      poll = null;
      if (announce) clearImmediate(announce);
    },
    onHook,
    list: () => [...table.sessions.values()].map(snapshot),
    get(session) {
      const conversation = table.sessions.get(session);
      return conversation ? snapshot(conversation) : null;
    },
    on: (event, listener) => announcer.on(event, listener),
  };
}

function departureKey(session: string, process: LiveProcess): string {
  return `${session} ${process.pid} ${process.startTime}`;
}
