/** Where device records are published, for people: its names, its pages, and what makes it. */
import type { Place } from '../identity/index.ts';
import type { ApiBase } from '../platform/api-host.ts';

/** The org's keyring: comments on this issue of this repository. */
const KEYRING_REPO = '.teammate-sync';
const KEYRING_ISSUE = 1;

/** The comments of the keyring, below the API base. @param org a name that may stand in a URL */
export const keyringPath = (org: string): string => `${repoPath(org)}/issues/${KEYRING_ISSUE}/comments`;
/** The keyring's repository, below the API base. */
export const repoPath = (org: string): string => `/repos/${org}/${KEYRING_REPO}`;
/** One comment of it. */
export const commentPath = (org: string, id: number): string => `${repoPath(org)}/issues/comments/${id}`;

/** The keyring in words. */
export const keyringName = (org: string): string => `issue ${KEYRING_ISSUE} of ${org}/${KEYRING_REPO}`;

/** The page of a person's gists, or of the keyring: where a record is deleted by hand. */
export function recordPage(
  { host, web }: ApiBase,
  place: Place,
  { login, org }: { login: string; org: string },
): string {
  if (place === 'keyring') return new URL(`/${org}/${KEYRING_REPO}/issues/${KEYRING_ISSUE}`, web).href;
  // Gists are on a host of their own on github.com, else below /gist.
  return host === 'github.com' ? `https://gist.github.com/${login}` : new URL(`/gist/${login}`, web).href;
}

/** What somebody types, once for the whole team, to make the keyring, or the rest of it. */
export function keyringCommands({ host, webHost }: ApiBase, org: string, has: 'nothing' | 'repository'): string[] {
  const repo = `${host === 'github.com' ? '' : `${webHost}/`}${org}/${KEYRING_REPO}`;
  const issue = `gh issue create -R ${repo} --title "Device records" --body "Written by teammate-sync: one comment per device. Not to be edited."`;
  return has === 'repository' ? [issue] : [`gh repo create ${repo} --private`, issue];
}
