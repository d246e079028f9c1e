/** The route table: from a request to a method of the backend and from what it says to an answer. */
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import type { Logger } from '../platform/logger.ts';
import { printable } from '../platform/printable.ts';
import { type Caller, CALLER_HEADER, decodeCaller } from '../protocol/caller.ts';
import { askRequest, citeRequest, dumpRequest } from '../protocol/answer-requests.ts';
import { hookRequestOf, parsePid } from '../protocol/claude-hook.ts';
import { anything } from '../protocol/decode.ts';
import { routes } from '../protocol/local-api.ts';
import type { CallRoute, RouteTypes } from '../protocol/local-api-types.ts';
import {
  hookRequest,
  inboxQuery,
  personRequest,
  readQuery,
  revokeRequest,
  shareRequest,
  trustRequest,
  typedHandle,
  unshareRequest,
  verifyRequest,
} from '../protocol/local-requests.ts';
import { decodeReader, READER_HEADER } from '../protocol/reader.ts';
import type { Backend } from './backend.ts';
import { callerGone, ndjson } from './read-stream.ts';
import { decodeBody, decodeInput } from './request-body.ts';

type Env = { Bindings: HttpBindings };
type Ctx = Context<Env>;
type Handlers = { [R in CallRoute]: (backend: Backend, c: Ctx) => Promise<RouteTypes[R]['response']> };

const handlers: Handlers = {
  status: (backend) => backend.status(),
  down: (backend) => backend.down(),
  whoami: (backend) => backend.whoami(),
  hook: async (backend, c) => backend.hook(await decodeBody(c.env.incoming, hookRequest)),
  sessions: (backend) => backend.sessions(),
  preview: async (backend, c) => backend.preview(await decodeBody(c.env.incoming, shareRequest)),
  share: async (backend, c) => backend.share(await decodeBody(c.env.incoming, shareRequest), callerOf(c)),
  unshare: async (backend, c) => backend.unshare(await decodeBody(c.env.incoming, unshareRequest)),
  shared: (backend) => backend.shared(),
  activity: (backend) => backend.activity(),
  connections: (backend) => backend.connections(),
  teammates: (backend) => backend.teammates(),
  accept: async (backend, c) => backend.accept(await decodeBody(c.env.incoming, personRequest), callerOf(c)),
  decline: async (backend, c) => backend.decline(await decodeBody(c.env.incoming, personRequest)),
  disconnect: async (backend, c) => backend.disconnect(await decodeBody(c.env.incoming, personRequest)),
  block: async (backend, c) => backend.block(await decodeBody(c.env.incoming, personRequest)),
  unblock: async (backend, c) => backend.unblock(await decodeBody(c.env.incoming, personRequest), callerOf(c)),
  devices: (backend) => backend.devices(),
  verify: async (backend, c) => backend.verify(await decodeBody(c.env.incoming, verifyRequest), callerOf(c)),
  trust: async (backend, c) => backend.trust(await decodeBody(c.env.incoming, trustRequest), callerOf(c)),
  revoke: async (backend, c) => backend.revoke(await decodeBody(c.env.incoming, revokeRequest)),
  inbox: async (backend, c) => backend.inbox(handleOf(c), isShown(c) ? readerOf(c, 'show') : null),
  ask: async (backend, c) => backend.ask(await decodeBody(c.env.incoming, askRequest), readerOf(c, 'ask')),
  cite: async (backend, c) => backend.cite(await decodeBody(c.env.incoming, citeRequest), readerOf(c, 'cite')),
  dump: async (backend, c) => backend.dump(await decodeBody(c.env.incoming, dumpRequest), readerOf(c, 'dump')),
};

export interface AppOptions {
  backend: Backend;
  logger: Logger;
  /** Read streams that are open; the server aborts them when it stops. */
  streams: Set<AbortController>;
}

/** The application without a listener. It refuses what a browser sends: nothing in one has business here. */
export function createApp({ backend, logger, streams }: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    if (c.req.header('origin') !== undefined) {
      throw new TeammateSyncError('BAD_REQUEST', 'requests from a web page are refused');
    }
    await next();
  });
  for (const name of Object.keys(routes)) {
    if (!isCallRoute(name)) continue;
    const handler = handlers[name];
    app.on(...methodAndPath(name), async (c: Ctx) => c.json(await handler(backend, c)));
  }
  app.on(...methodAndPath('claudeHook'), (c: Ctx) => claudeHook(c, backend));
  app.on(...methodAndPath('read'), (c: Ctx) => read(c, { backend, logger, streams }));
  app.notFound((c) => {
    throw new TeammateSyncError('BAD_REQUEST', `no such route: ${c.req.method} ${c.req.path}`);
  });
  app.onError((thrown, c) => {
    const error = asTeammateSyncError(thrown);
    if (error.code === 'INTERNAL') logger.error('request failed', { path: c.req.path, error: thrown });
    return Response.json({ error: error.toBody() }, { status: error.status });
  });
  return app;
}

/** curl fails by it, and the shell hands the same input to our program, which runs the verb. */
const FOR_OUR_PROGRAM = 422;

/** What it answers is for Claude Code to read, as the output of a hook: so nothing, or a line for the user. */
async function claudeHook(c: Ctx, backend: Backend): Promise<Response> {
  const pid = parsePid(c.req.query('pid'));
  if (pid === null) throw new TeammateSyncError('BAD_REQUEST', 'query.pid: not a process id');
  const about = { pid, cwd: '', attended: c.req.query('attended'), plugin: c.req.query('plugin') === '1' };
  const request = hookRequestOf(await decodeBody(c.env.incoming, anything), about);
  const message = request && (await backend.hook(decodeInput(() => hookRequest(request, 'request')))).message;
  if (request?.prompt === 'own') return c.body(null, FOR_OUR_PROGRAM);
  return message ? c.json({ systemMessage: printable(message) }) : c.body(null, 204);
}

async function read(c: Ctx, { backend, logger, streams }: AppOptions): Promise<Response> {
  const query = decodeInput(() => readQuery(c.req.query(), 'query'));
  const stop = new AbortController();
  streams.add(stop);
  // Also when the caller goes away while the first event is awaited: until then nothing else would notice.
  c.env.outgoing.once('close', () => {
    streams.delete(stop);
    stop.abort(callerGone());
  });
  const report = (error: unknown): void => logger.error('read failed', { path: c.req.path, error });
  const body = await ndjson(backend.read(handleOf(c), query, stop.signal, readerOf(c, 'show')), stop, report);
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}

function handleOf(c: Ctx): string {
  return decodeInput(() => typedHandle(c.req.param('handle'), 'handle'));
}

/** Who says to ask. */
function callerOf(c: Ctx): Caller | null {
  return decodeInput(() => decodeCaller(c.req.header(CALLER_HEADER)));
}

/** Somebody sees the newest lines in it. */
function isShown(c: Ctx): boolean {
  return decodeInput(() => inboxQuery(c.req.query(), 'query')).shown === '1';
}

/** With what is read. */
function readerOf(c: Ctx, route: string): string {
  return decodeInput(() => decodeReader(c.req.header(READER_HEADER), route));
}

/** All but the stream; a route without a handler does not compile. */
function isCallRoute(name: string): name is CallRoute {
  return Object.hasOwn(handlers, name);
}

function methodAndPath(name: keyof typeof routes): [method: string, path: string] {
  const [method = '', path = ''] = routes[name].split(' ');
  return [method, path];
}
