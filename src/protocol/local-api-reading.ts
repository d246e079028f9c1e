/** Local API: what teammates share with me, and reading it. Times are ISO 8601. */
import type { Turn } from './turn.ts';

export interface InboxSession {
  session: string;
  project: string;
  title: string | null;
  /** live: owner online and conversation going on · offline: readable until leaseUntil · waiting: owner must be back. */
  state: 'live' | 'offline' | 'waiting';
  /** Time of the newest turn known. */
  lastActivity: string | null;
  turns: number;
  fetched: number;
  leaseUntil: string;
  /** A few newest turns. */
  newest: Turn[];
}

export interface Inbox {
  handle: string;
  sessions: InboxSession[];
  /** As in AskResponse. */
  told?: string;
}

/** One line of the read stream. */
export type ReadEvent =
  | {
      type: 'session';
      session: string;
      project: string;
      title: string | null;
      turns: number;
      fetched: number;
      live: boolean;
      /** As in AskResponse. */
      told?: string;
    }
  | { type: 'turn'; turn: Turn }
  /** The owner replaced what was sent before (a rule changed, the source was replaced): forget it. */
  | { type: 'replaced' }
  /**
   * A part that is not on this machine yet. `coming`: its owner is connected, so it is on its way. `overQuota`: it does not
   * come, and what follows is newer.
   */
  | { type: 'missing'; turns: number; coming: boolean; overQuota?: true }
  /** All that is known was sent; more follows only with follow=1. */
  | { type: 'caughtUp' }
  /** The share ended while being read. */
  | { type: 'ended'; reason: string };
