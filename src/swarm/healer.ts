/**
 * Finds contacts again that should be there and are not. Plain hyperswarm does not recover from a new address or a
 * minute's partition for minutes (measured); this looks again soon, then ever more rarely.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import {
  HEAL_FAST_MS,
  HEAL_FAST_TRIES,
  HEAL_FIRST_MS,
  HEAL_IDLE_MS,
  HEAL_SLOW_MS,
  HEAL_SLOW_TRIES,
} from '../protocol/limits.ts';

export class Healer {
  readonly #clock: Clock;
  readonly #missing: () => Set<string>;
  readonly #look: (signs: Set<string>) => Promise<void>;
  #timer: Timer | null = null;
  #tries = 0;
  #stopped = false;

  /** @param missing sign keys of devices that should be linked and are not */
  constructor(clock: Clock, missing: () => Set<string>, look: (signs: Set<string>) => Promise<void>) {
    this.#clock = clock;
    this.#missing = missing;
    this.#look = look;
  }

  /** Somebody went missing, or the network changed: from the start again. */
  restart(): void {
    if (this.#stopped) return;
    this.#tries = 0;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(healDelayMs(this.#tries), () => {
      const missing = this.#missing();
      if (missing.size === 0 || this.#stopped) return;
      this.#tries++;
      void this.#look(missing)
        .catch(() => {})
        .finally(() => {
          if (!this.#stopped) this.#schedule();
        });
    });
  }
}

/** How long to wait before the given try (0: the first). */
export function healDelayMs(tries: number): number {
  if (tries === 0) return HEAL_FIRST_MS;
  if (tries <= HEAL_FAST_TRIES) return HEAL_FAST_MS;
  return tries <= HEAL_FAST_TRIES + HEAL_SLOW_TRIES ? HEAL_SLOW_MS : HEAL_IDLE_MS;
}
