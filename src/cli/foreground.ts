/** Runs a program of ours in the foreground. This process only stands in for it: signals go down, the exit code comes up. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { TeammateSyncError } from '../errors.ts';
import type { CliIo } from './io.ts';

/** @param mode of the daemon's process entry. @throws TeammateSyncError DAEMON_DID_NOT_START */
export async function runForeground(io: CliIo, mode: 'run' | 'relay'): Promise<number> {
  const child = spawn(io.execPath, [io.daemonEntry, mode], { stdio: 'inherit', env: io.env });
  // From a terminal it gets Ctrl-C too; a second one while it stops means nothing to it.
  const release = io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => child.kill(signal));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (cause) =>
        reject(new TeammateSyncError('DAEMON_DID_NOT_START', `the daemon cannot be run: ${cause.message}`, { cause })),
      );
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])));
    });
  } finally {
    release();
  }
}
