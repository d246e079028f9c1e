/** A real HTTP server on a real unix socket, where the daemon's would be, that answers what a test tells it to. */
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { TeammateSyncError } from '../../../src/errors.ts';
import { homePaths } from '../../../src/platform/paths.ts';
import { type Caller, CALLER_HEADER, decodeCaller } from '../../../src/protocol/caller.ts';
import {
  type AnswerEvent,
  API_VERSION_HEADER,
  type ReadEvent,
  type RouteName,
  routes,
} from '../../../src/protocol/local-api.ts';
import { LOCAL_API_VERSION } from '../../../src/protocol/version.ts';
import { tempDir } from '../../support/tmp-dir.ts';

export interface Asked {
  route: RouteName;
  handle: string | null;
  query: Record<string, string>;
  body: unknown;
}

/** Lines of a read stream; ends with `end`, and is cut off with `cut`. */
export interface ReadStream {
  send(...events: (ReadEvent | AnswerEvent)[]): void;
  end(): void;
  cut(): void;
  /** Resolves when the reader has closed it. */
  closed: Promise<void>;
}

type Answer = object | TeammateSyncError | ((asked: Asked) => object | TeammateSyncError | Promise<object>);
type Answers = Partial<Record<Exclude<RouteName, 'read' | 'answer'>, Answer>> & {
  /** Events of an answer, in the pieces in which they are sent. */
  answer?: AnswerEvent[] | ((stream: ReadStream) => void);
  /** Events of one read, or a function that steers the stream. */
  read?: ReadEvent[] | TeammateSyncError | ((stream: ReadStream, asked: Asked) => void);
};

export interface FakeDaemon {
  home: string;
  asked: Asked[];
  /** Who said to ask, of each. */
  callers: (Caller | null)[];
  answers: Answers;
  /** Called when a caller goes away before it has its answer, once each. */
  gone: ((value: unknown) => void)[];
  /** Stops listening; idempotent. */
  stop(): Promise<void>;
}

/** A home that `init` has been through, without a daemon. */
export function setUpHome(): string {
  const home = tempDir();
  fs.writeFileSync(homePaths(home, {}).config, '{}', { mode: 0o600 });
  return home;
}

export async function fakeDaemon(answers: Answers = {}): Promise<FakeDaemon> {
  const home = setUpHome();
  const { socket } = homePaths(home, {});
  fs.mkdirSync(path.dirname(socket), { recursive: true, mode: 0o700 });
  const server = http.createServer((request, response) => {
    void answerOne(daemon, request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const daemon: FakeDaemon = { home, asked: [], callers: [], answers, gone: [], stop };
  onTestFinished(stop);
  return daemon;
}

async function answerOne(
  daemon: FakeDaemon,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const asked = await whatIsAsked(request);
  daemon.asked.push(asked);
  daemon.callers.push(decodeCaller(request.headers[CALLER_HEADER]?.toString()));
  response.on('close', () => {
    if (!response.writableFinished) for (const tell of daemon.gone.splice(0)) tell(asked);
  });
  response.setHeader(API_VERSION_HEADER, String(LOCAL_API_VERSION));
  if (asked.route === 'read' || asked.route === 'answer') return answerStream(daemon, asked, response);
  const canned = daemon.answers[asked.route] ?? new TeammateSyncError('INTERNAL', `no answer for ${asked.route}`);
  const answer = typeof canned === 'function' ? await canned(asked) : canned;
  reply(response, answer);
}

function answerStream(daemon: FakeDaemon, asked: Asked, response: http.ServerResponse): void {
  const says = daemon.answers[asked.route === 'answer' ? 'answer' : 'read'] ?? [];
  if (says instanceof TeammateSyncError) return reply(response, says);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const stream: ReadStream = {
    send: (...events) => events.forEach((event) => response.write(`${JSON.stringify(event)}\n`)),
    end: () => void response.end(),
    cut: () => void response.destroy(),
    closed: new Promise((resolve) => {
      response.on('close', resolve);
    }),
  };
  if (typeof says === 'function') return says(stream, asked);
  stream.send(...says);
  stream.end();
}

function reply(response: http.ServerResponse, answer: object): void {
  const failed = answer instanceof TeammateSyncError;
  response.statusCode = failed ? answer.status : 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(failed ? { error: answer.toBody() } : answer));
}

const ROUTE_NAMES = Object.keys(routes).filter((name): name is RouteName => name in routes);

async function whatIsAsked(request: http.IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://daemon');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  const text = Buffer.concat(chunks).toString();
  for (const route of ROUTE_NAMES) {
    const [method, template = ''] = routes[route].split(' ');
    const match = new RegExp(`^${template.replace(':handle', '([^/]+)')}$`).exec(url.pathname);
    if (method !== request.method || !match) continue;
    return {
      route,
      handle: match[1] === undefined ? null : decodeURIComponent(match[1]),
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? null : JSON.parse(text),
    };
  }
  throw new Error(`no such route: ${request.method} ${url.pathname}`);
}
