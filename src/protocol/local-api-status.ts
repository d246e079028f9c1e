/** Local API: what is going on, in one answer. Times are ISO 8601. */
import type { InboxSession } from './local-api-reading.ts';
import type { SharedRecipient, UnheardEnd } from './local-api-sharing.ts';
import type { WhoAmI } from './local-api.ts';

export interface ErrorNote {
  code: string;
  /** Begins with whom it concerns, if it concerns somebody. */
  message: string;
  hint: string;
  at: string;
}

export interface NetworkStatus {
  /** offline: no node of the DHT answers. */
  state: 'starting' | 'online' | 'offline';
  /** Addresses are those of the DHT to join: host:port. */
  bootstrap: string[];
  /** open, consistent, random or unknown: how the NAT maps ports. */
  nat: string;
  /** Devices that there is a link to. */
  peers: number;
  epochs: number[];
  /** When a node of the DHT answered last; null: none has since this daemon started. */
  answeredAt: string | null;
  /** The newest of Status.errors. */
  lastError: ErrorNote | null;
}

export interface GithubStatus {
  /** Of the API. */
  host: string;
  /** Last answer of GitHub's, whatever it said; null: none since this daemon started. */
  answeredAt: string | null;
  /** When it was last asked and gave no usable answer, if that was after answeredAt; else null. */
  failedAt: string | null;
  failure: string | null;
}

/** Somebody one is connected with. */
export interface Presence {
  handle: string;
  online: boolean;
  /** As in ConnectionPerson. */
  staleSince: string | null;
  /** Since when it is so; null: never seen since this daemon started. */
  since: string | null;
}

export interface ShareSummary {
  session: string;
  project: string;
  title: string | null;
  turns: number;
  /** As in SharedSession. */
  read: number;
  recipients: SharedRecipient[];
}

export type ReadableSummary = Omit<InboxSession, 'lastActivity' | 'newest'> & { handle: string };

export interface InviteSummary {
  handle: string;
  project: string | null;
  until: string | null;
}

export interface Status {
  version: string;
  pid: number;
  startedAt: string;
  home: string;
  setUp: boolean;
  me: WhoAmI | null;
  network: NetworkStatus | null;
  github: GithubStatus | null;
  /** Live Claude Code conversations on this machine. */
  sessions: number;
  sharedSessions: number;
  readableSessions: number;
  pendingIn: number;
  pendingOut: number;
  connected: number;
  people: Presence[];
  shares: ShareSummary[];
  unheardEnds: UnheardEnd[];
  readable: ReadableSummary[];
  /** Those that wait for me. */
  invites: InviteSummary[];
  /** Oldest first; one per kind and person. */
  errors: ErrorNote[];
}
