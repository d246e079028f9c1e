/** Local API: asking what teammates share, and what stands behind a citation. Times are ISO 8601; '' is unknown. */
import type { Turn } from './turn.ts';

export type AskMode = 'question' | 'literal' | 'regex';

export interface AskRequest {
  /** As typed; none: everyone who shares with me. */
  handles: string[];
  question: string;
  /** An id or a unique prefix; null: all. */
  session: string | null;
  mode: AskMode;
  /** Tokens of all excerpts; null: ANSWER_TOKENS. At most ANSWER_MAX_TOKENS are given. */
  budget: number | null;
  /** From an answer to the same request: what follows on it. */
  cursor: string | null;
  /** Of one's own: as this recipient has it; absent: all that is shared. */
  as?: string | undefined;
}

/** A part of one turn. */
export interface Passage {
  line: number;
  time: string;
  role: string;
  kind: string;
  /** The tool that was used; '' for all else. */
  tool: string;
  text: string;
  /** It is what was found; else it stands around it. */
  hit: boolean;
  /** Bytes of the same turn that are left out before and behind it. */
  omittedBefore: number;
  omittedAfter: number;
}

/** Lines of a session. */
export interface Cited {
  handle: string;
  session: string;
  project: string;
  /** `main`, or the id of a subagent. */
  source: string;
  from: number;
  to: number;
}

export interface Excerpt extends Cited {
  /** The same for the same lines of a session with the same content. */
  id: string;
  /** `@marie · shop · 7f3c1a2b…:L120-131` */
  citation: string;
  /** Of what was found. */
  time: string;
  /** Of the best of this answer, 0 to 1. */
  score: number;
  passages: Passage[];
  /** Citations of other places that say exactly the same; `more` further ones are not listed. */
  also: string[];
  more: number;
}

export interface AskedSession {
  handle: string;
  session: string;
  project: string;
  title: string | null;
  /** Of the newest turn that was searched; null: none yet. */
  newest: string | null;
  /** Turns that were searched, of how many there are as far as is known. */
  searched: number;
  turns: number;
  /** Its owner is connected. */
  live: boolean;
}

export interface AskedPerson {
  handle: string;
  online: boolean;
  /** When something was last heard of a device of theirs; null: not since this daemon started. */
  heard: string | null;
  /**
   * What their daemon said when it was asked for its newest lines: they are here · it took too long, and what it had told
   * before was searched · it is of a version that cannot be asked, which tells by itself · nobody is there.
   */
  fresh: 'yes' | 'late' | 'untold' | 'offline';
  /** Sessions that are shared, but cannot be read before their owner is back. */
  waiting: number;
}

export interface AskResponse {
  people: AskedPerson[];
  sessions: AskedSession[];
  /** NOT_FOUND when nothing fits, else null. */
  message: string | null;
  /** Best first. */
  excerpts: Excerpt[];
  /** Places that fit, in all; `more` when not all were counted. */
  found: number;
  more: boolean;
  /** For the next page; null: this was the last. */
  cursor: string | null;
  /** For whoever reads of them for the first time on this machine, to be shown: what their owners see of it. */
  told?: string;
}

/** What an answer says when nothing fits: exactly this. */
export const NOT_FOUND = 'Not found in shared context.';

export interface CiteRequest {
  /** An excerpt's id, or a citation as it is printed. */
  citation: string;
}

export interface CiteResponse extends Cited {
  citation: string;
  /** The lines hold something else now than when this id was given: their owner replaced them. */
  replaced: boolean;
  turns: CitedTurn[];
  /** The blocks that they stand in: each is what its owner's device signed, checked on this machine for this answer. */
  proof: ProvedBlock[];
  /** As in AskResponse. */
  told?: string;
}

/** A turn, and where it was proved. */
export interface CitedTurn extends Turn {
  generation: number;
  block: number;
  /** sha256 of its bytes in the block, hex. */
  hash: string;
}

export interface ProvedBlock {
  /** That signed the header of the session core, as in WhoAmI.device. */
  device: string;
  generation: number;
  /** Key of the session core, base64url: its tree heads are signed with it. */
  core: string;
  block: number;
  /** Blocks under the signed tree head, and its hash, hex. */
  length: number;
  root: string;
}
