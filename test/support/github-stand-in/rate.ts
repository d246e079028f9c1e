/** GitHub's limits: requests an hour (5,000 for an account over all its tokens, 60 without one), and writes a minute. */
import type { Caller, Reply } from './reply.ts';
import { failure } from './reply.ts';
import type { World } from './state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ANONYMOUS_LIMIT = 60;

export interface Rate {
  limit: number;
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

const keyOf = (caller: Caller | null): string => (caller ? `user ${caller.user.id}` : 'anonymous');

function hour(world: World, caller: Caller | null): { used: number; resetAt: number } {
  const key = keyOf(caller);
  const now = world.now();
  let rate = world.rates.get(key);
  if (!rate || rate.resetAt <= now) {
    rate = { used: 0, resetAt: now + HOUR_MS };
    world.rates.set(key, rate);
  }
  return rate;
}

/** Null where there are no limits. */
export function currentRate(world: World, caller: Caller | null): Rate | null {
  if (world.rateLimit === null) return null;
  const { used, resetAt } = hour(world, caller);
  return { limit: caller ? world.rateLimit : ANONYMOUS_LIMIT, used, reset: Math.ceil(resetAt / 1000) };
}

export function countRequest(world: World, caller: Caller | null): void {
  hour(world, caller).used++;
}

export function rateJson(rate: Rate): Record<string, unknown> {
  return { ...rate, remaining: Math.max(0, rate.limit - rate.used), resource: 'core' };
}

export function rateHeaders(world: World, caller: Caller | null): Record<string, string> {
  const rate = currentRate(world, caller);
  if (!rate) return {};
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(Math.max(0, rate.limit - rate.used)),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'core',
  };
}

/** The refusal when nothing is left of the hour, or null: the primary limit. */
export function overLimit(world: World, caller: Caller | null): Reply | null {
  const rate = currentRate(world, caller);
  if (!rate || rate.used < rate.limit) return null;
  const whom = caller ? `user ID ${caller.user.id}` : '127.0.0.1';
  return failure(world.limitStatus, `API rate limit exceeded for ${whom}.`);
}

function writesInMinute(world: World, caller: Caller | null): number[] {
  const since = world.now() - MINUTE_MS;
  const recent = (world.writes.get(keyOf(caller)) ?? []).filter((at) => at > since);
  world.writes.set(keyOf(caller), recent);
  return recent;
}

export function countWrite(world: World, caller: Caller | null): void {
  writesInMinute(world, caller).push(world.now());
}

/** The refusal of too many writes in a minute, or null: the secondary limit. The hour has something left meanwhile. */
export function tooManyWrites(world: World, caller: Caller | null): Reply | null {
  const recent = writesInMinute(world, caller);
  const [oldest] = recent;
  if (world.rateLimit === null || oldest === undefined || recent.length < world.writesPerMinute) return null;
  const wait = Math.max(1, Math.ceil((oldest + MINUTE_MS - world.now()) / 1000));
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return { ...failure(world.limitStatus, message), headers: { 'retry-after': String(wait) } };
}
