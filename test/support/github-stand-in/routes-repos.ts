/** Repositories of organisations: who sees one, where a renamed one is, and its issues. */
import { barred } from './access.ts';
import { page } from './paging.ts';
import { type Call, type Reply, type Route, failure, hasScope, invalid, notFound } from './reply.ts';
import { fullRepo, issueJson } from './shapes-repos.ts';
import { type Repo, findRepo } from './state-repos.ts';
import { type Org, isActive } from './state.ts';

const REPO = ['repo'];
/** The two forms of a path: by names, and by number, where links and redirects lead. */
const BY_NAME = String.raw`^/repos/([^/]+)/([^/]+)`;
const BY_ID = String.raw`^/repositories/(\d+)`;

export interface Found {
  org: Org;
  repo: Repo;
  /** What the pattern has after the repository. */
  rest: string[];
}

/** A private repository is not there for who may not see it. */
function refusedSight(call: Call, { org, repo }: Found): Reply | null {
  if (!repo.private) return null;
  if (!isActive(org, call.caller?.user.id)) return notFound();
  return barred(call, org) ?? (hasScope(call.caller, REPO) ? null : notFound());
}

/** GitHub does not serve a former name: it says where the repository is now. */
function movedTo(call: Call, { repo }: Found, method: string): Reply {
  const after = call.url.pathname.split('/repos/')[1]?.split('/').slice(2) ?? [];
  const url = `${call.base}/repositories/${[repo.id, ...after].join('/')}`;
  const [status, words] = method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect'];
  return { ...failure(status, words, { url }), headers: { location: url } };
}

/** Routes of a repository, by its names and by its number. */
export function ofRepo(
  method: string,
  rest: string,
  permission: string,
  handle: (call: Call, found: Found) => Reply,
): Route[] {
  const serve = (call: Call, found: Found, moved: boolean): Reply =>
    refusedSight(call, found) ?? (moved ? movedTo(call, found, method) : handle(call, found));
  const common = { method, accepts: REPO, permission };
  return [
    {
      ...common,
      pattern: new RegExp(`${BY_NAME}${rest}$`),
      handle(call) {
        const [owner = '', name = '', ...after] = call.params;
        const found = findRepo(call.world, owner, name);
        return found ? serve(call, { ...found, rest: after }, found.moved) : notFound();
      },
    },
    {
      ...common,
      pattern: new RegExp(`${BY_ID}${rest}$`),
      handle(call) {
        const [id = '', ...after] = call.params;
        const repo = call.world.repos.get(Number(id));
        const org = repo && call.world.orgs.get(repo.orgId);
        return org ? serve(call, { org, repo, rest: after }, false) : notFound();
      },
    },
  ];
}

export const issuesOff = (): Reply => failure(410, 'Issues has been disabled in this repository.');

function listIssues(call: Call, { org, repo }: Found): Reply {
  if (!repo.hasIssues) return issuesOff();
  const state = call.url.searchParams.get('state') ?? 'open';
  if (state !== 'open' && state !== 'closed' && state !== 'all') return invalid('Issue', 'state', 'invalid');
  const issues = [...repo.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .sort((a, b) => b.number - a.number);
  const { base, world } = call;
  return page(call, issues, `/repositories/${repo.id}/issues`, (issue) => issueJson({ base, world, org, repo }, issue));
}

export const repoRoutes: Route[] = [
  ...ofRepo('GET', '', 'metadata=read', (call, { org, repo }) => ({
    status: 200,
    json: fullRepo(call.base, org, repo),
  })),
  ...ofRepo('GET', '/issues', 'issues=read', listIssues),
];
