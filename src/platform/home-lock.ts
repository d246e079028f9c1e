/**
 * One daemon per home. The lock is the kernel's, on an open file: it ends with the process however that dies, so there is
 * no stale lock to guess about. What the file says (who holds it) is for people and never decides anything.
 */
import fs from 'node:fs';
import { tryLock } from 'fs-native-extensions';
import { TeammateSyncError } from '../errors.ts';
import { isObject } from '../protocol/is-object.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { type Clock, systemClock } from './clock.ts';
import { errnoOf } from './ownership.ts';
import { openPrivateFile } from './private-open.ts';

export interface HomeLock {
  /** Lets the next daemon in; idempotent. The file stays: removing it would let two lock two files of one name. */
  release(): void;
}

/**
 * Far behind the text: on Windows a locked range cannot be read by others, and they shall read who holds the lock.
 * macOS locks the whole file whatever the range, but only against other lockers.
 */
const LOCKED_OFFSET = 1 << 30;
const TEXT_MAX_BYTES = 1024;

/**
 * Takes the lock, or refuses at once. Its folder must exist.
 * @param path the lock file (HomePaths.lock)
 * @throws TeammateSyncError DAEMON_ALREADY_RUNNING, naming the holder's pid when it is known; UNSAFE_FILE
 */
export async function acquireHomeLock(path: string, clock: Clock = systemClock): Promise<HomeLock> {
  const fd = openPrivateFile(path, 'edit');
  try {
    if (!take(fd)) {
      const pid = holder(fd);
      const who = pid === null ? 'another process' : `process ${pid}`;
      throw new TeammateSyncError('DAEMON_ALREADY_RUNNING', `${who} already runs the daemon of this home`, {
        details: { pid, path },
      });
    }
    write(fd, { pid: process.pid, version: PRODUCT_VERSION, startedAt: new Date(clock.now()).toISOString() });
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      fs.ftruncateSync(fd, 0);
      // Closing gives the lock back: it belongs to this open file and to no copy of it (Node opens with O_CLOEXEC).
      fs.closeSync(fd);
    },
  };
}

function take(fd: number): boolean {
  try {
    return tryLock(fd, LOCKED_OFFSET, 1);
  } catch (error) {
    // How Windows says that somebody else holds it; elsewhere tryLock returns false.
    if (errnoOf(error) === 'EBUSY') return false;
    throw error;
  }
}

function write(fd: number, text: { pid: number; version: string; startedAt: string }): void {
  fs.ftruncateSync(fd, 0);
  fs.writeSync(fd, `${JSON.stringify(text)}\n`, 0);
}

/** The pid that the file names; null while its holder has not written it yet, or for anything unexpected. */
function holder(fd: number): number | null {
  const bytes = Buffer.alloc(TEXT_MAX_BYTES);
  const length = fs.readSync(fd, bytes, 0, TEXT_MAX_BYTES, 0);
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', 0, length));
    const pid = isObject(text) ? text['pid'] : null;
    return typeof pid === 'number' && Number.isSafeInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
