/** A clock that moves only when told: for models and for arithmetic, where nothing may depend on how fast a test runs. */
import type { Clock, Timer } from '../../src/platform/clock.ts';

export class ManualClock implements Clock {
  #wall: number;
  #elapsed = 0;
  readonly #pending = new Set<{ due: number; fn: () => void }>();

  constructor(wall: number = Date.UTC(2026, 10, 22, 12)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, fn: () => void): Timer {
    const pending = { due: this.#elapsed + ms, fn };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Lets time pass on both clocks; what becomes due runs in order, each at its own time. */
  pass(ms: number): void {
    const until = this.#elapsed + ms;
    for (;;) {
      const [next] = [...this.#pending].filter((p) => p.due <= until).sort((a, b) => a.due - b.due);
      const to = next ? next.due : until;
      this.#wall += Math.max(0, to - this.#elapsed);
      this.#elapsed = Math.max(this.#elapsed, to);
      if (!next) return;
      this.#pending.delete(next);
      next.fn();
    }
  }

  /** As a user or NTP does it: no time passes. */
  setWall(unixMs: number): void {
    this.#wall = unixMs;
  }

  /** How long until the next timer; null when none waits. */
  get nextIn(): number | null {
    return this.#pending.size === 0 ? null : Math.min(...[...this.#pending].map((p) => p.due)) - this.#elapsed;
  }
}
