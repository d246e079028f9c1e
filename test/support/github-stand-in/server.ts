/** One request: control, fault, sign-in, version, limit, route, ETag, answer, log. The order is GitHub's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTROL_HEADER, CONTROL_PATH, isControl, runControl } from './control.ts';
import type { Fault, Faults } from './faults.ts';
import { countRequest, currentRate, overLimit, rateHeaders } from './rate.ts';
import { type Call, type Caller, type Reply, type Route } from './reply.ts';
import { badCredentials, etagOf, failure, matchesEtag, notFound } from './reply.ts';
import { gistRoutes } from './routes-gists.ts';
import { orgRoutes } from './routes-orgs.ts';
import { userRoutes } from './routes-users.ts';
import { type World, tokenHash } from './state.ts';
import type { LogEntry, Steering } from './steering.ts';

const ROUTES: Route[] = [...userRoutes, ...orgRoutes, ...gistRoutes];
const VERSIONS = ['2022-11-28', '2026-03-10'];
const VERSION_DEFAULT = '2022-11-28';
const BODY_MAX_BYTES = 10 * 1024 * 1024;

export interface Context {
  world: World;
  faults: Faults;
  steering: Steering;
  log: LogEntry[];
  secret: string;
  random: (bytes: number) => Buffer;
  /** Origin of the stand-in; known once it listens. */
  base: () => string;
}

/** An answer with everything that goes on the wire. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  try {
    return size > BODY_MAX_BYTES ? undefined : JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

function tokenOf(request: IncomingMessage): string | null {
  return /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function callerOf(world: World, token: string | null): Caller | null {
  const known = token === null ? undefined : world.tokens.get(token);
  const user = known && world.users.get(known.uid);
  return token !== null && known && user ? { user, token: known, hash: tokenHash(token) } : null;
}

function decodeAll(groups: string[]): string[] | null {
  try {
    return groups.map((group) => decodeURIComponent(group));
  } catch {
    return null;
  }
}

function serve(context: Context, request: IncomingMessage, url: URL, body: unknown): Answer {
  const { world } = context;
  const method = request.method ?? 'GET';
  const token = tokenOf(request);
  const caller = callerOf(world, token);
  const version = request.headers['x-github-api-version'] ?? VERSION_DEFAULT;
  const found = ROUTES.map((route) => ({ route, match: route.pattern.exec(url.pathname) })).find(
    ({ route, match }) => match !== null && route.method === method,
  );
  const free = url.pathname === '/rate_limit';

  let reply: Reply;
  const params = decodeAll(found?.match?.slice(1) ?? []);
  const limited = free ? null : overLimit(world, caller);
  if (request.headers.authorization !== undefined && !caller) reply = badCredentials();
  else if (!VERSIONS.includes(String(version))) reply = failure(400, 'Unsupported API version');
  else if (limited) reply = limited;
  else if (found && params) {
    const call: Call = { world, caller, base: context.base(), url, params, body, random: context.random };
    reply = found.route.handle(call);
  } else reply = notFound();

  let text = reply.json === undefined ? '' : JSON.stringify(reply.json);
  const headers: Record<string, string> = {
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': String(version),
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...reply.headers,
  };
  if (caller?.token.scopes) {
    headers['x-oauth-scopes'] = caller.token.scopes.join(', ');
    headers['x-accepted-oauth-scopes'] = (found?.route.accepts ?? []).join(', ');
  }
  let { status } = reply;
  if (method === 'GET' && status === 200 && !free) {
    const etag = etagOf(text, url.pathname + url.search, caller);
    headers.etag = etag;
    headers['cache-control'] = 'private, max-age=60, s-maxage=60';
    headers.vary = 'Accept, Authorization, Cookie, X-GitHub-OTP';
    if (matchesEtag(request.headers['if-none-match'], etag)) {
      status = 304;
      text = '';
      delete headers['content-type'];
    }
  }
  // A 304 is free, but only with a valid Authorization header.
  if (!free && !limited && !(status === 304 && caller)) countRequest(world, caller);
  return { status, headers: { ...headers, ...rateHeaders(currentRate(world, caller)) }, body: text };
}

function faulty(fault: Fault): Answer {
  const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
  const type = typeof fault.body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
  return {
    status: fault.status ?? 302,
    headers: { 'content-type': type, ...(fault.redirect === undefined ? {} : { location: fault.redirect }) },
    body: text,
  };
}

function send(context: Context, response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  const github = fault?.fromGithub ?? true;
  const headers: Record<string, string> = {
    ...(github ? { server: 'github.com', 'x-github-request-id': requestId(context) } : {}),
    ...answer.headers,
    ...fault?.headers,
    date: new Date(context.world.now()).toUTCString(),
  };
  const bytes = Buffer.from(answer.body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (fault?.stall === true) {
    response.writeHead(answer.status, { ...headers, 'content-length': String(bytes.length) });
    response.write(half);
    return;
  }
  const sent = fault?.truncate === true ? half : bytes;
  const bodyless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, bodyless ? headers : { ...headers, 'content-length': String(sent.length) });
  response.end(bodyless ? undefined : sent);
}

const requestId = (context: Context): string => context.random(16).toString('hex').toUpperCase();

/** Answers one request. Never throws for what a client sends. */
export async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in.invalid');
  const body = await readBody(request);
  response.sendDate = false;

  if (url.pathname === CONTROL_PATH && isControl(String(request.headers[CONTROL_HEADER] ?? ''), context.secret)) {
    const { status, json } = runControl(context.steering, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    return;
  }

  const method = request.method ?? 'GET';
  const token = tokenOf(request);
  const entry: LogEntry = {
    method,
    path: url.pathname + url.search,
    status: 0,
    token: token === null ? null : tokenHash(token),
    conditional: request.headers['if-none-match'] !== undefined,
  };
  context.log.push(entry);

  const fault = context.faults.take(method, url.pathname);
  if (fault?.delayMs !== undefined) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, fault.delayMs);
      response.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (response.destroyed) return;
  }
  if (fault?.hang === true) return;
  if (fault?.reset === true) {
    request.socket.resetAndDestroy();
    return;
  }
  let answer: Answer;
  if (fault?.status !== undefined || fault?.redirect !== undefined) answer = faulty(fault);
  else if (request.headers['user-agent'] === undefined) {
    answer = {
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: 'Request forbidden by administrative rules.',
    };
  } else answer = serve(context, request, url, body);
  entry.status = answer.status;
  send(context, response, answer, fault);
}
