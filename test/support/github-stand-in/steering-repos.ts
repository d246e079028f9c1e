/** Steering of repositories, issues and comments. */
import { type Issue, type Repo, findComment, findRepo, nextId } from './state-repos.ts';
import type { Org, User, World } from './state.ts';

export interface NewComment {
  author: string;
  body: string;
  /** Slug of the app that wrote it in the author's name. */
  viaApp?: string;
}

/** Repositories are named `owner/name`. */
export function repoSteering(world: World, person: (login: string) => User, organisation: (login: string) => Org) {
  const repository = (full: string): Repo => {
    const [owner = '', name = ''] = full.split('/');
    const found = findRepo(world, owner, name);
    if (!found) throw new Error(`the stand-in has no repository ${full}`);
    return found.repo;
  };
  const issueOf = (full: string, number: number): Issue => {
    const issue = repository(full).issues.get(number);
    if (!issue) throw new Error(`${full} has no issue ${number}`);
    return issue;
  };

  return {
    /** Private unless said otherwise: members of the organisation see it. */
    addRepo(full: string, options: { private?: boolean; hasIssues?: boolean } = {}): { id: number } {
      const [owner = '', name = ''] = full.split('/');
      const org = organisation(owner);
      if (findRepo(world, owner, name)?.moved === false) throw new Error(`${full} is taken`);
      const id = nextId(world);
      world.repos.set(id, {
        id,
        name,
        formerNames: new Set(),
        orgId: org.id,
        private: options.private ?? true,
        hasIssues: options.hasIssues ?? true,
        createdAt: world.now(),
        issues: new Map(),
      });
      return { id };
    },
    /** The former name leads to the new one. */
    renameRepo(full: string, name: string): void {
      const repo = repository(full);
      repo.formerNames.add(repo.name.toLowerCase());
      repo.name = name;
    },
    addIssue(full: string, issue: { author: string; title: string; state?: 'open' | 'closed' }): { number: number } {
      const { issues } = repository(full);
      const number = issues.size + 1;
      const { title, state = 'open' } = issue;
      const uid = person(issue.author).id;
      issues.set(number, { number, uid, title, state, createdAt: world.now(), comments: new Map() });
      return { number };
    },
    /** Writes a comment as anybody. */
    putComment(full: string, issue: number, { author, body, viaApp }: NewComment): { id: number } {
      const id = nextId(world);
      const now = world.now();
      const times = { createdAt: now, updatedAt: now };
      const uid = person(author).id;
      issueOf(full, issue).comments.set(id, { id, issue, uid, body, ...times, viaApp: viaApp ?? null });
      return { id };
    },
    /** Changes a comment's text, as its author or a maintainer may: it stays the author's, and only the time tells. */
    editComment(full: string, id: number, body: string): void {
      const at = findComment(repository(full), id);
      if (!at) throw new Error(`${full} has no comment ${id}`);
      at.comment.body = body;
      // GitHub's times are in seconds.
      at.comment.updatedAt = Math.max(world.now(), at.comment.createdAt + 1000);
    },
    deleteComment(full: string, id: number): void {
      findComment(repository(full), id)?.issue.comments.delete(id);
    },
    /** The comments of an issue, oldest first. */
    commentsOf: (full: string, issue: number): { id: number; uid: number; body: string }[] =>
      [...issueOf(full, issue).comments.values()].map(({ id, uid, body }) => ({ id, uid, body })),
  };
}
