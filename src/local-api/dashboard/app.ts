/** The application behind the dashboard's listener: checks, the page's session, its files, and the routes it may ask. */
import { Hono } from 'hono';
import { TeammateSyncError } from '../../errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { DASHBOARD_HEADER, PAGE_PATHS, PAGE_ROUTES } from '../../protocol/dashboard.ts';
import { object, text } from '../../protocol/decode.ts';
import { failure } from '../app.ts';
import { decodeBody } from '../request-body.ts';
import { addRoutes, type Ctx, type Env, type Routed } from '../route-table.ts';
import { checkContentType, checkOrigin, Refusal } from './checks.ts';
import { eventStream, type PartsFeed } from './event-stream.ts';
import { FILE_PATHS, fileAt, isFile } from './files.ts';
import type { Opening, Pages } from './pages.ts';

export interface PageApp extends Routed {
  pages: Pages;
  parts: PartsFeed;
  clock: Clock;
  /** Where it listens; known once it does. */
  port: () => number;
  files: URL;
}

const secret = text(64, /^[\w-]{1,64}$/);
const codeRequest = object({ code: secret });
const challengeRequest = object({ id: secret, nonce: secret });
const resumeRequest = object({ id: secret, nonce: secret, proof: secret });
/** Says nothing, as an object. */
const empty = object({});

export function createPageApp(page: PageApp): Hono<Env> {
  const { pages, parts, logger, port } = page;
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const file = isFile(c.req.path);
    checkOrigin(c.env.incoming, port(), file);
    checkContentType(c.env.incoming);
    if (!file && !OPENING.has(c.req.path)) {
      if (!pages.knows(c.req.header(DASHBOARD_HEADER) ?? '', cookieOf(c, port()))) throw closed();
      c.set('page', true);
    }
    await next();
    if (c.req.method === 'POST') parts.nudge();
  });
  for (const file of FILE_PATHS) app.get(file, () => fileAt(file, page.files));
  app.post(PAGE_PATHS.open, async (c) => {
    const { code } = await decodeBody(c.env.incoming, codeRequest);
    return opened(c, pages.open(code, cookieOf(c, port())), port());
  });
  app.post(PAGE_PATHS.key, async (c) => {
    await decodeBody(c.env.incoming, empty);
    const key = pages.renew(c.req.header(DASHBOARD_HEADER) ?? '');
    if (!key) throw closed();
    return c.json(key);
  });
  app.post(PAGE_PATHS.challenge, async (c) => {
    const { id, nonce } = await decodeBody(c.env.incoming, challengeRequest);
    const answer = pages.challenge(id, nonce, port());
    if (!answer) throw closed();
    return c.json(answer);
  });
  app.post(PAGE_PATHS.resume, async (c) => {
    const { id, nonce, proof } = await decodeBody(c.env.incoming, resumeRequest);
    return opened(c, pages.resume(id, nonce, proof, { port: port(), cookie: cookieOf(c, port()) }), port());
  });
  app.get(PAGE_PATHS.events, (c) => events(c, page));
  addRoutes(app, page, PAGE_ROUTES);
  app.notFound(() => {
    throw new Refusal(404, 'pages of the dashboard have no such route');
  });
  app.onError((thrown, c) => {
    const answer = failure(thrown, c.req.path, logger);
    return thrown instanceof Refusal
      ? new Response(answer.body, { ...answerOf(answer), status: thrown.answeredWith })
      : answer;
  });
  return app;
}

/** Before there is a session. */
const OPENING: ReadonlySet<string> = new Set([PAGE_PATHS.open, PAGE_PATHS.challenge, PAGE_PATHS.resume]);

function answerOf({ headers }: Response): ResponseInit {
  return { headers };
}

/** It never says why: whether a code was right once is nobody's business. */
function closed(): TeammateSyncError {
  return new TeammateSyncError('PAGE_CLOSED', 'This page is not open, or not any more.');
}

/** Its name has the port in it: cookies know no ports, and other homes have dashboards of their own. */
function cookieName(port: number): string {
  return `teammate-sync-${port}`;
}

function cookieOf(c: Ctx, port: number): string | null {
  const pairs = (c.req.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  const prefix = `${cookieName(port)}=`;
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) ?? null;
}

function opened(c: Ctx, opening: Opening | null, port: number): Response {
  if (!opening) throw closed();
  c.header('set-cookie', `${cookieName(port)}=${opening.cookie}; HttpOnly; SameSite=Strict; Path=/`);
  return c.json(opening.opened);
}

function events(c: Ctx, { parts, clock, streams }: PageApp): Response {
  const stop = new AbortController();
  streams.add(stop);
  c.env.outgoing.once('close', () => {
    streams.delete(stop);
    stop.abort();
  });
  return new Response(eventStream(parts, clock, stop.signal), { headers: { 'content-type': 'text/event-stream' } });
}
