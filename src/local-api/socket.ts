/** The unix socket (or named pipe) that the local API listens on, and who may take it over. */
import fs from 'node:fs';
import net from 'node:net';
import { dirname } from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { errnoOf } from '../platform/ownership.ts';
import { ensurePrivateDir } from '../platform/private-open.ts';

/** Somebody who accepts but is this slow is still somebody. */
const PROBE_TIMEOUT_MS = 2000;

/**
 * Listens at `path` in a private folder, taking the place of a socket that nobody answers on.
 * @throws TeammateSyncError DAEMON_ALREADY_RUNNING when somebody does; UNSAFE_FILE for the folder or for another kind of file
 */
export async function listenPrivately(server: net.Server, path: string): Promise<void> {
  if (process.platform === 'win32') return listen(server, path);
  // The folder is what keeps other users out: some systems ignore the mode of a socket.
  ensurePrivateDir(dirname(path));
  try {
    await listen(server, path);
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw error;
    await removeStale(path);
    await listen(server, path);
  }
  fs.chmodSync(path, 0o600);
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function removeStale(path: string): Promise<void> {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat && !stat.isSocket()) {
    throw new TeammateSyncError('UNSAFE_FILE', `${path} is not a socket`, { hint: `move it away: ${path}` });
  }
  if (await answers(path)) {
    throw new TeammateSyncError('DAEMON_ALREADY_RUNNING', `another daemon answers at ${path}`);
  }
  fs.rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(path);
    probe.setTimeout(PROBE_TIMEOUT_MS);
    const settle = (anybody: boolean): void => {
      probe.destroy();
      resolve(anybody);
    };
    probe.once('connect', () => settle(true));
    probe.once('timeout', () => settle(true));
    probe.once('error', (error) => settle(errnoOf(error) !== 'ECONNREFUSED' && errnoOf(error) !== 'ENOENT'));
  });
}
