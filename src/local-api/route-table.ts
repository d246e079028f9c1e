/** The route table: from a request to a method of the backend. Who may ask which route is for the listener to say. */
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Logger } from '../platform/logger.ts';
import { type Caller, CALLER_HEADER, decodeCaller } from '../protocol/caller.ts';
import { askRequest, citeRequest, dumpRequest, outlineRequest } from '../protocol/answer-requests.ts';
import { type RouteName, routes } from '../protocol/local-api.ts';
import type { CallRoute, RouteTypes, StreamRoute } from '../protocol/local-api-types.ts';
import {
  aliasRequest,
  dashboardRequest,
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

/** `page`: it came in by the dashboard's listener, from a page whose session was checked. */
export type Env = { Bindings: HttpBindings; Variables: { page?: true } };
export type Ctx = Context<Env>;
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
  aliases: (backend) => backend.aliases(),
  alias: async (backend, c) => backend.alias(await decodeBody(c.env.incoming, aliasRequest), callerOf(c)),
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
  dashboard: async (backend, c) => backend.dashboard(await decodeBody(c.env.incoming, dashboardRequest), callerOf(c)),
};

/** Decodes the request; what it gives begins the events. */
type StreamHandler = (backend: Backend, c: Ctx) => Promise<(signal: AbortSignal) => AsyncIterable<object>>;

const streamHandlers: Readonly<Record<StreamRoute, StreamHandler>> = {
  async read(backend, c) {
    const query = decodeInput(() => readQuery(c.req.query(), 'query'));
    const [handle, reader] = [handleOf(c), readerOf(c, 'show')];
    return (signal) => backend.read(handle, query, signal, reader);
  },
  async answer(backend, c) {
    const request = await decodeBody(c.env.incoming, askRequest);
    const reader = readerOf(c, 'ask');
    return (signal) => backend.answer(request, signal, reader);
  },
  async doctor(backend) {
    return (signal) => backend.doctor(signal);
  },
  async outline(backend, c) {
    const request = await decodeBody(c.env.incoming, outlineRequest);
    return (signal) => backend.outline(request, signal);
  },
};

export interface Routed {
  backend: Backend;
  logger: Logger;
  /** Streams that are open; the server aborts them when it stops. */
  streams: Set<AbortController>;
}

/** Adds those of `names` that are answered from the backend alone. */
export function addRoutes(app: Hono<Env>, routed: Routed, names: readonly RouteName[]): void {
  for (const name of names) {
    if (isStreamRoute(name)) {
      app.on(...methodAndPath(name), (c: Ctx) => streamed(c, routed, streamHandlers[name]));
    } else if (isCallRoute(name)) {
      const handler = handlers[name];
      app.on(...methodAndPath(name), async (c: Ctx) => c.json(await handler(routed.backend, c)));
    }
  }
}

export function methodAndPath(name: RouteName): [method: string, path: string] {
  const [method = '', path = ''] = routes[name].split(' ');
  return [method, path];
}

async function streamed(c: Ctx, { backend, logger, streams }: Routed, handler: StreamHandler): Promise<Response> {
  const open = await handler(backend, c);
  const stop = new AbortController();
  streams.add(stop);
  // Also when the caller goes away while the first event is awaited: until then nothing else would notice.
  c.env.outgoing.once('close', () => {
    streams.delete(stop);
    stop.abort(callerGone());
  });
  const report = (error: unknown): void => logger.error('stream failed', { path: c.req.path, error });
  const body = await ndjson(open(stop.signal), stop, report);
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}

function handleOf(c: Ctx): string {
  return decodeInput(() => typedHandle(c.req.param('handle'), 'handle'));
}

/** Who says to ask. That it is the dashboard nobody can say: only its own listener knows. */
function callerOf(c: Ctx): Caller | null {
  if (c.get('page')) return { via: 'dashboard' };
  return decodeInput(() => decodeCaller(c.req.header(CALLER_HEADER)));
}

/** Somebody sees the newest lines in it. */
function isShown(c: Ctx): boolean {
  return decodeInput(() => inboxQuery(c.req.query(), 'query')).shown === '1';
}

/** With what is read. */
function readerOf(c: Ctx, route: string): string {
  if (c.get('page')) return 'dashboard';
  return decodeInput(() => decodeReader(c.req.header(READER_HEADER), route));
}

function isStreamRoute(name: string): name is StreamRoute {
  return Object.hasOwn(streamHandlers, name);
}

/** All but the streams; a route without a handler does not compile. */
function isCallRoute(name: string): name is CallRoute {
  return Object.hasOwn(handlers, name);
}
