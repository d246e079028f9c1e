/** What an index of one generation can do. Another engine (vectors) can stand beside the lexical one behind this. */
import type { Turn } from '../protocol/turn.ts';
import type { Place } from './places.ts';
import type { Question } from './question.ts';

/** What ranking has to know of all that is searched, so that scores of several indexes can be compared. */
export interface Statistics {
  texts: number;
  /** Terms in all of them. */
  terms: number;
  /** For each term of the question, in how many texts it stands. */
  withTerm: number[];
  /** Unix milliseconds of the oldest and the newest turn; 0: unknown. */
  oldest: number;
  newest: number;
}

/** A piece that fits the question. `place` is a number of its index. */
export interface Ranked {
  place: number;
  score: number;
  time: number;
}

export interface SearchIndex {
  /** Bytes of text that it holds. */
  readonly textBytes: number;
  /** Bytes of memory, about. */
  readonly bytes: number;
  /** Turns in blocks that can be found. */
  readonly turns: number;
  /** Blocks that can be found. */
  readonly blocks: number;
  /** Unix milliseconds of the newest turn; 0: unknown. */
  readonly newest: number;
  has(block: number): boolean;
  /**
   * Takes in a block, in any order of blocks, each once. A part of the work is done at each step, so that nothing waits
   * long; it can be found when all is done. After {@link wipe} nothing more is taken in.
   */
  adding(block: number, turns: readonly Turn[]): Generator<void, void>;
  statistics(question: Question): Statistics;
  /**
   * The best, best first, of what can be found when it begins. The same for the same blocks, in whatever order they came.
   * A step takes about a millisecond. Nothing after {@link wipe}.
   */
  ranking(question: Question, statistics: Statistics, most: number): Generator<void, Ranked[]>;
  /** Places that can be found, in the order of the session. */
  readonly order: Int32Array;
  at(place: number): Place;
  text(place: number): string;
  /** The places of these lines of a source, in order. */
  lines(source: string, from: number, to: number): number[];
  /** The block that a place is in. */
  blockOf(place: number): number;
  /** All places with the same text, this one among them. */
  same(place: number): number[];
  /** The places of the same turn and part, in order. */
  partOf(place: number): number[];
  /** Forgets and overwrites everything; nothing is found from then on. */
  wipe(): void;
}

/** Of several indexes that are searched together. */
export function together(all: readonly Statistics[]): Statistics {
  const oldest = all.map((one) => one.oldest).filter((time) => time > 0);
  const sum = (of: (one: Statistics) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    texts: sum((one) => one.texts),
    terms: sum((one) => one.terms),
    withTerm: (all[0]?.withTerm ?? []).map((_, i) => sum((one) => one.withTerm[i] ?? 0)),
    oldest: oldest.length === 0 ? 0 : Math.min(...oldest),
    newest: Math.max(0, ...all.map((one) => one.newest)),
  };
}
