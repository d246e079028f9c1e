/** The user's own key for Anthropic's Messages API: where it comes from, and the one place that it goes to. */
import { TeammateSyncError } from '../errors.ts';
import { anthropicBase, checkedBase, isUsableKey } from './anthropic-base.ts';
import { readAuth, writeAuth } from './auth-file.ts';

export interface AnthropicKey {
  /** A secret: for the one request header, and for nothing that is printed, logged or thrown. */
  key: string;
  /** Base URL without a slash at its end; the key goes nowhere else. */
  base: string;
  from: 'auth.json' | 'ANTHROPIC_API_KEY';
}

/**
 * The kept key with the base that it was kept for; where none is kept, that of the environment with the environment's
 * base. So what a repository's settings name as ANTHROPIC_BASE_URL never gets a key that was given for another place.
 * @param auth path of auth.json
 * @returns null when there is none
 * @throws UNSAFE_FILE, BAD_CONFIG
 */
export function findAnthropicKey(env: NodeJS.ProcessEnv, auth: string): AnthropicKey | null {
  const { anthropic } = readAuth(auth);
  if (anthropic) return { key: anthropic.key, base: checkedBase(anthropic.base, auth), from: 'auth.json' };
  const key = env['ANTHROPIC_API_KEY']?.trim();
  if (key === undefined || key === '') return null;
  if (isUsableKey(key)) return { key, base: anthropicBase(env), from: 'ANTHROPIC_API_KEY' };
  throw new TeammateSyncError('BAD_CONFIG', 'ANTHROPIC_API_KEY is set, but what it holds cannot be a key');
}

/** Keeps it beside a kept token; null: none is kept from now on. @throws UNSAFE_FILE, BAD_CONFIG */
export function keepAnthropicKey(auth: string, kept: { key: string; base: string } | null): void {
  const { anthropic: _, ...rest } = readAuth(auth);
  if (kept === null) writeAuth(auth, rest);
  else writeAuth(auth, { ...rest, anthropic: { base: checkedBase(kept.base, auth), key: kept.key } });
}
