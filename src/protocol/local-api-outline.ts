/** Local API: what there is of a session, without its texts. */
import type { ReadEvent } from './local-api-reading.ts';

export interface OutlineRequest {
  /** One's own: the session as its recipients have it. */
  handle: string;
  /** An id or a unique prefix; null: the only session that this person shares. */
  session: string | null;
  /** Go on with what comes live after `caughtUp`. */
  follow: boolean;
  /** Of one's own: as this recipient has it, who may have a later beginning than others; absent: all that is shared. */
  as?: string | undefined;
}

/** In the order of the session, as `read` gives it, with pieces of turns in place of turns. */
export type OutlineEvent = Exclude<ReadEvent, { type: 'turn' }> | OutlinePiece;

/** Turns that follow on one another: as many as lie together. The lists go together. */
export interface OutlinePiece {
  type: 'turns';
  /** For `dump`: a page that begins with the first of them. */
  cursor: string;
  lines: number[];
  /** As in Turn. */
  kinds: string[];
  /** Characters of what is shown of each, about. */
  sizes: number[];
  /** Where another source begins than before; at first it is the conversation itself. */
  sources: { at: number; source: string }[];
}
