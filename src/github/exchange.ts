/**
 * One HTTP request to GitHub over the global fetch. Here, and only here, the token goes onto the wire: never to another
 * origin than the configured one, never after a redirect, bounded in time and in bytes.
 */
import { TeammateSyncError } from '../errors.ts';

export interface Wire {
  status: number;
  headers: Headers;
  bytes: Buffer;
}

export interface ExchangeOptions {
  /** The API base; nothing else is ever asked. */
  base: URL;
  userAgent: string;
  timeoutMs: number;
  maxBytes: number;
}

export interface Outgoing {
  method: string;
  url: URL;
  token: string;
  etag?: string | undefined;
  body?: unknown;
}

const API_VERSION = '2022-11-28';

export function unreachable(message: string, cause?: unknown): TeammateSyncError {
  return new TeammateSyncError('GITHUB_UNREACHABLE', message, cause === undefined ? {} : { cause });
}

/** True when `url` lies under the API base: same origin and path. */
export function isWithin(base: URL, url: URL): boolean {
  return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`);
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream; the bytes counted are those after decompression.
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw unreachable(`GitHub's answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** undici hides the reason (ECONNREFUSED, a TLS error) in the cause. */
function reason(error: unknown): string {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 4; e = e.cause, depth++) {
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return 'network error';
}

/** @throws GITHUB_UNREACHABLE when no whole answer came; any status is an answer */
export async function exchange(options: ExchangeOptions, request: Outgoing): Promise<Wire> {
  const { base, timeoutMs } = options;
  if (!isWithin(base, request.url)) throw unreachable(`refused to send the token to ${request.url.host}`);
  const headers: Record<string, string> = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': API_VERSION,
    'user-agent': options.userAgent,
    authorization: `Bearer ${request.token}`,
  };
  if (request.etag !== undefined) headers['if-none-match'] = request.etag;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: response.status, headers: response.headers, bytes: await readBounded(response, options.maxBytes) };
  } catch (error) {
    if (error instanceof TeammateSyncError) throw error;
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw unreachable(`GitHub did not answer within ${timeoutMs / 1000} s`);
    }
    // The cause is a fresh error: what fetch throws may quote headers.
    const code = reason(error);
    throw unreachable(`GitHub cannot be reached (${code})`, new Error(code));
  }
}
