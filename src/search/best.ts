/** The best of many, without sorting them all. */

/** A heap whose root is the worst of the best. */
export class Best<T> {
  readonly #most: number;
  readonly #better: (a: T, b: T) => number;
  readonly #heap: T[] = [];

  /** @param better below zero when `a` is better */
  constructor(most: number, better: (a: T, b: T) => number) {
    this.#most = most;
    this.#better = better;
  }

  /** What a further one has to be better than; undefined while there is room. */
  get worst(): T | undefined {
    return this.#heap.length < this.#most ? undefined : this.#heap[0];
  }

  add(item: T): void {
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push(item);
      this.#up(heap.length - 1);
      return;
    }
    const [worst] = heap;
    if (worst === undefined || this.#better(item, worst) >= 0) return;
    heap[0] = item;
    this.#down(0);
  }

  sorted(): T[] {
    return this.#heap.toSorted(this.#better);
  }

  #up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfWorse(at, parent)) return;
      at = parent;
    }
  }

  #down(from: number): void {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let worst = at;
      if (this.#isWorse(left, worst)) worst = left;
      if (this.#isWorse(right, worst)) worst = right;
      if (worst === at) return;
      this.#swapIfWorse(worst, at);
      at = worst;
    }
  }

  #isWorse(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    return x !== undefined && y !== undefined && this.#better(x, y) > 0;
  }

  /** The worse one goes up. */
  #swapIfWorse(child: number, parent: number): boolean {
    const [x, y] = [this.#heap[child], this.#heap[parent]];
    if (x === undefined || y === undefined || this.#better(x, y) <= 0) return false;
    this.#heap[child] = y;
    this.#heap[parent] = x;
    return true;
  }
}
