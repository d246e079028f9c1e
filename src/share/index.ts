/**
 * The owner's side: one session core per generation of a shared session, grants and leases for the named people, and
 * taking them away.
 *
 * Invariants: only `Redacted<Entry>` is appended; a core is appended to by the process that made it alone; a connection
 * serves exactly the generations that its device is granted now, and what ends is detached in the tick in which it ends;
 * nothing is granted without a connection that both sides consented to.
 */
export type { SharedSession } from './shared-session.ts';
export { Sharing, type SharingEvents } from './sharing.ts';
export type { Conversation } from './store.ts';
