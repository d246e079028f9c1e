/** Messages on the user's desktop: few, and none that a teammate could fill the screen with. */
import { TokenBucket } from '../platform/token-bucket.ts';
import type { Clock } from '../platform/clock.ts';

/** In a minute, of all kinds. */
const PER_MINUTE = 6;
const ABOUT_ONE_MS = 60_000;
const PEOPLE_MAX = 4096;

export class Desktop {
  readonly #clock: Clock;
  readonly #show: ((text: string) => void) | null;
  readonly #bucket: TokenBucket;
  /** When a message about an invite of each person was shown, by the clock's elapsed time. */
  readonly #invites = new Map<number, number>();

  /** @param show null: the user wants none */
  constructor(clock: Clock, show: ((text: string) => void) | null) {
    this.#clock = clock;
    this.#show = show;
    this.#bucket = new TokenBucket(PER_MINUTE / 60, () => clock.elapsed(), PER_MINUTE);
  }

  message(text: string): void {
    if (this.#show && this.#bucket.take()) this.#show(text);
  }

  /** About an invite of a person: at most one in a minute. */
  invite(uid: number, text: string): void {
    const now = this.#clock.elapsed();
    const last = this.#invites.get(uid);
    if (last !== undefined && now - last < ABOUT_ONE_MS) return;
    if (this.#invites.size >= PEOPLE_MAX) this.#invites.clear();
    this.#invites.set(uid, now);
    this.message(text);
  }
}
