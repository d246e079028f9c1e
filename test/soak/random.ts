/** Choices that follow from a seed, so that a run can be made again with the same ones. */
import { createHash } from 'node:crypto';

export class Choices {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 to below 1. */
  fraction(): number {
    const hash = createHash('sha256')
      .update(`${this.#seed} ${this.#drawn++}`)
      .digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  }

  /** An integer, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.int(0, from.length - 1)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }
}
