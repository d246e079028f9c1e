/** The HTTP server of the local API: starting it on the socket, and stopping it without losing answers. */
import type { Logger } from '../platform/logger.ts';
import { API_VERSION_HEADER } from '../protocol/local-api.ts';
import { PRODUCT_VERSION_HEADER } from '../protocol/local-api-types.ts';
import { LOCAL_API_VERSION } from '../protocol/version.ts';
import { createApp } from './app.ts';
import type { Backend } from './backend.ts';
import { createServing } from './serving.ts';
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
   * Takes no more requests, ends streams with DAEMON_NOT_RUNNING, lets answers in flight go out for at most
   * LOCAL_STOP_GRACE_MS, closes every connection and removes the socket. Idempotent.
   */
  stop(): Promise<void>;
}

export function createLocalApi({ socketPath, backend, logger, version }: LocalApiOptions): LocalApi {
  const streams = new Set<AbortController>();
  const app = createApp({ backend, logger, streams });
  const serving = createServing({
    answer: (request, env) => app.fetch(request, env),
    streams,
    headers: versionHeaders(version),
  });
  return { start: () => listenPrivately(serving.server, socketPath), stop: () => serving.stop() };
}

/** What each answer says of the daemon. */
export function versionHeaders(version: string): Record<string, string> {
  return { [API_VERSION_HEADER]: String(LOCAL_API_VERSION), [PRODUCT_VERSION_HEADER]: version };
}
