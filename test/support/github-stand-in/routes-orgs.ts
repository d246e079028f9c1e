/** Organisations and who is in them. Without `read:org` a caller sees what somebody outside sees. */
import { page } from './paging.ts';
import { type Call, type Route, failure, hasScope, notFound, requiresAuthentication } from './reply.ts';
import { fullOrg, membership, simpleOrg, simpleUser } from './shapes.ts';
import { type Org, type User, findOrg, findUser, isActive } from './state.ts';

const READ_ORG = ['admin:org', 'read:org', 'repo', 'user', 'write:org'];
/** `repo` is listed by GitHub as accepted on some of these, but does not show concealed members. */
const SEES_INSIDE = ['admin:org', 'write:org', 'read:org', 'user'];

/** True when the caller is a member and the token may see what members see. */
function inside(call: Call, org: Org): boolean {
  return isActive(org, call.caller?.user.id) && hasScope(call.caller, SEES_INSIDE);
}

const lacksScope = () => failure(403, 'You need at least read:org scope or user scope to list your organizations.');

function listMembers(call: Call, org: Org): ReturnType<Route['handle']> {
  const query = call.url.searchParams;
  if (query.get('filter')?.startsWith('2fa_') === true) return failure(422, 'Only owners can use this filter.');
  const role = query.get('role') ?? 'all';
  const seesAll = inside(call, org);
  const shown: User[] = [];
  for (const member of org.members.values()) {
    const user = call.world.users.get(member.uid);
    if (!user || member.state !== 'active' || (!seesAll && !member.public)) continue;
    if (role === 'all' || role === member.role) shown.push(user);
  }
  shown.sort((a, b) => a.id - b.id);
  return page(call, shown, `/organizations/${org.id}/members`, (user) => simpleUser(call.base, user));
}

function checkMember(call: Call, org: Org, login: string): ReturnType<Route['handle']> {
  if (!inside(call, org)) {
    return { status: 302, headers: { location: `${call.base}/orgs/${org.login}/public_members/${login}` } };
  }
  return isActive(org, findUser(call.world, login)?.id) ? { status: 204 } : notFound();
}

function showMembership(call: Call, org: Org, login: string): ReturnType<Route['handle']> {
  if (!inside(call, org)) return failure(403, `You must be a member of ${org.login} to see membership information.`);
  const user = findUser(call.world, login);
  const member = user && org.members.get(user.id);
  return user && member ? { status: 200, json: membership(call.base, org, member, user) } : notFound();
}

/** A route below /orgs/{org}: an unknown organisation is a 404 before anything else. */
function ofOrg(pattern: RegExp, handle: (call: Call, org: Org, name: string) => ReturnType<Route['handle']>): Route {
  return {
    method: 'GET',
    pattern,
    accepts: READ_ORG,
    handle(call) {
      const [login = '', name = ''] = call.params;
      const org = findOrg(call.world, login);
      return org ? handle(call, org, name) : notFound();
    },
  };
}

/** A route about the caller's own organisations: needs a token with the scope. */
function ofMine(pattern: RegExp, handle: (call: Call, me: User) => ReturnType<Route['handle']>): Route {
  return {
    method: 'GET',
    pattern,
    accepts: SEES_INSIDE,
    handle(call) {
      if (!call.caller) return requiresAuthentication();
      return hasScope(call.caller, SEES_INSIDE) ? handle(call, call.caller.user) : lacksScope();
    },
  };
}

const orgsOf = (call: Call, me: User): Org[] => [...call.world.orgs.values()].filter((org) => org.members.has(me.id));

export const orgRoutes: Route[] = [
  ofMine(/^\/user\/orgs$/, (call, me) => {
    // GitHub answers a fine-grained token with an empty list, not with a refusal.
    const visible = call.caller?.token.scopes === null ? [] : orgsOf(call, me).filter((org) => isActive(org, me.id));
    return page(call, visible, '/user/orgs', (org) => simpleOrg(call.base, org));
  }),
  ofMine(/^\/user\/memberships\/orgs$/, (call, me) => {
    const state = call.url.searchParams.get('state');
    const mine = orgsOf(call, me).flatMap((org) => {
      const member = org.members.get(me.id);
      return member && (state === null || state === member.state) ? [{ org, member }] : [];
    });
    return page(call, mine, '/user/memberships/orgs', ({ org, member }) => membership(call.base, org, member, me));
  }),
  ofMine(/^\/user\/memberships\/orgs\/([^/]+)$/, (call, me) => {
    const org = findOrg(call.world, call.params[0] ?? '');
    const member = org?.members.get(me.id);
    return org && member ? { status: 200, json: membership(call.base, org, member, me) } : notFound();
  }),
  ofOrg(/^\/orgs\/([^/]+)$/, (call, org) => ({ status: 200, json: fullOrg(call.base, org) })),
  ofOrg(/^\/orgs\/([^/]+)\/members$/, listMembers),
  {
    method: 'GET',
    pattern: /^\/organizations\/(\d+)\/members$/,
    accepts: READ_ORG,
    handle(call) {
      const org = call.world.orgs.get(Number(call.params[0]));
      return org ? listMembers(call, org) : notFound();
    },
  },
  ofOrg(/^\/orgs\/([^/]+)\/members\/([^/]+)$/, checkMember),
  ofOrg(/^\/orgs\/([^/]+)\/memberships\/([^/]+)$/, showMembership),
  ofOrg(/^\/orgs\/([^/]+)\/public_members\/([^/]+)$/, (call, org, login) => {
    const user = findUser(call.world, login);
    const member = user && org.members.get(user.id);
    return member?.public === true && member.state === 'active' ? { status: 204 } : notFound();
  }),
];
