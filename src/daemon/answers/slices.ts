/** Long work in slices of a few milliseconds: the event loop is kept no longer, and what else there is to do comes in between. */

const SLICE_MS = 5;

export class Slices {
  #end = performance.now() + SLICE_MS;

  /** This slice has lasted long enough. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets others work; then a new slice begins. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = performance.now() + SLICE_MS;
  }

  /** All steps of it, in as many slices as it takes. */
  async all<T>(steps: Generator<unknown, T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.isOver) await this.next();
    }
  }
}
