/** The home's lock for something short that comes after a daemon: one that is just stopping still holds it for a moment. */
import { setTimeout as delay } from 'node:timers/promises';
import { TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { acquireHomeLock, type HomeLock } from '../platform/home-lock.ts';

/** A stopping daemon ends after 10 s at the latest. */
const PATIENCE_MS = 12_000;
const LOOK_EVERY_MS = 50;

/** @throws DAEMON_ALREADY_RUNNING when it is still held after a while; UNSAFE_FILE */
export async function takeHome(lock: string, clock: Clock): Promise<HomeLock> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    try {
      return await acquireHomeLock(lock, clock);
    } catch (error) {
      const held = error instanceof TeammateSyncError && error.code === 'DAEMON_ALREADY_RUNNING';
      if (!held || waited >= PATIENCE_MS) throw error;
      await delay(LOOK_EVERY_MS);
    }
  }
}
