/**
 * A clock that a test moves. Time also passes by itself, so that a daemon under test behaves as ever; a jump makes all
 * that lies in between due at once, in order, as it would be after a wait.
 */
import type { Clock, Timer } from '../../src/platform/clock.ts';

interface Pending {
  due: number;
  fn: () => void;
}

export class SteerableClock implements Clock {
  #offset = 0;
  #wallOffset: number;
  readonly #pending = new Set<Pending>();
  #handle: NodeJS.Timeout | null = null;
  /** Where both clocks stand while they are held. */
  #held: { wall: number; elapsed: number } | null = null;

  /** @param startAt wall clock at the beginning, unix milliseconds; the machine's by default */
  constructor(startAt: number = Date.now()) {
    this.#wallOffset = startAt - Date.now();
  }

  now(): number {
    return (this.#held?.wall ?? Date.now()) + this.#wallOffset + this.#offset;
  }

  elapsed(): number {
    return (this.#held?.elapsed ?? performance.now()) + this.#offset;
  }

  after(ms: number, fn: () => void): Timer {
    const pending = { due: this.elapsed() + ms, fn };
    this.#pending.add(pending);
    this.#arm();
    return {
      cancel: () => {
        this.#pending.delete(pending);
        this.#arm();
      },
    };
  }

  /** Lets `ms` pass: both clocks move, and what became due runs. */
  pass(ms: number): void {
    this.#offset += ms;
    this.#run();
  }

  /** From now on time passes by {@link pass} only. */
  hold(): void {
    // Whole milliseconds: a fraction is rounded otherwise in a sum of two parts than in one of three, and what is due never is.
    this.#held ??= { wall: Date.now(), elapsed: Math.ceil(performance.now()) };
    this.#arm();
  }

  /** Time passes by itself again; that it was held is made up for at once. */
  release(): void {
    this.#held = null;
    this.#run();
  }

  /** Sets the wall clock (as a user or NTP would), without time passing. */
  setWall(unixMs: number): void {
    this.#wallOffset += unixMs - this.now();
  }

  #run(): void {
    const now = this.elapsed();
    const due = [...this.#pending].filter((p) => p.due <= now).sort((a, b) => a.due - b.due);
    for (const pending of due) {
      this.#pending.delete(pending);
      pending.fn();
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#handle) clearTimeout(this.#handle);
    this.#handle = null;
    if (this.#pending.size === 0 || this.#held) return;
    const next = Math.min(...[...this.#pending].map((p) => p.due)) - this.elapsed();
    this.#handle = setTimeout(() => this.#run(), Math.max(0, Math.min(next, 60_000))).unref();
  }
}
