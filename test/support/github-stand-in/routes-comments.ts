/** Comments of an issue: the keyring of an organisation that has no gists. */
import { page } from './paging.ts';
import { type Call, type Reply, type Route, failure, hasScope, invalid, isRecord } from './reply.ts';
import { notFound, requiresAuthentication } from './reply.ts';
import { type Found, issuesOff, ofRepo } from './routes-repos.ts';
import { commentJson } from './shapes-repos.ts';
import { type Comment, type Issue, findComment, nextId } from './state-repos.ts';

const OF_ISSUE = String.raw`/issues/(\d+)/comments`;
const ONE = String.raw`/issues/comments/(\d+)`;
const BODY_MAX_CHARACTERS = 65_536;

function show({ base, world }: Call, { org, repo }: Found, comment: Comment): unknown {
  return commentJson({ base, world, org, repo }, comment);
}

/** Hands the issue on; there is none in a repository that has switched them off. */
function inIssue(handle: (call: Call, found: Found, issue: Issue) => Reply) {
  return (call: Call, found: Found): Reply => {
    if (!found.repo.hasIssues) return issuesOff();
    const issue = found.repo.issues.get(Number(found.rest[0]));
    return issue ? handle(call, found, issue) : notFound();
  };
}

function list(call: Call, found: Found, issue: Issue): Reply {
  const since = call.url.searchParams.get('since');
  const sinceMs = since === null ? 0 : Date.parse(since);
  if (Number.isNaN(sinceMs)) return invalid('IssueComment', 'since', 'invalid');
  const comments = [...issue.comments.values()].filter(({ updatedAt }) => updatedAt >= sinceMs);
  const place = `/repositories/${found.repo.id}/issues/${issue.number}/comments`;
  return page(call, comments, place, (comment) => show(call, found, comment));
}

function mayWrite({ caller }: Call, { repo }: Found): Reply | null {
  if (!caller) return requiresAuthentication();
  return hasScope(caller, repo.private ? ['repo'] : ['repo', 'public_repo']) ? null : notFound();
}

function create(call: Call, found: Found, issue: Issue): Reply {
  const no = mayWrite(call, found);
  if (no || !call.caller) return no ?? requiresAuthentication();
  if (!isRecord(call.body)) return failure(400, 'Problems parsing JSON');
  const { body } = call.body;
  if (typeof body !== 'string' || body.trim() === '') return invalid('IssueComment', 'body', 'missing_field');
  if (body.length > BODY_MAX_CHARACTERS) return invalid('IssueComment', 'body', 'custom');
  const now = call.world.now();
  const comment: Comment = {
    id: nextId(call.world),
    issue: issue.number,
    uid: call.caller.user.id,
    body,
    createdAt: now,
    updatedAt: now,
    viaApp: null,
  };
  issue.comments.set(comment.id, comment);
  const location = `${call.base}/repos/${found.org.login}/${found.repo.name}/issues/comments/${comment.id}`;
  return { status: 201, json: show(call, found, comment), headers: { location } };
}

function one(call: Call, found: Found): Reply {
  const at = findComment(found.repo, Number(found.rest[0]));
  return at ? { status: 200, json: show(call, found, at.comment) } : notFound();
}

/** Its author may, and who administers the organisation. */
function remove(call: Call, found: Found): Reply {
  const no = mayWrite(call, found);
  if (no || !call.caller) return no ?? requiresAuthentication();
  const at = findComment(found.repo, Number(found.rest[0]));
  if (!at) return notFound();
  const { id } = call.caller.user;
  if (at.comment.uid !== id && found.org.members.get(id)?.role !== 'admin') {
    return failure(403, 'Must have admin rights to Repository.');
  }
  at.issue.comments.delete(at.comment.id);
  return { status: 204 };
}

export const commentRoutes: Route[] = [
  ...ofRepo('GET', OF_ISSUE, 'issues=read', inIssue(list)),
  ...ofRepo('POST', OF_ISSUE, 'issues=write', inIssue(create)),
  ...ofRepo('GET', ONE, 'issues=read', one),
  ...ofRepo('DELETE', ONE, 'issues=write', remove),
];
