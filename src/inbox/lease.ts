/**
 * How long what was granted may be read. Counted from receipt on a clock that counts sleep; the wall clock, corrected by
 * the measured difference to the owner's, is a second bound. A clock that is set never lengthens a lease.
 */
import type { Clock } from '../platform/clock.ts';

export interface Lease {
  /** On Clock.elapsed, milliseconds. */
  untilElapsed: number;
  /** On the owner's wall clock, unix milliseconds. */
  untilWall: number;
  /** Owner's clock minus ours at receipt, milliseconds. */
  skewMs: number;
}

/** @param iat, exp unix seconds, of the signed statement */
export function leaseFrom(clock: Clock, statement: { iat: number; exp: number }, skewMs: number): Lease {
  return {
    untilElapsed: clock.elapsed() + (statement.exp - statement.iat) * 1000,
    untilWall: statement.exp * 1000,
    skewMs,
  };
}

/** Milliseconds that are left by the stricter of the two clocks; 0 or less: over. */
export function leftMs(lease: Lease, clock: Clock): number {
  return Math.min(lease.untilElapsed - clock.elapsed(), lease.untilWall - (clock.now() + lease.skewMs));
}
