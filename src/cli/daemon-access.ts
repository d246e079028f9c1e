/** The way to the daemon of this home. */
import { createClient, type Client } from '../client/index.ts';
import { TeammateSyncError } from '../errors.ts';
import { homeDir, homePaths } from '../platform/paths.ts';
import type { Caller } from '../protocol/caller.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { whyNotSetUp } from '../platform/set-up.ts';
import type { CliIo } from './io.ts';

/** A client of this home's daemon; it connects with its first call. `timeoutMs`: for a whole call. */
export function openClient(io: CliIo, timeoutMs?: number): Client {
  const { socket } = homePaths(homeDir(io.env), io.env);
  return createClient({
    socketPath: socket,
    version: PRODUCT_VERSION,
    caller: callerOf(io),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/** Claude Code and other agents mark the environment of what they run. The daemon decides what that means. */
function callerOf({ hook, pid, env }: CliIo): Caller {
  if (hook !== null) {
    const { session, claude, entrypoint, attended } = hook;
    return { via: 'hook', pid, session, claude, entrypoint, attended };
  }
  return { via: 'terminal', pid, agent: Boolean(env['CLAUDECODE']) || Boolean(env['AI_AGENT']) };
}

/** True once `init` has been through, and `logout` not since. */
export function isSetUp(io: CliIo): boolean {
  return whyNotSetUp(io.env) === null;
}

/** @throws TeammateSyncError NOT_SET_UP */
export function requireSetUp(io: CliIo): void {
  const why = whyNotSetUp(io.env);
  if (why !== null) throw new TeammateSyncError('NOT_SET_UP', why);
}

/** Of two reasons why nobody answers, the one that has to be mended first. */
export function betterReason(error: unknown, io: CliIo): unknown {
  const notRunning = error instanceof TeammateSyncError && error.code === 'DAEMON_NOT_RUNNING';
  const why = notRunning ? whyNotSetUp(io.env) : null;
  return why === null ? error : new TeammateSyncError('NOT_SET_UP', why, { cause: error });
}
