/** One request to the API: sign-in, version, limits, permission, route, headers, ETag. The order is GitHub's. */
import type { IncomingMessage } from 'node:http';
import { lacksPermission, suspended } from './access.ts';
import { countRequest, countWrite, overLimit, rateHeaders, tooManyWrites } from './rate.ts';
import { type Call, type Caller, type Reply, type Route } from './reply.ts';
import { badCredentials, etagOf, failure, matchesEtag, notFound, requiresAuthentication } from './reply.ts';
import { commentRoutes } from './routes-comments.ts';
import { gistRoutes } from './routes-gists.ts';
import { metaRoutes } from './routes-meta.ts';
import { orgRoutes } from './routes-orgs.ts';
import { repoRoutes } from './routes-repos.ts';
import { userRoutes } from './routes-users.ts';
import { type Product, type World, tokenHash } from './state.ts';

const ROUTES: Route[] = [...metaRoutes, ...userRoutes, ...orgRoutes, ...gistRoutes, ...repoRoutes, ...commentRoutes];
/** GHES gets the newer one with 3.21. */
const VERSIONS: Readonly<Record<Product, readonly string[]>> = {
  'github.com': ['2022-11-28', '2026-03-10'],
  ghes: ['2022-11-28'],
};
const VERSION_DEFAULT = '2022-11-28';

/** An answer with everything that goes on the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface ApiRequest {
  /** Below the base of the API, without query. */
  path: string;
  url: URL;
  body: unknown;
  /** The base of the API, for the links in replies. */
  base: string;
  random: (bytes: number) => Buffer;
}

export function tokenOf(request: IncomingMessage): string | null {
  return /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function callerOf(world: World, token: string | null): Caller | null {
  const known = token === null ? undefined : world.tokens.get(token);
  const user = known && world.users.get(known.uid);
  return token !== null && known && user ? { user, token: known, hash: tokenHash(token) } : null;
}

/** The version that a request names; the default when it names none. */
export function versionOf(request: IncomingMessage): string {
  return String(request.headers['x-github-api-version'] ?? VERSION_DEFAULT);
}

function decodeAll(groups: string[]): string[] | null {
  try {
    return groups.map((group) => decodeURIComponent(group));
  } catch {
    return null;
  }
}

function routeOf(method: string, path: string): { route: Route; params: string[] } | null {
  for (const route of ROUTES) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    const params = match && decodeAll(match.slice(1));
    if (params) return { route, params };
  }
  return null;
}

function identityHeaders(caller: Caller | null, route: Route | undefined): Record<string, string> {
  if (!caller) return {};
  const { scopes, app } = caller.token;
  if (!scopes) return route?.permission === undefined ? {} : { 'x-accepted-github-permissions': route.permission };
  return {
    'x-oauth-scopes': scopes.join(', '),
    'x-accepted-oauth-scopes': (route?.accepts ?? []).join(', '),
    ...(app === null ? {} : { 'x-oauth-client-id': app }),
  };
}

/** What a request is refused for before its route is asked. */
function refusedBefore(world: World, request: IncomingMessage, caller: Caller | null): Reply | null {
  if (request.headers.authorization !== undefined && !caller) return badCredentials();
  if (!caller && world.privateMode) return requiresAuthentication();
  if (caller?.user.suspended === true) return suspended();
  if (!VERSIONS[world.product].includes(versionOf(request))) return failure(400, 'Unsupported API version');
  return null;
}

/** Answers what the API is asked. Nothing that a client sends makes it throw. */
export function serveApi(world: World, request: IncomingMessage, asked: ApiRequest): Answer {
  const { url, path, body, base, random } = asked;
  const method = request.method ?? 'GET';
  const version = versionOf(request);
  const caller = callerOf(world, tokenOf(request));
  const found = routeOf(method, path);
  const free = path === '/rate_limit';
  const writes = method !== 'GET' && method !== 'HEAD';

  const limited = free ? null : (overLimit(world, caller) ?? (writes ? tooManyWrites(world, caller) : null));
  const reply =
    refusedBefore(world, request, caller) ??
    limited ??
    (found && caller && lacksPermission(caller, found.route.permission)) ??
    found?.route.handle({ world, caller, base, url, version, params: found.params, body, random } satisfies Call) ??
    notFound();

  let text = reply.json === undefined ? '' : JSON.stringify(reply.json);
  const headers: Record<string, string> = {
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': version,
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...reply.headers,
    ...identityHeaders(caller, found?.route),
  };
  let { status } = reply;
  if (method === 'GET' && status === 200 && !free) {
    const etag = etagOf(text, url.pathname + url.search, caller);
    headers['etag'] = etag;
    headers['cache-control'] = 'private, max-age=60, s-maxage=60';
    headers['vary'] = 'Accept, Authorization, Cookie, X-GitHub-OTP';
    if (matchesEtag(request.headers['if-none-match'], etag)) {
      status = 304;
      text = '';
      delete headers['content-type'];
    }
  }
  if (writes && !limited) countWrite(world, caller);
  // A 304 is free, but only with a valid Authorization header.
  if (!free && !limited && !(status === 304 && caller)) countRequest(world, caller);
  return { status, headers: { ...headers, ...rateHeaders(world, caller) }, body: text };
}
