/**
 * What was signed while our clock stood far ahead is refused by everybody whose clock is right, and would be repeated in
 * vain for years. Once it is known to have been wrong, the same is said again under today's date.
 */
import { isFarAhead } from '../identity/index.ts';
import { CLOCK_SKEW_MAX_MS } from '../protocol/limits.ts';
import type { Said, Ties } from './ties.ts';

/** True for a statement of ours that a clock like today's refuses as being from the future. */
export function isMisdated(mine: Said, now: number): boolean {
  return mine.at > now + CLOCK_SKEW_MAX_MS || isFarAhead(mine.seq, now);
}

/** The ties with the same statement of mine, signed anew; nothing else follows from it. */
export function redated(ties: Ties, mine: Said): Ties {
  return { ...ties, mine, over: mine.t === 'disconnect' ? { ...ties.over, mine: mine.seq } : ties.over };
}
