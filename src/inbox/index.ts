/**
 * The recipient's side: grants taken, replicas kept as long as their leases live, read, and wiped.
 *
 * Invariants: nothing is readable before its header proved its owner, nor after its lease ran out, its share ended or
 * trust ended; keys are in memory only; what the owner's device no longer lists is wiped; a recipient never serves others.
 */
export {
  type HeldGeneration,
  type ReadableCore,
  type ReadableGeneration,
  readableChain,
  readableGenerations,
} from './held.ts';
export { Inbox, type InboxEvents } from './inbox.ts';
export { leftMs } from './lease.ts';
export { describeSession, readSession, type ReadOptions } from './reader.ts';
