/** The user's own key for Anthropic's Messages API: where it comes from, and the one place that it goes to. */
import { TeammateSyncError } from '../errors.ts';
import { isLoopback } from './api-host.ts';
import { readAuth, writeAuth } from './auth-file.ts';

const ANTHROPIC_API = 'https://api.anthropic.com';

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

/** Can stand in a header. */
export function isUsableKey(typed: string): boolean {
  return /^[\x21-\x7e]{1,1024}$/.test(typed);
}

/** ANTHROPIC_BASE_URL, or Anthropic itself. @throws BAD_CONFIG for what is neither https nor on loopback */
export function anthropicBase(env: NodeJS.ProcessEnv): string {
  const set = env['ANTHROPIC_BASE_URL']?.trim();
  return checkedBase(set === undefined || set === '' ? ANTHROPIC_API : set, 'ANTHROPIC_BASE_URL');
}

/** Never shows what stands before an @ or behind a ?: it may be a secret. */
function checkedBase(typed: string, at: string): string {
  const bad = (why: string): TeammateSyncError =>
    new TeammateSyncError('BAD_CONFIG', `${at}: the base URL of the Messages API ${why}`, {
      hint: `use ${ANTHROPIC_API}, or unset it`,
    });
  if (!URL.canParse(typed)) throw bad('is not a URL');
  const url = new URL(typed);
  if (url.username !== '' || url.password !== '') throw bad('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw bad('has a query or fragment');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw bad('is not https (plain http is for loopback only)');
  }
  return url.href.replace(/\/+$/, '');
}
