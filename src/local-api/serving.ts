/** An HTTP server that stops well: it takes no more requests, ends its streams, and lets answers in flight go out. */
import http from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { TeammateSyncError } from '../errors.ts';
import { LOCAL_STOP_GRACE_MS } from '../protocol/limits.ts';

export interface ServingOptions {
  answer: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  /** Streams that are open; aborted with DAEMON_NOT_RUNNING when it stops. */
  streams: Set<AbortController>;
  /** On every answer, so that refusals of the adapter carry them too. */
  headers: Readonly<Record<string, string>>;
  server?: http.ServerOptions;
}

export interface Serving {
  server: http.Server;
  /** Closes every connection, after LOCAL_STOP_GRACE_MS at most. Idempotent; nothing when it does not listen. */
  stop(): Promise<void>;
}

export function createServing({ answer, streams, headers, server: options = {} }: ServingOptions): Serving {
  // The adapter would otherwise replace the process's global Request and Response.
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  const answering = new Set<http.ServerResponse>();
  let stopped: Promise<void> | null = null;
  const server = http.createServer(options, (request, response) => {
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
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
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
    server,
    stop() {
      stopped ??= stop();
      closeWhenDone();
      return stopped;
    },
  };
}
