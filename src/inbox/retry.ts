/** Trying again, later each time: what its owner does not give now is not asked for in a busy loop. */

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

export class Retry {
  readonly #run: () => void;
  #waitMs = FIRST_MS;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(run: () => void) {
    this.#run = run;
  }

  later(): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_MS);
      this.#run();
    }, this.#waitMs).unref();
  }

  /** There is news: the next wait is a short one again. */
  reset(): void {
    this.#waitMs = FIRST_MS;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }
}
