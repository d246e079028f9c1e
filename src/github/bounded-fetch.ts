/**
 * The fetch under GitHub's client. Here, and only here, the token goes onto the wire: never to another origin than the
 * configured one, never after a redirect, bounded in time and in bytes.
 */
import { TeammateSyncError } from '../errors.ts';

export interface FetchBounds {
  /** The API base; nothing else is ever asked. */
  base: URL;
  timeoutMs: number;
  maxBytes: number;
}

/** The client parses what a refusal says by means that take seconds for megabytes; GitHub says it in some hundred bytes. */
const REFUSAL_MAX_BYTES = 64 * 1024;

export function unreachable(message: string, more: { hint?: string; cause?: unknown } = {}): TeammateSyncError {
  return new TeammateSyncError('GITHUB_UNREACHABLE', message, more);
}

/** True when `url` lies under the API base: same origin and path. */
export function isWithin(base: URL, url: URL): boolean {
  return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`);
}

/** An answer that took too long or is too long. By its name Octokit takes it for an end, and does not ask again. */
export class GaveUp extends Error {
  override readonly name = 'AbortError';
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const most = response.status >= 400 ? Math.min(maxBytes, REFUSAL_MAX_BYTES) : maxBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream; the bytes counted are those after decompression.
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) {
      // The status of a refusal says enough.
      if (response.status >= 400) return Buffer.alloc(0);
      throw new GaveUp(`GitHub's answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What Octokit hands to its fetch. */
interface Outgoing {
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * A fetch whose answers are whole: status, headers and all bytes. It throws what the global fetch throws, {@link GaveUp},
 * and GITHUB_UNREACHABLE for another place than the API base.
 */
export function boundedFetch({ base, timeoutMs, maxBytes }: FetchBounds) {
  return async (target: string, { method, headers, body }: Outgoing): Promise<Response> => {
    const url = new URL(target);
    if (!isWithin(base, url)) throw unreachable(`refused to send the token to ${url.host}`);
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      const bytes = await readBounded(response, maxBytes);
      const whole = { status: response.status, headers: response.headers };
      return new Response(bytes.length === 0 ? null : bytes, whole);
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') {
        throw new GaveUp(`GitHub did not answer within ${timeoutMs / 1000} s`);
      }
      throw error;
    }
  };
}
