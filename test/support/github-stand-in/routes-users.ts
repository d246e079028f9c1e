/** Accounts, and the hourly limit. */
import { currentRate, rateJson } from './rate.ts';
import { type Route, notFound, requiresAuthentication } from './reply.ts';
import { fullUser, orgAsUser } from './shapes.ts';
import { findOrg, findUser } from './state.ts';

export const userRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/user$/,
    accepts: [],
    handle: ({ world, base, caller }) =>
      caller ? { status: 200, json: fullUser(world, base, caller.user) } : requiresAuthentication(),
  },
  {
    method: 'GET',
    pattern: /^\/user\/(\d+)$/,
    accepts: [],
    handle({ world, base, params: [id] }) {
      const user = world.users.get(Number(id));
      return user ? { status: 200, json: fullUser(world, base, user) } : notFound();
    },
  },
  {
    method: 'GET',
    pattern: /^\/users\/([^/]+)$/,
    accepts: [],
    handle({ world, base, params: [login = ''] }) {
      const user = findUser(world, login);
      if (user) return { status: 200, json: fullUser(world, base, user) };
      const org = findOrg(world, login);
      return org ? { status: 200, json: orgAsUser(base, org) } : notFound();
    },
  },
  {
    method: 'GET',
    pattern: /^\/rate_limit$/,
    accepts: [],
    handle({ world, caller }) {
      const rate = rateJson(currentRate(world, caller));
      return { status: 200, json: { resources: { core: rate }, rate } };
    },
  },
];
