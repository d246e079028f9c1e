/** One HTTP request over the socket. Plain node:http: this is in the start of every command and hook. */
import http from 'node:http';
import type { TeammateSyncError } from '../errors.ts';
import { connectionFailure } from './failures.ts';

export interface ExchangeRequest {
  socketPath: string;
  method: string;
  path: string;
  /** JSON text, or null for none. */
  body: string | null;
}

export interface Exchange {
  /** Settles with the head of the answer. Rejects with whatever ended the exchange; see {@link failure}. */
  answer: Promise<http.IncomingMessage>;
  /** Ends it now. What waits on it fails, and {@link failure} names this reason. */
  end(reason: TeammateSyncError | null): void;
  /** The error to tell, given what was caught while waiting for the answer or reading it. */
  failure(caught: unknown): TeammateSyncError;
}

/** Sends the request on a connection of its own. */
export function exchange({ socketPath, method, path, body }: ExchangeRequest): Exchange {
  let endedWith: TeammateSyncError | null = null;
  const headers: http.OutgoingHttpHeaders = { connection: 'close' };
  if (body !== null) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
  }
  const request = http.request({ socketPath, method, path, headers, agent: false });
  const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', (response) => {
      // An answer that nobody reads to its end (a wrong version) may still fail: nobody is concerned then.
      response.on('error', () => {});
      resolve(response);
    });
    // Stays on: an 'error' after the answer began would otherwise end the process.
    request.on('error', reject);
    request.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
  answer.catch(() => {});
  request.end(body ?? undefined);
  return {
    answer,
    end(reason) {
      endedWith ??= reason;
      request.destroy();
    },
    failure: (caught) => endedWith ?? connectionFailure(caught, socketPath),
  };
}
