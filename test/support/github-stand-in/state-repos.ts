/** Repositories with issues and their comments: as much of them as an organisation's keyring needs. Plain data. */
import { type Org, type World, findOrg } from './state.ts';

export interface Comment {
  id: number;
  /** The number of its issue. */
  issue: number;
  uid: number;
  body: string;
  createdAt: number;
  updatedAt: number;
  /** Slug of the app that wrote it in the person's name; null: the person did. */
  viaApp: string | null;
}

export interface Issue {
  number: number;
  uid: number;
  title: string;
  state: 'open' | 'closed';
  createdAt: number;
  comments: Map<number, Comment>;
}

export interface Repo {
  id: number;
  name: string;
  /** Names that it had: they lead to it until somebody takes them. */
  formerNames: Set<string>;
  orgId: number;
  private: boolean;
  hasIssues: boolean;
  createdAt: number;
  issues: Map<number, Issue>;
}

/** A repository by its owner's and its own name, whatever their case; with `moved` when the name is a former one. */
export function findRepo(world: World, owner: string, name: string): { org: Org; repo: Repo; moved: boolean } | null {
  const org = findOrg(world, owner);
  if (!org) return null;
  const wanted = name.toLowerCase();
  const repos = [...world.repos.values()].filter(({ orgId }) => orgId === org.id);
  const repo = repos.find((one) => one.name.toLowerCase() === wanted);
  if (repo) return { org, repo, moved: false };
  const former = repos.find(({ formerNames }) => formerNames.has(wanted));
  return former ? { org, repo: former, moved: true } : null;
}

/** A comment with its issue, by its number alone. */
export function findComment(repo: Repo, id: number): { issue: Issue; comment: Comment } | null {
  for (const issue of repo.issues.values()) {
    const comment = issue.comments.get(id);
    if (comment) return { issue, comment };
  }
  return null;
}

/** Numbers of issues, comments and repositories are never given twice. */
export function nextId(world: World): number {
  let highest = 0;
  for (const repo of world.repos.values()) {
    highest = Math.max(highest, repo.id);
    for (const issue of repo.issues.values()) highest = Math.max(highest, ...issue.comments.keys());
  }
  return highest + 1;
}
