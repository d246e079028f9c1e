/**
 * Who trusts whom: invite, accept, decline, disconnect, block. The rules are a state machine without I/O (relation.ts);
 * around it the ties are kept on disk and statements are signed and repeated until they arrive.
 *
 * Never: a connection without the consent of both; a declined person asked again; an older statement that undoes a newer.
 */
export { Connections } from './connections.ts';
export type { Person } from './listing.ts';
export type { Relation } from './ties.ts';
