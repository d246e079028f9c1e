/** How recipients of a session, and what became of sharing it, are told: the same words in every face. */
import type { ShareOutcome, SharedRecipient } from '../protocol/local-api.ts';
import { amount, percent, thousands } from './count-words.ts';
import { day, until, when } from './time-words.ts';

/** good: it flows · waits: something has to happen first · none: nothing goes there */
export type Tone = 'good' | 'waits' | 'none';

export interface RecipientWords {
  state: string;
  tone: Tone;
  /** What they have of it; '' when it is not known any more. */
  has: string;
  /** Until when they keep it; '' when they hold nothing. */
  keeps: string;
}

/** State of a recipient, what they have, and until when they keep it. `now`: ms since 1970. */
export function recipientWords({ state, fetched, of, leaseUntil }: SharedRecipient, now: number): RecipientWords {
  const has = fetched >= of ? `all ${amount(of, 'turn')}` : `${part(fetched, of)} turns`;
  const lease = leaseUntil === null ? '' : `lease until ${until(leaseUntil, now)}`;
  switch (state) {
    case 'synced':
      return { state: 'synced', tone: 'good', has, keeps: lease };
    case 'syncing':
      return { state: 'fetching', tone: 'good', has: `${has} (${percent(fetched, of)})`, keeps: lease };
    case 'offline':
      if (leaseUntil === null) return { state: 'offline', tone: 'waits', has: 'holds nothing', keeps: '' };
      // After a restart it is not known any more how much they have, only that they were granted it.
      return {
        state: 'offline',
        tone: 'waits',
        has: fetched === 0 ? '' : has,
        keeps: `keeps it until ${until(leaseUntil, now)}`,
      };
    case 'pending':
      return { state: 'invited', tone: 'waits', has: 'has nothing yet', keeps: '' };
    default:
      return { state: 'waiting', tone: 'waits', has: 'has no teammate-sync yet', keeps: '' };
  }
}

/** How far a recipient read, as their machine told it; null: it told of nothing. `now`: ms since 1970. */
export function readWords({ readTo, readAt, since }: SharedRecipient, now: number): string | null {
  if (readAt === null) return null;
  // It was shared with them before, taken back, and shared again: of this time nothing is told yet.
  const earlier = readAt < since ? 'of an earlier share: ' : '';
  const what = readTo === null ? 'read subagents only' : `read to line ${thousands(readTo)}`;
  return `${earlier}${what}, last ${when(readAt, now)}`;
}

/** What became of one named person, and what it means. */
export function outcomeWords({ outcome, since }: ShareOutcome): { what: string; tone: Tone; means: string } {
  switch (outcome) {
    case 'shared':
      return { what: 'shared', tone: 'good', means: 'they read along, now or when they are online' };
    case 'already':
      return { what: 'already', tone: 'good', means: 'they have it; nothing changed' };
    case 'unanswered':
      return { what: 'invited', tone: 'waits', means: 'asked before, and not accepted yet; nothing changed' };
    case 'invited':
      return { what: 'invited', tone: 'waits', means: 'it flows when they type: teammate-sync accept <your handle>' };
    case 'waiting':
      return {
        what: 'waiting',
        tone: 'waits',
        means: 'they have no teammate-sync yet; the invite goes out when they have',
      };
    default:
      return {
        what: 'declined',
        tone: 'none',
        means: `${since === null ? 'before' : `on ${day(since)}`}; nothing was sent; they can still accept by themselves`,
      };
  }
}

/** `12,345 of 48,711`. */
export function part(some: number, all: number): string {
  return `${thousands(some)} of ${thousands(all)}`;
}
