/** Names that people type: handles, session ids and their prefixes. */
import { type Decoder, text } from './decode.ts';

/** GitHub logins, also those of managed users (`name_shortcode`); already lower-cased. */
const HANDLE = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const SESSION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `@Marie` and `marie` are one person. Returns null for what cannot be a GitHub login. */
export function normaliseHandle(typed: string): string | null {
  const handle = typed.trim().replace(/^@/, '').toLowerCase();
  return HANDLE.test(handle) ? handle : null;
}

/** True for a Claude Code session id (a lower-case uuid). */
export function isSessionId(id: string): boolean {
  return SESSION.test(id);
}

/** A session id that comes from outside. */
export const sessionId: Decoder<string> = (value, at) => {
  const id = text(64)(value, at);
  return isSessionId(id) ? id : text(0)(id, at);
};

/** All ids that begin with what was typed (case does not matter); an exact id stands alone. */
export function matchPrefix(ids: Iterable<string>, typed: string): string[] {
  const prefix = typed.trim().toLowerCase();
  const found: string[] = [];
  for (const id of ids) {
    if (id === prefix) return [id];
    if (prefix.length > 0 && id.startsWith(prefix)) found.push(id);
  }
  return found;
}

/** The part of a session id that people are shown. */
export function shortId(session: string): string {
  return session.slice(0, 8);
}

/** The public key of a relay, as it prints it: lower-case hex of 32 bytes. */
export const RELAY_KEY = /^[0-9a-f]{64}$/;

/** The public id of an OAuth app: `Ov23li…`, `Iv1.…`, or 20 hex digits. */
export const OAUTH_CLIENT_ID = /^[\w.-]{1,100}$/;
