/** A page that is being filled, from the first turn on or from the last one back, as far as its bytes go. */
import type { DumpedTurn, DumpGap, DumpSlice } from '../../protocol/local-api.ts';
import type { Turn } from '../../protocol/turn.ts';
import { endWithin, partOf, sizeOf, startWithin, unitsOf } from './turn-parts.ts';

export class Filling {
  readonly #newest: boolean;
  readonly #budget: number;
  /** In the order in which they were added. */
  readonly #turns: DumpedTurn[] = [];
  readonly #gaps: { at: number; gap: Omit<DumpGap, 'before'> }[] = [];
  #left: number;
  /** Turns that are still passed over, and those that are still wanted. */
  #slice: DumpSlice;

  /**
   * @param newest it is filled from the last turn back
   * @param slice of the turns that come; those that are passed over are on no page
   */
  constructor(newest: boolean, budget: number, slice: DumpSlice = { skip: 0, turns: Number.POSITIVE_INFINITY }) {
    this.#newest = newest;
    this.#slice = { ...slice };
    this.#budget = budget;
    this.#left = budget;
  }

  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  /**
   * Adds what lies beyond a place of a turn. A turn that fits on a page is not cut; it waits for the next one.
   * @param unit behind which the turn is added, or (newest) before which; null: all of it
   * @returns null when all of that was added; else the place at which the next page goes on
   */
  add(turn: Turn, unit: number | null): { unit: number } | null {
    if (this.#slice.skip > 0) {
      this.#slice.skip--;
      return null;
    }
    const all = unitsOf(turn);
    const [from, to] = this.#newest ? [0, unit ?? all] : [unit ?? 0, all];
    if (this.#slice.turns === 0) return { unit: this.#newest ? to : from };
    const rest = partOf(turn, from, to);
    const size = sizeOf(rest);
    if (size <= this.#left) return this.#push(rest, size);
    if (!this.isEmpty) return { unit: this.#newest ? to : from };
    const cut = this.#newest ? startWithin(turn, to, this.#budget) : endWithin(turn, from, this.#budget);
    this.#push(this.#newest ? partOf(turn, cut, to) : partOf(turn, from, cut), this.#left);
    const isDone = this.#newest ? cut <= 0 : cut >= all;
    return isDone ? null : { unit: cut };
  }

  /** Something is missing here. */
  miss(gap: Omit<DumpGap, 'before'>): void {
    this.#gaps.push({ at: this.#turns.length, gap });
  }

  /** In the order of the session. */
  get page(): { turns: DumpedTurn[]; missing: DumpGap[] } {
    const turns = this.#newest ? this.#turns.toReversed() : this.#turns;
    const missing = this.#gaps.map(({ at, gap }) => ({ ...gap, before: this.#newest ? turns.length - at : at }));
    return { turns, missing: this.#newest ? missing.toReversed() : missing };
  }

  #push(turn: DumpedTurn, size: number): null {
    this.#turns.push(turn);
    this.#slice.turns--;
    this.#left -= size;
    return null;
  }
}
