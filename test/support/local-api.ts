/** A running local API on a socket of its own, stopped when the test has finished. */
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Backend, createLocalApi, type LocalApi } from '../../src/local-api/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { tempDir } from './tmp-dir.ts';

export interface RunningLocalApi {
  api: LocalApi;
  socketPath: string;
  /** Lines of its log so far. */
  log: string[];
}

/** Starts one for the backend; `version` is what the daemon says it is. */
export async function startLocalApi(
  backend: Backend,
  { version = '9.9.9', socketPath = path.join(tempDir(), 'run', 'daemon.sock') } = {},
): Promise<RunningLocalApi> {
  const log: string[] = [];
  const logger = createLogger({ level: 'debug', clock: systemClock, stream: { write: (line) => log.push(line) } });
  const api = createLocalApi({ socketPath, backend, logger, version });
  await api.start();
  onTestFinished(() => api.stop());
  return { api, socketPath, log };
}
