/** The JSON that GitHub sends for repositories, issues and their comments. */
import { type Json, nodeId, simpleUser, siteOf, stamp } from './shapes.ts';
import type { Comment, Issue, Repo } from './state-repos.ts';
import type { Org, User, World } from './state.ts';

const asUser = (org: Org): User => ({
  id: org.id,
  login: org.login,
  name: null,
  createdAt: org.createdAt,
  updatedAt: org.createdAt,
  suspended: false,
  enterprise: null,
});

/** Links to what a repository has, of which nothing is modelled: `<name>_url` → where, below the repository. */
const LINKS: Readonly<Record<string, string>> = {
  ...{ archive: '{archive_format}{/ref}', assignees: 'assignees{/user}', blobs: 'git/blobs{/sha}' },
  ...{ branches: 'branches{/branch}', collaborators: 'collaborators{/collaborator}', comments: 'comments{/number}' },
  ...{ commits: 'commits{/sha}', compare: 'compare/{base}...{head}', contents: 'contents/{+path}' },
  ...{ contributors: 'contributors', deployments: 'deployments', downloads: 'downloads', events: 'events' },
  ...{ forks: 'forks', git_commits: 'git/commits{/sha}', git_refs: 'git/refs{/sha}', git_tags: 'git/tags{/sha}' },
  ...{ hooks: 'hooks', issue_comment: 'issues/comments{/number}', issue_events: 'issues/events{/number}' },
  ...{ issues: 'issues{/number}', keys: 'keys{/key_id}', labels: 'labels{/name}', languages: 'languages' },
  ...{ merges: 'merges', milestones: 'milestones{/number}', notifications: 'notifications{?since,all,participating}' },
  ...{ pulls: 'pulls{/number}', releases: 'releases{/id}', stargazers: 'stargazers', statuses: 'statuses/{sha}' },
  ...{ subscribers: 'subscribers', subscription: 'subscription', tags: 'tags', teams: 'teams' },
  trees: 'git/trees{/sha}',
};

/** GET /repos/{owner}/{repo}. */
export function fullRepo(base: string, org: Org, repo: Repo): Json {
  const url = `${base}/repos/${org.login}/${repo.name}`;
  const page = `${siteOf(base)}/${org.login}/${repo.name}`;
  const owner = { ...simpleUser(base, asUser(org)), type: 'Organization' };
  const open = [...repo.issues.values()].filter(({ state }) => state === 'open').length;
  const time = stamp(repo.createdAt);
  return {
    id: repo.id,
    node_id: nodeId('R_', repo.id),
    name: repo.name,
    full_name: `${org.login}/${repo.name}`,
    owner,
    organization: owner,
    private: repo.private,
    visibility: repo.private ? 'private' : 'public',
    html_url: page,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(LINKS).map(([name, place]) => [`${name}_url`, `${url}/${place}`])),
    ...{
      git_url: `git:${page.slice(page.indexOf(':') + 1)}.git`,
      ssh_url: `git@${new URL(page).host}:${org.login}/${repo.name}.git`,
    },
    ...{ clone_url: `${page}.git`, svn_url: page, mirror_url: null, homepage: null, language: null, license: null },
    ...{
      forks: 0,
      forks_count: 0,
      stargazers_count: 0,
      watchers: 0,
      watchers_count: 0,
      size: 0,
      default_branch: 'main',
    },
    ...{ open_issues: open, open_issues_count: open, network_count: 0, subscribers_count: 0, topics: [] },
    ...{ has_issues: repo.hasIssues, has_projects: false, has_wiki: false, has_pages: false, has_downloads: true },
    ...{ has_discussions: false, archived: false, disabled: false },
    ...{ pushed_at: time, created_at: time, updated_at: time },
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
  };
}

function reactions(url: string): Json {
  const none = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket'].map((name) => [name, 0]);
  return { url: `${url}/reactions`, total_count: 0, ...Object.fromEntries(none) };
}

interface Place {
  base: string;
  world: World;
  org: Org;
  repo: Repo;
}

function author({ world, base, org }: Place, uid: number): Json {
  const user = world.users.get(uid);
  const role = org.members.get(uid)?.state === 'active' ? 'MEMBER' : 'NONE';
  return { user: user ? simpleUser(base, user) : null, author_association: role };
}

export function issueJson(place: Place, issue: Issue): Json {
  const repo = `${place.base}/repos/${place.org.login}/${place.repo.name}`;
  const url = `${repo}/issues/${issue.number}`;
  return {
    url,
    repository_url: repo,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${siteOf(place.base)}/${place.org.login}/${place.repo.name}/issues/${issue.number}`,
    id: place.repo.id * 1000 + issue.number,
    node_id: nodeId('I_', issue.number),
    number: issue.number,
    title: issue.title,
    body: null,
    ...author(place, issue.uid),
    ...{ state: issue.state, state_reason: null, locked: false, active_lock_reason: null },
    ...{ labels: [], assignee: null, assignees: [], milestone: null },
    comments: issue.comments.size,
    created_at: stamp(issue.createdAt),
    updated_at: stamp(issue.createdAt),
    closed_at: issue.state === 'closed' ? stamp(issue.createdAt) : null,
    performed_via_github_app: null,
    reactions: reactions(url),
  };
}

/** An app that writes in a person's name. */
function app({ base, org }: Place, slug: string, createdAt: number): Json {
  return {
    id: 4242,
    slug,
    node_id: nodeId('A_', slug),
    owner: { ...simpleUser(base, asUser(org)), type: 'Organization' },
    name: slug,
    description: null,
    external_url: `https://${slug}.example`,
    html_url: `${siteOf(base)}/apps/${slug}`,
    created_at: stamp(createdAt),
    updated_at: stamp(createdAt),
    permissions: { issues: 'write', metadata: 'read' },
    events: [],
  };
}

export function commentJson(place: Place, comment: Comment): Json {
  const repo = `${place.base}/repos/${place.org.login}/${place.repo.name}`;
  const url = `${repo}/issues/comments/${comment.id}`;
  const page = `${siteOf(place.base)}/${place.org.login}/${place.repo.name}/issues/${comment.issue}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repo}/issues/${comment.issue}`,
    id: comment.id,
    node_id: nodeId('IC_', comment.id),
    ...author(place, comment.uid),
    created_at: stamp(comment.createdAt),
    updated_at: stamp(comment.updatedAt),
    body: comment.body,
    reactions: reactions(url),
    performed_via_github_app: comment.viaApp === null ? null : app(place, comment.viaApp, comment.createdAt),
  };
}
