/** One request on the wire: control, fault, web host or API, the check against GitHub's description, answer, log. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTROL_HEADER, CONTROL_PATH, isControl, runControl } from './control.ts';
import type { Fault, Faults } from './faults.ts';
import type { Validate } from './openapi/validate.ts';
import { serveWeb } from './routes-device.ts';
import { type Answer, serveApi, tokenOf, versionOf } from './serve.ts';
import { type World, tokenHash } from './state.ts';
import type { LogEntry, Steering } from './steering.ts';

const BODY_MAX_BYTES = 10 * 1024 * 1024;

export interface Context {
  world: World;
  faults: Faults;
  steering: Steering;
  log: LogEntry[];
  secret: string;
  random: (bytes: number) => Buffer;
  /** Where the stand-in is; known once it listens. The web host is there. */
  origin: () => string;
  /** Path under which the API is: empty, or `/api/v3`. */
  apiPath: string;
  validate: Validate;
  /** Told of each answer that GitHub could not have sent. */
  mismatch: (what: string) => void;
}

/** The request's text; undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  return size > BODY_MAX_BYTES ? undefined : Buffer.concat(chunks).toString();
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function altered(answer: Answer, change: Fault['alter']): Answer {
  if (!change) return answer;
  const body =
    change.json === undefined ? answer.body : JSON.stringify({ ...Object(parsed(answer.body)), ...change.json });
  return { ...answer, status: change.status ?? answer.status, body };
}

/** An answer that cannot be GitHub's becomes a 500 that says so: no test can take it for an answer. */
function checked(context: Context, request: IncomingMessage, path: string, answer: Answer): Answer {
  const { status, body } = answer;
  const sent = { method: request.method ?? 'GET', path, status, body, version: versionOf(request) };
  const wrong = context.validate(sent);
  if (wrong === null) return answer;
  context.mismatch(wrong);
  const message = `the stand-in is not as GitHub: ${wrong}`;
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status: 500, headers, body: JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest' }) };
}

const page = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: text,
});

function serve(
  context: Context,
  request: IncomingMessage,
  url: URL,
  text: string | undefined,
  fault: Fault | undefined,
): Answer {
  const { world, random, apiPath } = context;
  const origin = context.origin();
  const { headers, method = 'GET' } = request;
  const web = serveWeb(world, { method, path: url.pathname, headers, text: text ?? '', origin }, random);
  if (web) return web;
  if (headers['user-agent'] === undefined) return page(403, 'Request forbidden by administrative rules.');
  if (!url.pathname.startsWith(`${apiPath}/`)) return page(404, '<!DOCTYPE html><h1>Not Found</h1>');
  const path = url.pathname.slice(apiPath.length);
  const asked = { path, url, body: parsed(text), base: origin + apiPath, random };
  return checked(context, request, path, altered(serveApi(world, request, asked), fault?.alter));
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
  const text = await readBody(request);
  response.sendDate = false;

  if (url.pathname === CONTROL_PATH && isControl(String(request.headers[CONTROL_HEADER] ?? ''), context.secret)) {
    const { status, json } = runControl(context.steering, parsed(text));
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
  else answer = serve(context, request, url, text, fault);
  entry.status = answer.status;
  send(context, response, answer, fault);
}
