/** What was read of mine, put together as people ask about it: who, of which session. */
import type { ActivityEntry, LineRange } from '../../protocol/local-api.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';

/** All that one person read of one session. */
export interface Reader {
  handle: string;
  session: string;
  project: string;
  /** It is still shared with them. */
  shared: boolean;
  /** When they read of it last. */
  last: string;
  /** Newest first. */
  reads: ActivityEntry[];
}

/** Whoever read last comes first. */
export function readers(entries: readonly ActivityEntry[]): Reader[] {
  const found = new Map<string, Reader>();
  for (const entry of entries) {
    const { handle, session, project, shared, last } = entry;
    const key = JSON.stringify([handle, session]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { handle, session, project, shared, last, reads: [entry] });
    else {
      known.reads.push(entry);
      known.shared ||= shared;
      if (last > known.last) known.last = last;
    }
  }
  const all = [...found.values()];
  for (const { reads } of all) reads.sort((a, b) => b.last.localeCompare(a.last));
  return all.sort((a, b) => b.last.localeCompare(a.last));
}

/** Of one row; the rest is said as a number. */
const RANGES_SHOWN = 12;

/** The last ranges of a read, and how many came before them. */
export function newestRanges({ ranges }: Pick<ActivityEntry, 'ranges'>): { shown: LineRange[]; before: number } {
  const shown = ranges.slice(-RANGES_SHOWN);
  return { shown, before: ranges.length - shown.length };
}

/** `120` or `120-131`. */
export function rangeText({ from, to }: LineRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** Of a subagent: its name; of the conversation itself, nothing. */
export function sourceText(source: string): string {
  return source === MAIN_SOURCE ? '' : `subagent ${source.slice(0, 12)}, `;
}
