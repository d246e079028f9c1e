/**
 * Until when each recipient's device may read what of ours, by the grants and leases that it was sent. It decides nothing:
 * it is what the owner is told before and after a device goes out of reach, so it outlives links and restarts.
 */
import { rmSync } from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { b64, type Decoded, int, list, object, oneOf, text } from '../protocol/decode.ts';
import type { RecipientDevice } from './grants.ts';

const lease = object({
  uid: int(1),
  sign: b64(32),
  session: text(36),
  /** Unix milliseconds of our own clock. */
  until: int(0),
});
const file = object({ v: oneOf(1), leases: list(lease, 100_000) });
type DeviceLease = Decoded<typeof lease>;

/** Saving is durable and not in a hurry: it must not stand between a grant and its reader. */
const SAVE_MS = 1000;

export class Leases {
  readonly #file: StateFile<Decoded<typeof file>>;
  readonly #clock: Clock;
  /** By session, then by device: one renewal tells of all that many people may read. */
  readonly #leases = new Map<string, Map<string, DeviceLease>>();
  #saving: Timer | null = null;

  constructor(path: string, clock: Clock) {
    this.#file = openOrBegin(path);
    this.#clock = clock;
    for (const known of this.#file.value.leases) this.#keep(known);
  }

  /** A device was told that it may read a session until then. */
  told({ uid, sign }: RecipientDevice, session: string, until: number): void {
    this.#keep({ uid, sign, session, until });
    this.#saveSoon();
  }

  /** A device confirmed that it has nothing of the session any more. */
  forget(sign: string, session: string): void {
    if (this.#leases.get(session)?.delete(sign)) this.#saveSoon();
  }

  /** Unix milliseconds until which some device of the person may read the session; null: none may. */
  until(uid: number, session: string): number | null {
    const now = this.#clock.now();
    const live = [...(this.#leases.get(session)?.values() ?? [])].filter((l) => l.uid === uid && l.until > now);
    return live.length === 0 ? null : Math.max(...live.map((l) => l.until));
  }

  /** Saves what is not saved yet. */
  stop(): void {
    if (this.#saving) this.#save();
  }

  #keep(known: DeviceLease): void {
    const devices = this.#leases.get(known.session) ?? new Map<string, DeviceLease>();
    this.#leases.set(known.session, devices.set(known.sign, known));
  }

  #saveSoon(): void {
    this.#saving ??= this.#clock.after(SAVE_MS, () => this.#save());
  }

  #save(): void {
    this.#saving?.cancel();
    this.#saving = null;
    const now = this.#clock.now();
    for (const [session, devices] of this.#leases) {
      for (const { sign, until } of [...devices.values()]) if (until <= now) devices.delete(sign);
      if (devices.size === 0) this.#leases.delete(session);
    }
    this.#file.value.leases = [...this.#leases.values()].flatMap((devices) => [...devices.values()]);
    try {
      this.#file.save();
    } catch {
      // A full disk costs a listing its times after the next start; what is shared does not depend on it.
    }
  }
}

/** A damaged file of listings is no reason not to start. @throws UNSAFE_FILE */
function openOrBegin(path: string): StateFile<Decoded<typeof file>> {
  const empty = { v: 1 as const, leases: [] };
  try {
    return openStateFile(path, file, empty);
  } catch (error) {
    if (!(error instanceof TeammateSyncError) || error.code !== 'BAD_CONFIG') throw error;
    rmSync(path);
    return openStateFile(path, file, empty);
  }
}
