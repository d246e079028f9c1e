/** The JSON that GitHub sends for accounts and organisations, with all its fields: readers must cope with them. */
import type { Gist, Member, Org, User, World } from './state.ts';

type Json = Record<string, unknown>;

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}${id}`).toString('base64');

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
    html_url: `https://github.com/${user.login}`,
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
    html_url: `https://github.com/${org.login}`,
    created_at: stamp(org.createdAt),
    updated_at: stamp(org.createdAt),
    archived_at: null,
    type: 'Organization',
  };
}

/** An organisation asked for as an account: the login namespace is one. */
export function orgAsUser(base: string, org: Org): Json {
  const asUser: User = { id: org.id, login: org.login, name: null, createdAt: org.createdAt, updatedAt: org.createdAt };
  return { ...simpleUser(base, asUser), type: 'Organization', name: org.login, created_at: stamp(org.createdAt) };
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

/** Content beyond this is cut, and the file marked. */
const FILE_CONTENT_MAX = 1024 * 1024;

/** A gist as lists show it (`withContent` false: no content) or as GET /gists/{id} shows it. */
export function gistJson(base: string, gist: Gist, owner: User, withContent: boolean): Json {
  const url = `${base}/gists/${gist.id}`;
  const raw = `https://gist.githubusercontent.com/${owner.login}/${gist.id}/raw`;
  const files: Json = {};
  for (const [name, content] of gist.files) {
    const size = Buffer.byteLength(content);
    const cut = size > FILE_CONTENT_MAX || gist.truncatedFiles.has(name);
    files[name] = {
      filename: name,
      type: 'text/plain',
      language: 'Text',
      raw_url: `${raw}/${encodeURIComponent(name)}`,
      size,
      ...(withContent ? { truncated: cut, content: content.slice(0, FILE_CONTENT_MAX), encoding: 'utf-8' } : {}),
    };
  }
  return {
    url,
    forks_url: `${url}/forks`,
    commits_url: `${url}/commits`,
    id: gist.id,
    node_id: nodeId('G_', gist.id),
    git_pull_url: `https://gist.github.com/${gist.id}.git`,
    git_push_url: `https://gist.github.com/${gist.id}.git`,
    html_url: `https://gist.github.com/${owner.login}/${gist.id}`,
    files,
    public: gist.public,
    created_at: stamp(gist.createdAt),
    updated_at: stamp(gist.updatedAt),
    description: gist.description,
    comments: 0,
    user: null,
    comments_enabled: true,
    comments_url: `${url}/comments`,
    owner: simpleUser(base, owner),
    ...(withContent ? { forks: [], history: [] } : {}),
    truncated: gist.truncated,
  };
}
