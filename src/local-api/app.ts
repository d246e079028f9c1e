/** The application behind the socket: every route, for programs of the user's. */
import { Hono } from 'hono';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import type { Logger } from '../platform/logger.ts';
import { printable } from '../platform/printable.ts';
import { hookRequestOf, parsePid } from '../protocol/claude-hook.ts';
import { anything } from '../protocol/decode.ts';
import { type RouteName, routes } from '../protocol/local-api.ts';
import { hookRequest } from '../protocol/local-requests.ts';
import type { Backend } from './backend.ts';
import { decodeBody, decodeInput } from './request-body.ts';
import { addRoutes, type Ctx, type Env, methodAndPath, type Routed } from './route-table.ts';

/** The application without a listener. It refuses what a browser sends: that has a listener of its own. */
export function createApp(routed: Routed): Hono<Env> {
  const { backend, logger } = routed;
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    if (c.req.header('origin') !== undefined) {
      throw new TeammateSyncError('BAD_REQUEST', 'requests from a web page are refused');
    }
    await next();
  });
  addRoutes(app, routed, Object.keys(routes).filter(isRoute));
  app.on(...methodAndPath('claudeHook'), (c: Ctx) => claudeHook(c, backend));
  app.notFound((c) => {
    throw new TeammateSyncError('BAD_REQUEST', `no such route: ${c.req.method} ${c.req.path}`);
  });
  app.onError((thrown, c) => failure(thrown, c.req.path, logger));
  return app;
}

function isRoute(name: string): name is RouteName {
  return Object.hasOwn(routes, name);
}

/** What went wrong as an answer; what is not ours goes into the log, too. */
export function failure(thrown: unknown, path: string, logger: Logger): Response {
  const error = asTeammateSyncError(thrown);
  if (error.code === 'INTERNAL') logger.error('request failed', { path, error: thrown });
  return Response.json({ error: error.toBody() }, { status: error.status });
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
