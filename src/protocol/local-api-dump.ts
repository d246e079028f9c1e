/** Local API: a shared session in pages of whole turns. Times are ISO 8601. */
import type { AskedPerson } from './local-api-answers.ts';
import type { Turn } from './turn.ts';

export interface DumpSlice {
  skip: number;
  /** One at least. */
  turns: number;
}

export interface DumpRequest {
  handle: string;
  /** An id or a unique prefix; null: the only session that this person shares with me. */
  session: string | null;
  /** Lines of the conversation itself, inclusive; both null: everything, subagents too. */
  from: number | null;
  to: number | null;
  /** Of the page before. What else it was asked with is in it: a session or lines beside it must be the same, or null. */
  cursor: string | null;
  /** Bytes of the turns of a page, as JSON; null: DUMP_PAGE_BYTES. */
  budget: number | null;
  /** The newest page first, and older ones by the cursor. Within a page turns are always in order. */
  newest: boolean;
  /** Of the turns from the cursor on: how many are passed over, and how many are wanted at most; absent: all that fit. */
  slice?: DumpSlice | undefined;
  /** Of one's own: as this recipient has it; absent: all that is shared. */
  as?: string | undefined;
}

/**
 * A turn, or as much of it as a page holds: one that is larger than a page is cut, and the parts together are the turn. Of a
 * tool's input that is cut, `input` is a string: a part of its JSON.
 */
export interface DumpedTurn extends Turn {
  /** Bytes of its texts that are left out before and behind: they stand on other pages. */
  omittedBefore: number;
  omittedAfter: number;
}

/** Turns that are not on this machine. */
export interface DumpGap {
  /** They are missing before this turn of the page; the number of turns: behind the last. */
  before: number;
  /** About how many. */
  turns: number;
  /** Their owner is connected, so they are on their way. */
  coming: boolean;
  /** They are over the quota: they do not come. */
  overQuota: boolean;
}

export interface DumpResponse {
  handle: string;
  session: string;
  project: string;
  title: string | null;
  /** Its owner is connected. */
  live: boolean;
  /** How fresh it is. A page by a cursor asks nobody anew. */
  person: AskedPerson;
  turns: DumpedTurn[];
  missing: DumpGap[];
  /** For the next page; null: this was the last. */
  cursor: string | null;
  /** As in AskResponse. */
  told?: string;
}
