/**
 * Redaction: a turn goes in, the same turn without the secrets that the rules know comes out.
 *
 * What leaves the owner's machine has passed here: the session core takes `Redacted<Turn>` only, and only this room
 * makes one. It must never promise that all secrets are gone (docs/SECURITY.md says what it finds), never log or keep a
 * secret, never read a file or the network.
 *
 * Invariants: a secret that is found is gone in plain and in every escaped form of its place; equal secrets have equal
 * marks within a session, and a mark tells nothing without the session's key; redacting again changes nothing; the time
 * is linear in the text, whatever the text; ids, uuids, times and line numbers stay.
 */
export { createRedactor } from './redactor.ts';
export type { MaskedSecret, Redacted, Redactor, RedactorOptions } from './redactor.ts';
export { REDACTION_RULES_VERSION } from './rules.ts';
