/** What a server touches of its process. Injected, so that tests run it in their own. */
import { type Client, createClient } from '../client/index.ts';
import { TeammateSyncError } from '../errors.ts';
import { homeDir, homePaths, type PathEnv } from '../platform/paths.ts';
import { whyNotSetUp } from '../platform/set-up.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import type { Random } from './text/render.ts';

export interface Surroundings {
  /** A client for one call. @param reader with what it reads, as owners are told it; @param signal ends what is under way */
  connect(reader: string, signal: AbortSignal): Client;
  /** Of two reasons why nobody answers, the one that has to be mended first. */
  betterReason(error: unknown): unknown;
  /** ms since 1970 */
  now(): number;
  random: Random;
}

/** The real ones: the daemon of this home, looked for anew by each call. */
export function surroundingsOf(env: PathEnv, random: Random): Surroundings {
  return {
    connect(reader, signal) {
      const { socket } = homePaths(homeDir(env), env);
      return createClient({ socketPath: socket, version: PRODUCT_VERSION, reader, signal });
    },
    betterReason(error) {
      if (!(error instanceof TeammateSyncError) || error.code !== 'DAEMON_NOT_RUNNING') return error;
      const why = whyNotSetUp(env);
      return why === null ? error : new TeammateSyncError('NOT_SET_UP', why, { cause: error });
    },
    now: () => Date.now(),
    random,
  };
}
