/** The token of auth.json: one that a person gave by the device flow, and nothing that can be had elsewhere. */
import { readAuth, writeAuth } from '../platform/auth-file.ts';

/** The kept token for this host, or null. @throws UNSAFE_FILE, BAD_CONFIG as readAuth */
export function readKeptToken(file: string, host: string): string | null {
  const kept = readAuth(file);
  return kept.host === host ? (kept.token ?? null) : null;
}

/** Keeps it for this host, in place of another. @throws UNSAFE_FILE, BAD_CONFIG */
export function keepToken(file: string, host: string, token: string): void {
  writeAuth(file, { ...readAuth(file), host, token });
}

/** True when there was one. What else is kept stays. @throws UNSAFE_FILE, BAD_CONFIG */
export function forgetToken(file: string): boolean {
  const { host: _, token, ...rest } = readAuth(file);
  writeAuth(file, rest);
  return token !== undefined;
}
