/** The listener: start, and an orderly stop. */
import http from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { TeammateSyncError } from '../errors.ts';
import type { Logger } from '../platform/logger.ts';
import { LOCAL_STOP_GRACE_MS } from '../protocol/limits.ts';
import { API_VERSION_HEADER } from '../protocol/local-api.ts';
import { PRODUCT_VERSION_HEADER } from '../protocol/local-api-types.ts';
import { LOCAL_API_VERSION } from '../protocol/version.ts';
import { createApp } from './app.ts';
import type { Backend } from './backend.ts';
import { listenPrivately } from './socket.ts';

export interface LocalApiOptions {
  /** Where to listen (HomePaths.socket). Its folder is made, private. */
  socketPath: string;
  backend: Backend;
  logger: Logger;
  /** Of the daemon, for callers of another version. */
  version: string;
}

export interface LocalApi {
  /** Resolves when callers get answers. @throws TeammateSyncError DAEMON_ALREADY_RUNNING, UNSAFE_FILE */
  start(): Promise<void>;
  /**
   * Takes no more requests, ends read streams with DAEMON_NOT_RUNNING, lets answers in flight go out for at most
   * LOCAL_STOP_GRACE_MS, closes every connection and removes the socket. Idempotent.
   */
  stop(): Promise<void>;
}

export function createLocalApi({ socketPath, backend, logger, version }: LocalApiOptions): LocalApi {
  const streams = new Set<AbortController>();
  const app = createApp({ backend, logger, streams });
  // The adapter would otherwise replace the process's global Request and Response.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const answering = new Set<http.ServerResponse>();
  let stopped: Promise<void> | null = null;
  const server = http.createServer((request, response) => {
    // On a connection that was kept: this one is not begun any more.
    if (stopped) {
      request.socket.destroy();
      return;
    }
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      closeWhenDone();
    });
    // Here and not in the app, so that refusals of the adapter carry them too.
    response.setHeader(API_VERSION_HEADER, String(LOCAL_API_VERSION));
    response.setHeader(PRODUCT_VERSION_HEADER, version);
    void listener(request, response);
  });

  /** Once the last answer is out, what is still connected only waits for something to say. */
  function closeWhenDone(): void {
    if (stopped && answering.size === 0) server.closeAllConnections();
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const stream of streams) stream.abort(new TeammateSyncError('DAEMON_NOT_RUNNING', 'the daemon was stopped'));
    const deadline = setTimeout(() => server.closeAllConnections(), LOCAL_STOP_GRACE_MS);
    await closed;
    clearTimeout(deadline);
  }

  return {
    start: () => listenPrivately(server, socketPath),
    stop() {
      stopped ??= stop();
      closeWhenDone();
      return stopped;
    },
  };
}
