/**
 * The command line: `teammate-sync <verb>`.
 *
 * It parses what was typed, asks the daemon through the local API, and prints. It must never touch a key, a core, a
 * transcript or GitHub, and never print a byte of foreign text that is not printable.
 *
 * Invariants: stdout holds only what was asked for, errors go to stderr as `teammate-sync: <message>` and a hint; the exit
 * code is 0 done, 1 refused or failed, 2 wrong usage, 3 daemon not running, 4 not set up; every verb is loaded when it
 * is typed and not before.
 *
 * @module
 */
export { main } from './main.ts';
export type { CliIo } from './io.ts';
export { processIo } from './process-io.ts';
