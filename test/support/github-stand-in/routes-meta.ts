/** About the API itself: the limits, and what runs there. */
import { type Rate, currentRate, rateJson } from './rate.ts';
import { type Route, failure } from './reply.ts';

const GHES_VERSION = '3.19.2';

function limits(rate: Rate, version: string): Record<string, unknown> {
  // Search is counted by itself; nothing here searches.
  const search = { limit: 30, used: 0, remaining: 30, reset: rate.reset, resource: 'search' };
  const resources = { core: rateJson(rate), search };
  return version === '2022-11-28' ? { resources, rate: rateJson(rate) } : { resources };
}

export const metaRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/rate_limit$/,
    accepts: [],
    handle({ world, caller, version }) {
      const rate = currentRate(world, caller);
      return rate ? { status: 200, json: limits(rate, version) } : failure(404, 'Rate limiting is not enabled.');
    },
  },
  {
    method: 'GET',
    pattern: /^\/meta$/,
    accepts: [],
    handle: ({ world }) => ({
      status: 200,
      json:
        world.product === 'ghes'
          ? { verifiable_password_authentication: true, installed_version: GHES_VERSION }
          : { verifiable_password_authentication: false, hooks: ['192.30.252.0/22'], api: ['192.30.252.0/22'] },
    }),
  },
];
