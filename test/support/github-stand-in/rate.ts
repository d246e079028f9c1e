/** The hourly limit: 5,000 for an account over all its tokens, 60 without one. */
import type { Caller, Reply } from './reply.ts';
import { failure } from './reply.ts';
import type { World } from './state.ts';

const HOUR_MS = 3_600_000;
const ANONYMOUS_LIMIT = 60;

export interface Rate {
  limit: number;
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

function window(world: World, caller: Caller | null): { limit: number; used: number; resetAt: number } {
  const key = caller ? `user ${caller.user.id}` : 'anonymous';
  const now = world.now();
  let rate = world.rates.get(key);
  if (!rate || rate.resetAt <= now) {
    rate = { used: 0, resetAt: now + HOUR_MS };
    world.rates.set(key, rate);
  }
  return Object.assign(rate, { limit: caller ? world.rateLimit : ANONYMOUS_LIMIT });
}

export function currentRate(world: World, caller: Caller | null): Rate {
  const { limit, used, resetAt } = window(world, caller);
  return { limit, used, reset: Math.ceil(resetAt / 1000) };
}

export function countRequest(world: World, caller: Caller | null): void {
  window(world, caller).used++;
}

export function rateJson(rate: Rate): Record<string, unknown> {
  return { ...rate, remaining: Math.max(0, rate.limit - rate.used), resource: 'core' };
}

export function rateHeaders(rate: Rate): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(Math.max(0, rate.limit - rate.used)),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'core',
  };
}

/** The refusal when nothing is left, or null. */
export function overLimit(world: World, caller: Caller | null): Reply | null {
  const rate = currentRate(world, caller);
  if (rate.used < rate.limit) return null;
  const whom = caller ? `user ID ${caller.user.id}` : '127.0.0.1';
  return failure(403, `API rate limit exceeded for ${whom}.`);
}
