/** Local API: what is shared, with whom, and the verbs that change it. Times are ISO 8601. */
import type { Turn } from './turn.ts';

/** Which session a verb means: an id or unique prefix, else the only live one of `cwd`. */
export interface SessionChoice {
  session: string | null;
  cwd: string;
}

export interface ShareRequest extends SessionChoice {
  /** Handles as typed; empty: everyone already connected. */
  to: string[];
  note: string | null;
  /** Leave out what came before. */
  fromNow: boolean;
  /** Also share the model's thinking, from now and before, with everyone who has this session. */
  withThinking: boolean;
}

/** What became of one named person. */
export interface ShareOutcome {
  handle: string;
  /**
   * shared: content flows now or when they are online · invited: they were asked, content flows when they accept ·
   * waiting: they have no device record yet, the invite goes out when they have · declined: they said no before, nothing
   * was sent · already: they have it, nothing changed · unanswered: they were asked for this session before and have not
   * accepted yet, nothing changed
   */
  outcome: 'shared' | 'invited' | 'waiting' | 'declined' | 'already' | 'unanswered';
  /** declined: when. */
  since: string | null;
}

export interface MaskedCount {
  rule: string;
  count: number;
}

export interface ShareResponse {
  session: string;
  project: string;
  people: ShareOutcome[];
  turns: number;
  /** Time of the oldest turn that is shared. */
  since: string | null;
  masked: MaskedCount[];
  /** As in SharedSession: below 1 the numbers are those so far, and the rest follows by itself. */
  read: number;
}

/** What the recipient would see; shares nothing. */
export interface PreviewResponse {
  session: string;
  project: string;
  turns: Turn[];
  masked: MaskedCount[];
  /** Turns in all; `turns` holds the newest of them. */
  total: number;
}

export interface UnshareRequest extends SessionChoice {
  from: string[];
  all: boolean;
}

export interface UnshareResponse {
  ended: { session: string; project: string; people: string[] }[];
  /** Sessions that are still shared. */
  remaining: number;
  /** Of those for whom it ended: whose open invite still asks to be accepted, though nothing waits behind it any more; absent: nobody. */
  openInvites?: string[];
}

export interface SharedRecipient {
  handle: string;
  /** pending: not accepted yet · offline · syncing · synced */
  state: 'pending' | 'waiting' | 'offline' | 'syncing' | 'synced';
  since: string;
  /** Turns that their machine has fetched, and how many there are. */
  fetched: number;
  of: number;
  /**
   * Until when at most their machine may read what it has, if the lease is not renewed; also of one that is offline now.
   * Null: it holds nothing that may be read.
   */
  leaseUntil: string | null;
  /** The last line of the conversation that they read, as their machine told it, and when; null: it told of none. */
  readTo: number | null;
  readAt: string | null;
}

export interface SharedSession {
  session: string;
  project: string;
  title: string | null;
  cwd: string;
  startedAt: string;
  turns: number;
  live: boolean;
  withThinking: boolean;
  masked: MaskedCount[];
  /** How much of the transcript was read, 0 to 1; below 1 while there is still much to read. */
  read: number;
  recipients: SharedRecipient[];
}

/** A share that ended without their machine having confirmed it: until then at most it may read what it has. */
export interface UnheardEnd {
  session: string;
  handle: string;
  until: string;
}

export interface Shared {
  sessions: SharedSession[];
  unheardEnds: UnheardEnd[];
}
