/** How much is taken from one session and from one person. */
import type { HeldGeneration } from './held.ts';
import type { Replica } from './replica.ts';

/** In bytes of session cores. */
export interface Quotas {
  sessionMaxBytes: number;
  /** Of all sessions of one person. */
  personMaxBytes: number;
}

/** Bytes that may be taken of this generation, given all that is held of its owner. */
export function allowance(replica: Replica, held: HeldGeneration[], quotas: Quotas): number {
  const others = held.filter((h) => h.replica !== replica);
  const ofSession = others.filter((h) => h.replica.grant.session === replica.grant.session);
  const bytes = (of: HeldGeneration[]): number => of.reduce((n, h) => n + h.replica.bytes, 0);
  return Math.min(quotas.sessionMaxBytes - bytes(ofSession), quotas.personMaxBytes - bytes(others));
}
