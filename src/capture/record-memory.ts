/**
 * What one transcript's earlier records say about its later ones: which tool calls are ours, so that their results
 * can be left out, and the title. It only grows, also over a reset of the reader: what was ours once stays ours.
 */

/** Ids kept; the oldest go first. A result whose call was forgotten is left out as unpaired, so forgetting is safe. */
const CALLS_MAX = 262_144;
const TRACES_MAX = 2048;
const TITLE_MAX_CHARS = 200;

export interface RecordMemory {
  /** Remembers a tool call. An id that was ours once stays ours. */
  call(id: string, own: boolean): void;
  /** ours: its result must not leave · other · unknown: no such call was seen */
  whose(id: string): 'ours' | 'other' | 'unknown';
  /** Records (by uuid or prompt id) in which the person ran our command with `!`. */
  shell(id: string): void;
  isShell(id: string): boolean;
  /** Records (by uuid) that hold what Claude Code says of itself to the model, and commands of its own that came of one. */
  aside(id: string): void;
  isAside(id: string): boolean;
  /** Names of files and tasks that hold results of ours. */
  readonly traces: ReadonlySet<string>;
  trace(name: string): void;
  /** The last title of the conversation, at most 200 characters, or null. */
  title: string | null;
}

/** An empty memory; one per transcript, shared by its main file and its subagents. */
export function createRecordMemory(): RecordMemory {
  const calls = new Map<string, boolean>();
  const shells = new Set<string>();
  const traces = new Set<string>();
  const asides = new Set<string>();
  return {
    title: null,
    traces,
    call(id, own) {
      const before = calls.get(id) ?? false;
      calls.delete(id);
      calls.set(id, own || before);
      dropOldest(calls, CALLS_MAX);
    },
    whose(id) {
      const own = calls.get(id);
      if (own === undefined) return 'unknown';
      return own ? 'ours' : 'other';
    },
    shell(id) {
      shells.add(id);
      dropOldest(shells, TRACES_MAX);
    },
    isShell: (id) => shells.has(id),
    aside(id) {
      asides.add(id);
      dropOldest(asides, TRACES_MAX);
    },
    isAside: (id) => asides.has(id),
    trace(name) {
      traces.add(name);
      dropOldest(traces, TRACES_MAX);
    },
  };
}

function dropOldest(kept: Map<string, unknown> | Set<string>, max: number): void {
  if (kept.size <= max) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    break;
  }
}

/** A title as it may be shown: one line of printable text; null for what is none. */
export function cleanTitle(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const clean = value
    .slice(0, TITLE_MAX_CHARS * 4)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return Array.from(clean).slice(0, TITLE_MAX_CHARS).join('').trim() || null;
}
