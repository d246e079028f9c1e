/**
 * The local API's server: HTTP with JSON over a unix socket (a named pipe on Windows), for the CLI, hooks, MCP and the
 * dashboard's server.
 *
 * It decodes and bounds what callers send, hands it to a {@link Backend} that the daemon implements, and encodes what
 * comes back. It must never know a room, open a TCP port but the dashboard's on loopback, or let a stack trace out.
 *
 * Invariants: the socket lies in a folder that is the user's alone, which is the access control (processes of the same
 * user are not kept out: docs/SECURITY.md); a socket that somebody answers on is never taken over; every answer carries
 * the API's version; a caller that goes away ends the work that was done for it.
 */
export type { Backend } from './backend.ts';
export { Dashboard } from './dashboard/dashboard.ts';
export type { PartsFeed } from './dashboard/event-stream.ts';
export { createLocalApi, type LocalApi, type LocalApiOptions } from './server.ts';
