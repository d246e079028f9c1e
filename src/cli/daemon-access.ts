/** The way to the daemon of this home. */
import fs from 'node:fs';
import { createClient, type Client } from '../client/index.ts';
import { TeammateSyncError } from '../errors.ts';
import { homeDir, homePaths } from '../platform/paths.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import type { CliIo } from './io.ts';

/** A client of this home's daemon; it connects with its first call. `timeoutMs`: for a whole call. */
export function openClient(io: CliIo, timeoutMs?: number): Client {
  const { socket } = homePaths(homeDir(io.env), io.env);
  return createClient({
    socketPath: socket,
    version: PRODUCT_VERSION,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/** True once `init` has been through. */
export function isSetUp(io: CliIo): boolean {
  return fs.existsSync(homePaths(homeDir(io.env), io.env).config);
}

/** @throws TeammateSyncError NOT_SET_UP */
export function requireSetUp(io: CliIo): void {
  if (!isSetUp(io)) throw new TeammateSyncError('NOT_SET_UP', 'this machine is not set up yet');
}

/** Of two reasons why nobody answers, the one that has to be mended first. */
export function betterReason(error: unknown, io: CliIo): unknown {
  const notRunning = error instanceof TeammateSyncError && error.code === 'DAEMON_NOT_RUNNING';
  if (!notRunning || isSetUp(io)) return error;
  return new TeammateSyncError('NOT_SET_UP', 'this machine is not set up yet', { cause: error });
}
