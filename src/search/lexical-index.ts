/** The index of one generation by its words: in memory only, as bytes that can be overwritten. */
import type { Turn } from '../protocol/turn.ts';
import { int32 } from './column.ts';
import { piecesOf } from './pieces.ts';
import { type Place, Places } from './places.ts';
import { Postings, TEXTS_MAX } from './postings.ts';
import type { Question } from './question.ts';
import { Ranking } from './ranking.ts';
import type { Ranked, SearchIndex, Statistics } from './search-index.ts';
import { TermNumbers } from './terms.ts';
import { Texts } from './texts.ts';

export class LexicalIndex implements SearchIndex {
  readonly #texts = new Texts();
  readonly #postings = new Postings();
  readonly #terms = new TermNumbers((term) => this.#postings.numberOf(term));
  readonly #places = new Places();
  /** Terms of each text. */
  readonly #lengths = int32();
  #sum = 0;
  #turns = 0;
  #blocks = 0;
  #oldest = 0;
  #wiped = false;

  get textBytes(): number {
    return this.#texts.bytes;
  }

  get bytes(): number {
    // Of a place: eleven columns.
    return this.#texts.bytes + this.#postings.bytes + this.#places.length * 56;
  }

  get turns(): number {
    return this.#turns;
  }

  get blocks(): number {
    return this.#blocks;
  }

  get newest(): number {
    return this.#places.newest;
  }

  get order(): Int32Array {
    return this.#places.order;
  }

  has(block: number): boolean {
    return this.#places.has(block);
  }

  *adding(block: number, turns: readonly Turn[]): Generator<void, void> {
    if (this.has(block)) return;
    const first = this.#places.length;
    let [newest, oldest, count] = [0, 0, 0];
    for (const turn of turns) {
      if (turn.kind === 'title') continue;
      count++;
      const time = Date.parse(turn.time);
      if (!Number.isNaN(time)) {
        newest = Math.max(newest, time);
        oldest = oldest === 0 ? time : Math.min(oldest, time);
      }
      for (const piece of piecesOf(turn)) {
        if (this.#wiped || this.#texts.length >= TEXTS_MAX) return;
        const { id, fresh } = this.#texts.add(piece.text);
        if (fresh) this.#count(piece.text, id);
        this.#places.add(turn, piece, id);
        yield;
      }
    }
    if (this.#wiped) return;
    this.#places.close(block, first, newest);
    if (oldest > 0) this.#oldest = this.#oldest === 0 ? oldest : Math.min(this.#oldest, oldest);
    this.#turns += count;
    this.#blocks++;
  }

  statistics(question: Question): Statistics {
    return {
      texts: this.#texts.length,
      terms: this.#sum,
      withTerm: question.terms.map((term) => this.#postings.textsWith(term.text)),
      oldest: this.#oldest,
      newest: this.newest,
    };
  }

  *ranking(question: Question, statistics: Statistics, most: number): Generator<void, Ranked[]> {
    const steps = new Ranking(this.#postings, this.#places, this.#lengths.used).ranked(question, statistics, most);
    while (!this.#wiped) {
      const step = steps.next();
      if (step.done === true) return step.value;
      yield;
    }
    return [];
  }

  at(place: number): Place {
    return this.#places.at(place);
  }

  text(place: number): string {
    return this.#texts.get(this.#places.textOf(place));
  }

  lines(source: string, from: number, to: number): number[] {
    return this.#places.lines(source, from, to);
  }

  blockOf(place: number): number {
    return this.#places.blockOf(place);
  }

  same(place: number): number[] {
    return this.#places.withText(this.#places.textOf(place)).filter((other) => this.#isWhole(other));
  }

  partOf(place: number): number[] {
    const { piece, pieces } = this.#places.at(place);
    // A turn is in one block, so its pieces follow one another.
    return Array.from({ length: pieces }, (_, i) => place - piece + i);
  }

  wipe(): void {
    this.#wiped = true;
    this.#terms.forget();
    this.#texts.wipe();
    this.#postings.wipe();
    this.#places.wipe();
    this.#lengths.wipe();
    [this.#sum, this.#turns, this.#blocks, this.#oldest] = [0, 0, 0, 0];
  }

  /** Of a block that is being taken in, nothing is found yet. */
  #isWhole(place: number): boolean {
    return place < this.#places.closed;
  }

  #count(text: string, id: number): void {
    let length = 0;
    this.#terms.each(text, (term) => {
      length++;
      this.#postings.count(term);
    });
    this.#postings.commit(id);
    this.#lengths.push(length);
    this.#sum += length;
  }
}
