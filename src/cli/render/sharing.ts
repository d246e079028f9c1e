/** How recipients and sessions of others are told, in the listings and in the status alike. */
import { part, recipientWords, type Tone } from '../../platform/sharing-words.ts';
import type { ReadableSummary, SharedRecipient } from '../../protocol/local-api.ts';
import { amount } from '../output/count.ts';
import { dim, green, type Piece, yellow } from '../output/piece.ts';
import { until } from '../output/time.ts';

/** State of a recipient, what they have, and until when they keep it. */
export function recipientCells(recipient: SharedRecipient, now: number): Piece[] {
  const { state, tone, has, keeps } = recipientWords(recipient, now);
  // What somebody who is away keeps has to be seen.
  return [toned(state, tone), has, keeps === '' || recipient.state === 'offline' ? keeps : dim(keeps)];
}

/** A state in the colour of what it means. */
export function toned(text: string, tone: Tone): Piece {
  if (tone === 'good') return green(text);
  return tone === 'waits' ? yellow(text) : dim(text);
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
