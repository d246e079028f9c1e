/**
 * The typed client of the local API, for every face: CLI, hooks, MCP, dashboard.
 *
 * It asks, waits within a bound, and turns whatever goes wrong into a TeammateSyncError with a hint; and it starts the
 * daemon in the background. It must never import a room of the daemon, nor anything that slows a start: node:net and the
 * protocol's plain modules are all it loads; what starting a daemon needs on top is loaded when that is asked for.
 *
 * Invariants: no call hangs; a cut answer is never taken for a whole one; a daemon of another API version is named, except
 * by `status` and `down`, which are the way out.
 */
import type { StartDaemonOptions, StartedDaemon } from './start-daemon.ts';

export type { CallArguments, Client, ClientOptions } from './client.ts';
export { createClient } from './create-client.ts';
export type { StartDaemonOptions, StartedDaemon } from './start-daemon.ts';

/** See start-daemon.ts. @throws TeammateSyncError DAEMON_DID_NOT_START, UNSAFE_FILE */
export async function startDaemon(options: StartDaemonOptions): Promise<StartedDaemon> {
  const starter = await import('./start-daemon.ts');
  return starter.startDaemon(options);
}
