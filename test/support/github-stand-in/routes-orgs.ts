/** Organisations and who is in them. Without `read:org` a caller sees what somebody outside sees. */
import { barred, isShown, letIn, shownUser } from './access.ts';
import { page } from './paging.ts';
import {
  type Call,
  type Reply,
  type Route,
  failure,
  hasScope,
  invalid,
  notFound,
  requiresAuthentication,
} from './reply.ts';
import { fullOrg, membership, simpleOrg, simpleUser } from './shapes.ts';
import { type Org, type User, findOrg, isActive } from './state.ts';

const READ_ORG = ['admin:org', 'read:org', 'repo', 'user', 'write:org'];
/** `repo` is listed by GitHub as accepted on some of these, but does not show concealed members. */
const SEES_INSIDE = ['admin:org', 'write:org', 'read:org', 'user'];

/** True when the caller is a member and the token may see what members see. */
function inside(call: Call, org: Org): boolean {
  return isActive(org, call.caller?.user.id) && hasScope(call.caller, SEES_INSIDE);
}

const MEMBERS_READ = 'members=read';

const lacksScope = () => failure(403, 'You need at least read:org scope or user scope to list your organizations.');

/** What members see, for members; what is public for everybody else. */
function listMembers(call: Call, org: Org): Reply {
  const no = barred(call, org);
  if (no) return no;
  const query = call.url.searchParams;
  if (query.get('filter')?.startsWith('2fa_') === true) return failure(422, 'Only owners can use this filter.');
  const role = query.get('role') ?? 'all';
  return members(call, org, inside(call, org) ? 'members' : 'public_members', role);
}

function members(call: Call, org: Org, which: 'members' | 'public_members', role: string): Reply {
  const shown: User[] = [];
  for (const member of org.members.values()) {
    const user = call.world.users.get(member.uid);
    if (!user || !isShown(call, user) || member.state !== 'active') continue;
    if (which === 'public_members' && !member.public) continue;
    if (role === 'all' || role === member.role) shown.push(user);
  }
  shown.sort((a, b) => a.id - b.id);
  // The next page is asked for where this one was.
  const place = call.url.pathname.endsWith('/public_members') ? 'public_members' : 'members';
  return page(call, shown, `/organizations/${org.id}/${place}`, (user) => simpleUser(call.base, user));
}

function checkMember(call: Call, org: Org, login: string): Reply {
  const no = barred(call, org);
  if (no) return no;
  if (!inside(call, org)) {
    return { status: 302, headers: { location: `${call.base}/orgs/${org.login}/public_members/${login}` } };
  }
  return isActive(org, shownUser(call, login)?.id) ? { status: 204 } : notFound();
}

function showMembership(call: Call, org: Org, login: string): Reply {
  const no = barred(call, org);
  if (no) return no;
  if (!inside(call, org)) return failure(403, `You must be a member of ${org.login} to see membership information.`);
  const user = shownUser(call, login);
  const member = user && org.members.get(user.id);
  return user && member ? { status: 200, json: membership(call.base, org, member, user) } : notFound();
}

/** A route below /orgs/{org}: an unknown organisation is a 404 before anything else. */
function ofOrg(pattern: RegExp, handle: (call: Call, org: Org, name: string) => Reply, permission?: string): Route {
  return {
    method: 'GET',
    pattern,
    accepts: READ_ORG,
    ...(permission === undefined ? {} : { permission }),
    handle(call) {
      const [login = '', name = ''] = call.params;
      const org = pattern.source.startsWith(BY_ID) ? call.world.orgs.get(Number(login)) : findOrg(call.world, login);
      return org ? handle(call, org, name) : notFound();
    },
  };
}

/** Where links of lists lead. */
const BY_ID = String.raw`^\/organizations`;

/** A route about the caller's own organisations: needs a token with the scope. */
function ofMine(pattern: RegExp, handle: (call: Call, me: User) => Reply): Route {
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

function listMine(call: Call, me: User): Reply {
  // GitHub answers a fine-grained token with an empty list, not with a refusal.
  const mine = call.caller?.token.scopes === null ? [] : orgsOf(call, me).filter((org) => isActive(org, me.id));
  const { orgs, headers } = letIn(call, mine);
  const reply = page(call, orgs, '/user/orgs', (org) => simpleOrg(call.base, org));
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function listMemberships(call: Call, me: User): Reply {
  const state = call.url.searchParams.get('state');
  if (state !== null && state !== 'active' && state !== 'pending') return invalid('Membership', 'state', 'invalid');
  const { orgs, headers } = letIn(call, orgsOf(call, me));
  const mine = orgs.flatMap((org) => {
    const member = org.members.get(me.id);
    return member && (state === null || state === member.state) ? [{ org, member }] : [];
  });
  const show = ({ org, member }: (typeof mine)[number]): unknown => membership(call.base, org, member, me);
  const reply = page(call, mine, '/user/memberships/orgs', show);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function showMine(call: Call, me: User): Reply {
  const org = findOrg(call.world, call.params[0] ?? '');
  const member = org?.members.get(me.id);
  if (!org || !member) return notFound();
  return barred(call, org) ?? { status: 200, json: membership(call.base, org, member, me) };
}

function checkPublicMember(call: Call, org: Org, login: string): Reply {
  const user = shownUser(call, login);
  const member = user && org.members.get(user.id);
  return member?.public === true && member.state === 'active' ? { status: 204 } : notFound();
}

const listPublic = (call: Call, org: Org): Reply => members(call, org, 'public_members', 'all');

export const orgRoutes: Route[] = [
  ofMine(/^\/user\/orgs$/, listMine),
  ofMine(/^\/user\/memberships\/orgs$/, listMemberships),
  ofMine(/^\/user\/memberships\/orgs\/([^/]+)$/, showMine),
  ofOrg(/^\/orgs\/([^/]+)$/, (call, org) => ({ status: 200, json: fullOrg(call.base, org) })),
  ofOrg(/^\/orgs\/([^/]+)\/members$/, listMembers, MEMBERS_READ),
  ofOrg(/^\/organizations\/(\d+)\/members$/, listMembers, MEMBERS_READ),
  ofOrg(/^\/orgs\/([^/]+)\/members\/([^/]+)$/, checkMember, MEMBERS_READ),
  ofOrg(/^\/orgs\/([^/]+)\/memberships\/([^/]+)$/, showMembership, MEMBERS_READ),
  ofOrg(/^\/orgs\/([^/]+)\/public_members$/, listPublic),
  ofOrg(/^\/organizations\/(\d+)\/public_members$/, listPublic),
  ofOrg(/^\/orgs\/([^/]+)\/public_members\/([^/]+)$/, checkPublicMember),
];
