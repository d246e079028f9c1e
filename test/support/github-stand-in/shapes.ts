/** The JSON that GitHub sends for accounts and organisations, with all its fields: readers must cope with them. */
import type { Member, Org, User, World } from './state.ts';

export type Json = Record<string, unknown>;

export const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}${id}`).toString('base64');

/** The web site that belongs to the API at `base`. */
export function siteOf(base: string, sub = ''): string {
  return base.endsWith('/api/v3') ? new URL(base).origin + (sub && `/${sub}`) : `https://${sub && `${sub}.`}github.com`;
}

/** GitHub's "simple user", used wherever an account is mentioned. */
export function simpleUser(base: string, user: User): Json {
  const url = `${base}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('04:User', user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${siteOf(base)}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

/** GET /users/{login}, GET /user/{id} and GET /user. */
export function fullUser(world: World, base: string, user: User): Json {
  const publicGists = [...world.gists.values()].filter((g) => g.ownerId === user.id && g.public).length;
  return {
    ...simpleUser(base, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: publicGists,
    followers: 0,
    following: 0,
    created_at: stamp(user.createdAt),
    updated_at: stamp(user.updatedAt),
  };
}

/** GET /user for a token with the scope `user`. */
export function privateUser(world: World, base: string, user: User): Json {
  const secretGists = [...world.gists.values()].filter((g) => g.ownerId === user.id && !g.public).length;
  return {
    ...fullUser(world, base, user),
    user_view_type: 'private',
    private_gists: secretGists,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'free', space: 976_562_499, collaborators: 0, private_repos: 10_000 },
  };
}

export function simpleOrg(base: string, org: Org): Json {
  const url = `${base}/orgs/${org.login}`;
  return {
    login: org.login,
    id: org.id,
    node_id: nodeId('O_', org.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${org.id}?v=4`,
    description: null,
  };
}

export function fullOrg(base: string, org: Org): Json {
  return {
    ...simpleOrg(base, org),
    name: org.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    twitter_username: null,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${siteOf(base)}/${org.login}`,
    created_at: stamp(org.createdAt),
    updated_at: stamp(org.createdAt),
    archived_at: null,
    type: 'Organization',
  };
}

/** An organisation asked for as an account: the login namespace is one. */
export function orgAsUser(world: World, base: string, org: Org): Json {
  const { id, login, createdAt } = org;
  const asUser: User = {
    id,
    login,
    name: login,
    createdAt,
    updatedAt: createdAt,
    suspended: false,
    enterprise: null,
  };
  return { ...fullUser(world, base, asUser), type: 'Organization' };
}

export function membership(base: string, org: Org, member: Member, user: User): Json {
  return {
    url: `${base}/orgs/${org.login}/memberships/${user.login}`,
    state: member.state,
    role: member.role,
    organization_url: `${base}/orgs/${org.login}`,
    direct_membership: true,
    user: simpleUser(base, user),
    organization: simpleOrg(base, org),
  };
}
