/**
 * GitHub: who one is, who is in the organisation, and the published device records of people, over the REST API.
 *
 * Records lie in gists and in the org's keyring; the rest of the product does not know which, but to tell it.
 *
 * It must never: decide what to believe of a record (identity/ does), send the token to another origin than the
 * configured API base and the web host that belongs to it, follow a redirect, put a
 * token into an error, a log line or a file (but auth.json, when it came from the device flow), or take silence for an
 * answer: only 204 and GitHub's own 404 say something about a membership.
 *
 * Invariants: one request at a time; writes start at least GITHUB_WRITE_GAP_MS apart on a real host, and are never made
 * again by themselves; every answer bounded in time and bytes and decoded field by field; reads are conditional (a 304 costs
 * nothing of the hourly limit); while a limit holds, GitHub is not asked. Octokit is loaded by the first question.
 */
export { type GithubDirectory, type GithubOptions, createGithubDirectory } from './directory.ts';
export { forgetToken, keepToken } from './auth-file.ts';
export { type DeviceCode, type DeviceFlowOptions, signInDevice } from './device-flow.ts';
export { keyringName, recordPage } from './places.ts';
export { lacksScope, missingScopes, scopeCommand } from './scopes.ts';
export { type FoundToken, type TokenSource, findToken, lookForToken, noToken, rememberToken } from './token.ts';
export type { Workspaces } from './workspace.ts';
