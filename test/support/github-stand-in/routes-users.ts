/** Accounts. */
import { isShown, shownUser } from './access.ts';
import { type Route, hasScope, notFound, requiresAuthentication } from './reply.ts';
import { fullUser, orgAsUser, privateUser } from './shapes.ts';
import { findOrg } from './state.ts';

export const userRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/user$/,
    accepts: [],
    handle({ world, base, caller }) {
      if (!caller) return requiresAuthentication();
      const seesAll = caller.token.scopes !== null && hasScope(caller, ['user']);
      return { status: 200, json: (seesAll ? privateUser : fullUser)(world, base, caller.user) };
    },
  },
  {
    method: 'GET',
    pattern: /^\/user\/(\d+)$/,
    accepts: [],
    handle(call) {
      const { world, base, params } = call;
      const user = world.users.get(Number(params[0]));
      return user && isShown(call, user) ? { status: 200, json: fullUser(world, base, user) } : notFound();
    },
  },
  {
    method: 'GET',
    pattern: /^\/users\/([^/]+)$/,
    accepts: [],
    handle(call) {
      const { world, base, params } = call;
      const [login = ''] = params;
      const user = shownUser(call, login);
      if (user) return { status: 200, json: fullUser(world, base, user) };
      const org = findOrg(world, login);
      return org ? { status: 200, json: orgAsUser(world, base, org) } : notFound();
    },
  },
];
