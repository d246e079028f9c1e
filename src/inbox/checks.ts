/** Whether a grant may be taken (docs/PROTOCOL.md, Grant); signature, sender, recipient and workspace were checked before. */
import { TeammateSyncError } from '../errors.ts';
import { standing } from '../identity/index.ts';
import { GRANT_LIFETIME_MAX_MS } from '../protocol/limits.ts';
import type { Grant } from '../protocol/statements.ts';
import type { HeldGeneration } from './held.ts';

export interface GrantContext {
  /** The invites that stand between us and the grant's owner; empty: not connected. */
  consented: string[];
  /** What is held under the same core key. */
  sameCore: HeldGeneration | null;
  /** What is held as the same generation of the same session of the same device. */
  sameGeneration: HeldGeneration | null;
  /** seq of the newest end of this session by this device; 0: none. */
  endedSeq: number;
}

/** However long an owner would like it: nothing is granted for more than a day at a time. @throws GRANT_MISMATCH */
export function checkLifetime(statement: { t: string; iat: number; exp: number }): void {
  if ((statement.exp - statement.iat) * 1000 <= GRANT_LIFETIME_MAX_MS) return;
  throw new TeammateSyncError('GRANT_MISMATCH', `a ${statement.t} is longer than a day`);
}

/** @throws GRANT_NOT_CONNECTED, GRANT_MISMATCH, STATEMENT_REPLAYED */
export function checkGrant(grant: Grant, context: GrantContext, now: number): void {
  if (!context.consented.includes(grant.connection)) {
    throw new TeammateSyncError('GRANT_NOT_CONNECTED', 'a grant names no connection that stands');
  }
  checkLifetime(grant);
  const bound = context.sameCore?.replica.grant;
  const differs =
    bound && (bound.session !== grant.session || bound.from.sign !== grant.from.sign || bound.gen !== grant.gen);
  if (differs || (context.sameGeneration && context.sameGeneration.replica.grant.core !== grant.core)) {
    throw new TeammateSyncError('GRANT_MISMATCH', 'a grant gives a known core or generation another meaning');
  }
  const last = Math.max(standing(context.sameCore?.seq ?? 0, now), standing(context.endedSeq, now));
  if (grant.seq < last)
    throw new TeammateSyncError('STATEMENT_REPLAYED', 'a grant is older than what was heard before');
}
