/** How recipients and sessions of others are told, in the listings and in the status alike. */
import type { ReadableSummary, SharedRecipient } from '../../protocol/local-api.ts';
import { amount, percent, thousands } from '../output/count.ts';
import { dim, green, type Piece, yellow } from '../output/piece.ts';
import { until } from '../output/time.ts';

/** State of a recipient, what they have, and until when they keep it. */
export function recipientCells({ state, fetched, of, leaseUntil }: SharedRecipient, now: number): Piece[] {
  const has = fetched >= of ? `all ${amount(of, 'turn')}` : `${part(fetched, of)} turns`;
  switch (state) {
    case 'synced':
      return [green('synced'), has, lease(leaseUntil, now)];
    case 'syncing':
      return [green('fetching'), `${has} (${percent(fetched, of)})`, lease(leaseUntil, now)];
    case 'offline':
      if (leaseUntil === null) return [yellow('offline'), 'holds nothing', ''];
      // After a restart it is not known any more how much they have, only that they were granted it.
      return [yellow('offline'), fetched === 0 ? '' : has, `keeps it until ${until(leaseUntil, now)}`];
    case 'pending':
      return [yellow('invited'), 'has nothing yet', ''];
    default:
      return [yellow('waiting'), 'has no teammate-sync yet', ''];
  }
}

function lease(leaseUntil: string | null, now: number): Piece {
  return leaseUntil === null ? '' : dim(`lease until ${until(leaseUntil, now)}`);
}

/** State of what somebody else shares with me, what is here, and until when it may be read. */
export function readableCells({ state, turns, fetched, leaseUntil }: ReadableSummary, now: number): Piece[] {
  if (state === 'waiting') return [yellow('waiting'), 'comes back when its owner does', ''];
  const here = fetched >= turns ? amount(turns, 'turn') : `${part(fetched, turns)} turns here`;
  return [
    state === 'live' ? green('live') : yellow('owner offline'),
    here,
    dim(`${state === 'live' ? 'lease' : 'readable'} until ${until(leaseUntil, now)}`),
  ];
}

/** `12,345 of 48,711`. */
export function part(some: number, all: number): string {
  return `${thousands(some)} of ${thousands(all)}`;
}
