/**
 * Redaction: a turn goes in, the same turn without the secrets that the rules know comes out. In the daemon this happens
 * in a thread of its own, which is given transcripts and gives entries of session cores.
 *
 * What leaves the owner's machine has passed here: the session core takes `Redacted<Entry>` only, and only this room
 * makes one. It must never promise that all secrets are gone (docs/SECURITY.md says what it finds), never log or keep a
 * secret, never read a file (the thread is handed what does) or the network.
 *
 * Invariants: a secret that is found is gone in plain and in every escaped form of its place; equal secrets have equal
 * marks within a session, and a mark tells nothing without the session's key; redacting again changes nothing; the time
 * is linear in the text, whatever the text; ids, uuids, times and line numbers stay. A thread that dies or hangs gives
 * nothing, and what it had not given is done again: no entry comes unmasked, twice or not at all.
 */
export { type Entry, isShared, redactedEntry } from './entry.ts';
export { Redaction } from './redaction.ts';
export { type RedactedRead, type RedactedSource, ThreadGone } from './redacted-source.ts';
export { createRedactor } from './redactor.ts';
export type { MaskedSecret, Redactor, RedactorOptions } from './redactor.ts';
export { REDACTION_RULES_VERSION } from './rules.ts';
export type { Redacted } from './sealed.ts';
export { serveRedaction } from './thread.ts';
