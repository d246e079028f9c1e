/** How much is taken from one session and from one person: the newest of it, and what is here stays. */
import { TeammateSyncError } from '../errors.ts';
import { shortId } from '../protocol/ids.ts';
import type { HeldGeneration } from './held.ts';
import type { Replica } from './replica.ts';

/** In bytes of session cores. */
export interface Quotas {
  sessionMaxBytes: number;
  /** Of all sessions of one person. */
  personMaxBytes: number;
}

/**
 * Bytes that may be taken of this generation, given all that is held of its owner. What later generations of the session
 * are going to take is theirs already: the newest comes first.
 */
export function allowance({ grant }: Replica, held: HeldGeneration[], quotas: Quotas): number {
  let [ofSession, ofPerson] = [0, 0];
  for (const { replica } of held) {
    if (replica.grant.core === grant.core) continue;
    const same = replica.grant.session === grant.session;
    const later = same && replica.grant.gen > grant.gen && !replica.taken.overQuota;
    const bytes = later ? Math.max(replica.taken.bytes, replica.wholeBytes) : replica.taken.bytes;
    if (same) ofSession += bytes;
    ofPerson += bytes;
  }
  return Math.min(quotas.sessionMaxBytes - ofSession, quotas.personMaxBytes - ofPerson);
}

/** What both sides are told of a generation of which not all is taken. */
export function quotaExceeded({ grant }: Replica): TeammateSyncError {
  return new TeammateSyncError('QUOTA_EXCEEDED', `session ${shortId(grant.session)} is larger than what is taken`);
}
