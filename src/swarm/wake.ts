/**
 * Notices that the machine slept: timers stand still meanwhile, the elapsed clock does not. After a wake every link may
 * be dead and every address another, so contacts are looked for from the start again.
 */
import type { Clock } from '../platform/clock.ts';

/** A tick that comes this much later than it was due was not only slow. */
const SLEEP_GAP_MS = 10_000;

export class Wake {
  readonly #clock: Clock;
  readonly #tickMs: number;
  #last: number;

  /** @param tickMs how often {@link slept} is going to be asked */
  constructor(clock: Clock, tickMs: number) {
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#last = clock.elapsed();
  }

  /** Ask at each tick: true when the machine slept since the last one. */
  slept(): boolean {
    const now = this.#clock.elapsed();
    const late = now - this.#last - this.#tickMs;
    this.#last = now;
    return late > SLEEP_GAP_MS;
  }
}
