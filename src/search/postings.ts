/**
 * Of each term, in which texts it stands and how often. The lists grow all at once, as transcripts do, so they are chains of
 * slices in one column: a slice holds numbers and, at its end, where the next one begins.
 */
import { int32 } from './column.ts';
import { owned } from './terms.ts';

const FIRST_SLICE = 2;
const LARGEST_SLICE = 128;
/** Of one number: the text, and above it how often the term stands there. */
const TEXT_BITS = 24;
const TEXT_MASK = 2 ** TEXT_BITS - 1;
const OFTEN_MAX = 2 ** 7 - 1;
/** Texts that one index can hold. */
export const TEXTS_MAX = TEXT_MASK;

export class Postings {
  readonly #ids = new Map<string, number>();
  readonly #pool = int32();
  /** By term: first slice, where the next number goes, where its slice ends, how long that is, in how many texts it stands. */
  readonly #first = int32();
  readonly #next = int32();
  readonly #end = int32();
  readonly #size = int32();
  readonly #texts = int32();
  /** Of the text that is being added: how often each term stands there, and which do. */
  readonly #counts = int32();
  readonly #counted: number[] = [];

  get bytes(): number {
    // A term as the key of a map: about 90 bytes (measured).
    return this.#pool.bytes + this.#ids.size * 90 + this.#first.bytes * 6;
  }

  /** The number of a term, for {@link count}. */
  numberOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(owned(term), id);
    for (const column of [this.#first, this.#next, this.#end, this.#size, this.#texts, this.#counts]) column.push(0);
    return id;
  }

  count(term: number): void {
    const often = this.#counts.at(term);
    if (often === 0) this.#counted.push(term);
    this.#counts.set(term, often + 1);
  }

  /** What was counted since the last call stands in this text. */
  commit(text: number): void {
    for (const id of this.#counted) {
      this.#append(id, text | (Math.min(this.#counts.at(id), OFTEN_MAX) << TEXT_BITS));
      this.#texts.set(id, this.#texts.at(id) + 1);
      this.#counts.set(id, 0);
    }
    this.#counted.length = 0;
  }

  /** In how many texts a term stands. */
  textsWith(term: string): number {
    const id = this.#ids.get(term);
    return id === undefined ? 0 : this.#texts.at(id);
  }

  /** Calls `take` for each text with the term. */
  each(term: string, take: (text: number, often: number) => void): void {
    const id = this.#ids.get(term);
    if (id === undefined) return;
    const pool = this.#pool.values;
    let left = this.#texts.at(id);
    let at = this.#first.at(id);
    for (let size = FIRST_SLICE; left > 0; size = larger(size)) {
      const inSlice = Math.min(left, size);
      for (let i = 0; i < inSlice; i++) {
        const posting = pool[at + i] ?? 0;
        take(posting & TEXT_MASK, posting >>> TEXT_BITS);
      }
      left -= inSlice;
      at = pool[at + size] ?? 0;
    }
  }

  wipe(): void {
    this.#ids.clear();
    this.#counted.length = 0;
    const columns = [this.#pool, this.#first, this.#next, this.#end, this.#size, this.#texts, this.#counts];
    for (const column of columns) column.wipe();
  }

  #append(id: number, posting: number): void {
    const size = this.#size.at(id);
    if (size === 0) {
      this.#open(id, FIRST_SLICE);
      this.#first.set(id, this.#next.at(id));
    } else if (this.#next.at(id) === this.#end.at(id)) {
      const link = this.#end.at(id);
      this.#open(id, larger(size));
      this.#pool.set(link, this.#next.at(id));
    }
    const at = this.#next.at(id);
    this.#pool.set(at, posting);
    this.#next.set(id, at + 1);
  }

  /** A new slice, and behind it the place of the next one. */
  #open(id: number, size: number): void {
    const at = this.#pool.length;
    this.#pool.extend(at + size + 1);
    this.#next.set(id, at);
    this.#end.set(id, at + size);
    this.#size.set(id, size);
  }
}

const larger = (size: number): number => Math.min(size * 2, LARGEST_SLICE);
