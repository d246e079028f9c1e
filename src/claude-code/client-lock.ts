/**
 * The lock under which Claude Code writes its state, so that neither it nor we lose what the other wrote: a folder
 * `<file>.lock`, beside the file as it is named, not where a symlink leads. One that was not touched for ten seconds is of
 * a client that is gone, and is taken over, as clients do.
 */
import fs from 'node:fs';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { errnoOf } from '../platform/ownership.ts';

const STALE_MS = 10_000;
/** Longer than a lock of a client that is gone can last. */
const WAIT_MS = 15_000;
const POLL_MS = 50;

/** Waits, for a process that has nothing else to do. */
export type Wait = (ms: number) => void;

export const waitHere: Wait = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** @throws TeammateSyncError CLAUDE_SETTINGS when clients keep it all the time; what `act` throws; errors of the disk */
export function underClientLock<T>(file: string, wait: Wait, act: () => T): T {
  const lock = `${file}.lock`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = 0; !taken(lock); waited += POLL_MS) {
    if (waited >= WAIT_MS) {
      throw new TeammateSyncError('CLAUDE_SETTINGS', `${file} is kept locked by a running Claude Code (${lock})`, {
        hint: 'quit Claude Code, then run the same command again',
      });
    }
    wait(POLL_MS);
  }
  try {
    return act();
  } finally {
    release(lock);
  }
}

function taken(lock: string): boolean {
  try {
    fs.mkdirSync(lock);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const stat = fs.statSync(lock, { throwIfNoEntry: false });
  if (stat && Date.now() - stat.mtimeMs > STALE_MS) release(lock);
  return false;
}

function release(lock: string): void {
  try {
    fs.rmdirSync(lock);
  } catch (error) {
    // Somebody else took it for stale.
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
