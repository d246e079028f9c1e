/** Starting and stopping the daemon of this home. */
import { setTimeout as delay } from 'node:timers/promises';
import { TeammateSyncError } from '../errors.ts';
import { startDaemon } from '../client/index.ts';
import { homeDir } from '../platform/paths.ts';
import type { Status } from '../protocol/local-api.ts';
import { openClient, requireSetUp } from './daemon-access.ts';
import type { CliIo } from './io.ts';

/** A stopping daemon wipes and closes; longer than this is a fault worth telling. */
const STOP_MS = 15_000;
const STOP_POLL_MS = 50;

/** The status of the running daemon, or null when none runs. @throws TeammateSyncError for any other failure */
export async function runningDaemon(io: CliIo): Promise<Status | null> {
  try {
    return await openClient(io).call('status');
  } catch (error) {
    if (error instanceof TeammateSyncError && error.code === 'DAEMON_NOT_RUNNING') return null;
    throw error;
  }
}

/**
 * Starts the daemon when none runs; resolves when its local API answers.
 * @returns true when it was started by this call
 * @throws TeammateSyncError NOT_SET_UP, DAEMON_DID_NOT_START
 */
export async function ensureDaemon({ io }: { io: CliIo }): Promise<boolean> {
  if (await runningDaemon(io)) return false;
  requireSetUp(io);
  await startDaemon({ entry: io.daemonEntry, args: ['serve'], home: homeDir(io.env), env: io.env });
  return true;
}

/**
 * Stops the running daemon, of this status, and resolves when its process is gone: until then it holds the home, and no other could start.
 * @throws TeammateSyncError INTERNAL when it stays
 */
export async function stopDaemon(io: CliIo, { pid }: Pick<Status, 'pid'>): Promise<void> {
  await openClient(io).call('down');
  for (let waited = 0; waited < STOP_MS; waited += STOP_POLL_MS) {
    if (!(await runningDaemon(io)) && !lives(pid)) return;
    await delay(STOP_POLL_MS);
  }
  throw new TeammateSyncError('INTERNAL', `the daemon still runs ${STOP_MS / 1000} seconds after it was told to stop`);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
