/** One HTTP request over the socket, on a connection of its own. */
import net from 'node:net';
import type { TeammateSyncError } from '../errors.ts';
import { BytesIn, type Wait } from './bytes-in.ts';
import { connectionFailure } from './failures.ts';
import { type Answer, readAnswer } from './http-answer.ts';

export interface ExchangeRequest {
  socketPath: string;
  method: string;
  path: string;
  /** Whole lines, beside those that every request has. */
  headers: readonly string[];
  /** JSON text, or null for none. */
  body: string | null;
  /** Each wait for bytes of the answer goes through it. */
  wait: Wait;
}

export interface Exchange {
  /** Settles with the head of the answer. Rejects with whatever ended the exchange; see {@link failure}. */
  answer: Promise<Answer>;
  /** Ends it now. What waits on it fails, and {@link failure} names this reason. */
  end(reason: TeammateSyncError | null): void;
  /** The error to tell, given what was caught while waiting for the answer or reading it. */
  failure(caught: unknown): TeammateSyncError;
}

/** Sends the request. */
export function exchange({ socketPath, method, path, headers, body, wait }: ExchangeRequest): Exchange {
  let endedWith: TeammateSyncError | null = null;
  const socket = net.connect(socketPath);
  // Who reads is told by the iterator; an 'error' that nobody listens for would end the process.
  socket.on('error', () => {});
  const head = [`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', ...headers];
  if (body !== null) head.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
  const answer = readAnswer(new BytesIn(socket, wait));
  answer.catch(() => {});
  return {
    answer,
    end(reason) {
      endedWith ??= reason;
      socket.destroy();
    },
    failure: (caught) => endedWith ?? connectionFailure(caught, socketPath),
  };
}
