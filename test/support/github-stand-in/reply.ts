/** What a route answers, and the error bodies that GitHub uses. */
import { createHash } from 'node:crypto';
import type { Token, User, World } from './state.ts';

export interface Reply {
  status: number;
  /** Sent as JSON; absent for replies without a body. */
  json?: unknown;
  headers?: Record<string, string>;
}

/** Who asks; null without an Authorization header. */
export interface Caller {
  user: User;
  token: Token;
  hash: string;
}

export interface Call {
  world: World;
  caller: Caller | null;
  /** Origin of the stand-in, for the links in replies. */
  base: string;
  url: URL;
  /** Of the API, as the request named it. */
  version: string;
  /** The decoded groups of the route's pattern. */
  params: string[];
  /** Parsed request body, `undefined` when there was none or it was not JSON. */
  body: unknown;
  random: (bytes: number) => Buffer;
}

export interface Route {
  method: string;
  pattern: RegExp;
  /** Scopes of which one suffices; goes into x-accepted-oauth-scopes. */
  accepts: string[];
  /** What a fine-grained token needs, as `gists=write`; undefined: nothing. */
  permission?: string;
  handle(call: Call): Reply;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const DOCS = 'https://docs.github.com/rest';

export function failure(status: number, message: string, extra: Record<string, unknown> = {}): Reply {
  return { status, json: { message, ...extra, documentation_url: DOCS, status: String(status) } };
}

/** GitHub says 404 also where it would not say whether a thing exists. */
export const notFound = (): Reply => failure(404, 'Not Found');
export const badCredentials = (): Reply => failure(401, 'Bad credentials');
export const requiresAuthentication = (): Reply => failure(401, 'Requires authentication');

export function invalid(resource: string, field: string, code: string): Reply {
  return failure(422, 'Validation Failed', { errors: [{ resource, code, field }] });
}

/** A fine-grained token has no scopes; its permission was looked at before. */
export function hasScope(caller: Caller | null, accepted: string[]): boolean {
  if (!caller) return false;
  const { scopes } = caller.token;
  return scopes === null || accepted.some((scope) => scopes.includes(scope));
}

/** Weak, and another one for each token, as GitHub's are. */
export function etagOf(body: string, path: string, caller: Caller | null): string {
  const hash = createHash('sha256')
    .update(`${caller?.hash ?? ''}\n${path}\n${body}`)
    .digest('hex');
  return `W/"${hash}"`;
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** If-None-Match compares weakly: the W/ does not count. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}
