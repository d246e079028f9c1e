/** Where a key for Anthropic's Messages API may go, and what can be one. Reads nothing but the environment. */
import { TeammateSyncError } from '../errors.ts';
import { isLoopback } from './api-host.ts';

const ANTHROPIC_API = 'https://api.anthropic.com';

/** Can stand in a header. */
export function isUsableKey(typed: string): boolean {
  return /^[\x21-\x7e]{1,1024}$/.test(typed);
}

/** ANTHROPIC_BASE_URL, or Anthropic itself. @throws BAD_CONFIG for what is neither https nor on loopback */
export function anthropicBase(env: NodeJS.ProcessEnv): string {
  const set = env['ANTHROPIC_BASE_URL']?.trim();
  return checkedBase(set === undefined || set === '' ? ANTHROPIC_API : set, 'ANTHROPIC_BASE_URL');
}

/**
 * Without a slash at its end. Never shows what stands before an @ or behind a ?: it may be a secret.
 * @param at where it stands, for people
 * @throws BAD_CONFIG
 */
export function checkedBase(typed: string, at: string): string {
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
