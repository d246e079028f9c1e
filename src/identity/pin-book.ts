/** Everybody whom this machine has pins of, oneself among them, and how fresh GitHub's word about each is. */
import type { Clock } from '../platform/clock.ts';
import { PINS_SAVE_MS } from '../protocol/limits.ts';
import type { Account } from './directory.ts';
import { isOverdue, maySeal, wentSilent } from './freshness.ts';
import { openPinStore } from './pin-store.ts';
import type { PinnedPerson } from './pins.ts';

export class PinBook {
  readonly #store;
  readonly #clock: Clock;
  /** By the elapsed clock. */
  #savedAt: number;

  /** @throws BAD_CONFIG, UNSAFE_FILE */
  constructor(path: string, clock: Clock) {
    this.#store = openPinStore(path);
    this.#clock = clock;
    this.#savedAt = clock.elapsed();
  }

  get people(): readonly PinnedPerson[] {
    return this.#store.value.people;
  }

  get(uid: number): PinnedPerson | null {
    return this.people.find((p) => p.uid === uid) ?? null;
  }

  /** The person, without devices when never seen. */
  ensure({ uid, login }: Account): PinnedPerson {
    const known = this.get(uid);
    if (known) return known;
    const none = { devices: [], compared: null, checkedAt: 0, firstNoAt: null, left: false, staleSince: null };
    const person: PinnedPerson = { uid, login, former: [], ...none };
    this.#store.value.people.push(person);
    return person;
  }

  /** What was changed is on disk when it returns. */
  save(): void {
    this.#savedAt = this.#clock.elapsed();
    this.#store.save();
  }

  /** When GitHub was asked need not be on disk at once, but it must not be forgotten for long either. */
  get isSaveDue(): boolean {
    return this.#clock.elapsed() - this.#savedAt > PINS_SAVE_MS;
  }

  /** GitHub was asked about them, and nothing clear came. */
  silent(about: readonly (PinnedPerson | null)[]): void {
    const now = this.#clock.now();
    const news = about.filter((p) => p !== null && p.devices.length > 0 && wentSilent(p, now));
    if (news.length > 0) this.save();
  }

  /**
   * True when a grant, an invite or a renewal may be sealed to this device now. What it has it keeps until its lease ends.
   * @param connectedAt since when one is connected with the person, unix milliseconds
   */
  maySeal(uid: number, sign: string, connectedAt: number): boolean {
    const person = this.get(uid);
    return person !== null && maySeal(person, sign, connectedAt, this.#clock.now());
  }

  /** Nothing new is shared with this person, because GitHub has not spoken of them for so long. */
  isOverdue(uid: number): boolean {
    const person = this.get(uid);
    return person !== null && isOverdue(person, this.#clock.now());
  }

  /** Unix milliseconds of GitHub's last clear word about somebody, while its later ones are unclear; null: it is clear. */
  staleSince(uid: number): number | null {
    const person = this.get(uid);
    return person && (person.staleSince !== null || this.isOverdue(uid)) ? person.checkedAt : null;
  }
}
