/**
 * GitHub's own client, Octokit: loaded when GitHub is first asked, and kept to what this room promises. It builds requests,
 * paces writes (plugin-throttling) and asks again after a hiccup (plugin-retry). What an answer means is not decided here.
 *
 * Octokit's paginate is not used: it takes a 409 for the last, empty page, and members would be missing.
 */
import { statSync } from 'node:fs';
import type { Octokit } from '@octokit/core';
import { TeammateSyncError } from '../errors.ts';
import { GITHUB_RETRIES } from '../protocol/limits.ts';
import { type FetchBounds, GaveUp, boundedFetch, unreachable } from './bounded-fetch.ts';
import { githubMessage } from './decode.ts';

/** What GitHub, or what stands in its place, answered. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Of a success. */
  bytes: Buffer;
  /** GitHub's own words for a refusal; null for a success, and when the answer is not GitHub's error JSON. */
  message: string | null;
}

export interface ClientOptions extends FetchBounds {
  userAgent: string;
  /** From the start of one write to the start of the next. */
  writeGapMs: number;
  /** Before a read is made again. */
  retryPauseMs: number;
}

export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the API base. */
  url: URL;
  token: string;
  etag?: string | undefined;
  body?: unknown;
}

export interface Client {
  /** Runs `task` after all earlier ones have ended; a failing task holds up nobody. */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  /** Any status is an answer. @throws GITHUB_UNREACHABLE when no whole answer came */
  send(request: Request): Promise<Answer>;
}

const API_VERSION = '2022-11-28';
const CLIENT_ERRORS = Array.from({ length: 100 }, (_, n) => 400 + n);
const noop = (): void => {};
/** The client warns on the console by itself. */
const SILENT = { debug: noop, info: noop, warn: noop, error: noop };

/** Octokit reads `:name` and `{name}` in a path as places to fill in, also in one that came from GitHub. */
const literal = (path: string): string => path.replace(/[:{}]/g, encodeURIComponent);

/** What Octokit throws. `response` is there when there was an answer. */
interface HttpError extends Error {
  response?: { status: number; headers: Record<string, unknown>; data: unknown };
}
const isHttpError = (error: unknown): error is HttpError => error instanceof Error && error.name === 'HttpError';

/** undici hides the reason (ECONNREFUSED, a TLS error) in the cause. */
function reason(error: unknown): string {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 4; e = e.cause, depth++) {
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return 'network error';
}

function headersOf(headers: Record<string, unknown>): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The answer in what Octokit threw. @throws GITHUB_UNREACHABLE when there is none */
function refusalIn(error: unknown): Answer {
  if (error instanceof GaveUp) throw unreachable(error.message);
  if (isHttpError(error) && error.response) {
    const { status, headers, data } = error.response;
    return { status, headers: headersOf(headers), bytes: Buffer.alloc(0), message: githubMessage(data) };
  }
  if (isHttpError(error) && error.cause instanceof TeammateSyncError) throw error.cause;
  // The cause is a fresh error: what Octokit and fetch throw may quote headers.
  const code = reason(error);
  throw unreachable(`GitHub cannot be reached (${code})`, { cause: new Error(code) });
}

/** Loads the packages. Nothing is asked yet. */
export async function loadClient(options: ClientOptions): Promise<Client> {
  // Node 20 leaves symlinks in a path that it imports as long as the newest synchronous stat was of a socket, and an old
  // package comes out empty then. A starting daemon looks at its socket.
  statSync(process.execPath);
  const [core, { throttling }, { retry }, { default: Bottleneck }] = await Promise.all([
    import('@octokit/core'),
    import('@octokit/plugin-throttling'),
    import('@octokit/plugin-retry'),
    import('bottleneck/light.js'),
  ]);
  const baseUrl = options.base.href.replace(/\/$/, '');
  // Nothing waits for a limit here: every request is refused while it holds, with the time until then (api.ts).
  const giveUp = (): void => {};
  const octokit: Octokit = new (core.Octokit.plugin(throttling, retry))({
    baseUrl,
    log: SILENT,
    request: { fetch: boundedFetch(options), redirect: 'manual', parseSuccessResponseBody: false, log: SILENT },
    throttle: {
      write: new Bottleneck.Group({ maxConcurrent: 1, minTime: options.writeGapMs }),
      // A comment tells people of itself: the plugin's own gap for these is three of the other, and of the whole process.
      notifications: new Bottleneck.Group({ maxConcurrent: 1, minTime: 3 * options.writeGapMs }),
      onRateLimit: giveUp,
      onSecondaryRateLimit: giveUp,
    },
    retry: { doNotRetry: CLIENT_ERRORS, retries: GITHUB_RETRIES, retryAfterBaseValue: options.retryPauseMs },
  });
  const turns = new Bottleneck({ maxConcurrent: 1 });

  return {
    inTurn: (task) => turns.schedule(task),
    async send({ method, url, token, etag, body }) {
      try {
        const { status, headers, data } = await octokit.request({
          method,
          url: literal(url.href.slice(baseUrl.length)),
          headers: {
            accept: 'application/vnd.github+json',
            'x-github-api-version': API_VERSION,
            'user-agent': options.userAgent,
            authorization: `Bearer ${token}`,
            ...(etag === undefined ? {} : { 'if-none-match': etag }),
          },
          ...(body === undefined ? {} : { data: body }),
          // A write that got no answer may have been done.
          ...(method === 'GET' ? {} : { request: { retries: 0 } }),
        });
        const bytes = Buffer.from(await new Response(data).arrayBuffer());
        return { status, headers: headersOf(headers), bytes, message: null };
      } catch (error) {
        return refusalIn(error);
      }
    },
  };
}
