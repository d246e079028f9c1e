/**
 * A closer look at the best of all: whether words that stand together in the question stand together there, too, and,
 * where the question asks for it, which of those that fit about as well is the newest. Too dear for all that fits a little.
 */
import type { Question } from './question.ts';
import { rarity } from './ranking.ts';
import type { Statistics } from './search-index.ts';
import { CLOSER } from './settings.ts';
import { wordsIn } from './terms.ts';

/** What was found, as far as this looks at it. */
export interface Candidate {
  score: number;
  time: number;
  /** Read when it is looked at. */
  text: () => string;
}

/** What may stand between two words: the ending of the first one, signs and small words. */
const BETWEEN = /^\p{L}{0,4}(?:[^\p{L}\p{N}]{1,3}(?:of|the|for|in|a|to|is|on)){0,2}[^\p{L}\p{N}]{0,3}$/u;
const BETWEEN_CHARS = 16;

interface Pair {
  /** The beginnings of both. */
  a: string;
  b: string;
  /** A part of 1: how much of the question it is. */
  worth: number;
}

/** Takes the best ones, best first; gives them in a new order with new scores, in steps. */
export function* lookCloser<T extends Candidate>(
  found: readonly T[],
  question: Question,
  statistics: Statistics,
): Generator<void, T[]> {
  const pairs = pairsOf(question, statistics);
  const [looked, rest] = [found.slice(0, CLOSER.most), found.slice(CLOSER.most)];
  const scored: T[] = [];
  for (const one of looked) {
    yield;
    scored.push({ ...one, score: one.score * (1 + CLOSER.together * togetherness(one, pairs)) });
  }
  // Whatever was not looked at stays behind what was.
  return [...(question.newest ? newestFirst(scored) : scored).toSorted((a, b) => b.score - a.score), ...rest];
}

function togetherness({ text }: Candidate, pairs: readonly Pair[]): number {
  if (pairs.length === 0) return 0;
  const lower = text().toLowerCase();
  const stand = ({ a, b }: Pair): boolean => follows(lower, a, b) || follows(lower, b, a);
  return pairs.reduce((sum, pair) => sum + (stand(pair) ? pair.worth : 0), 0);
}

/** Somewhere `later` stands behind `word`. */
function follows(text: string, word: string, later: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const between = text.slice(end, end + BETWEEN_CHARS + later.length).indexOf(later);
    if (between >= 0 && BETWEEN.test(text.slice(end, end + between))) return true;
  }
  return false;
}

/** Words that follow one another in the question, and that somebody has said. */
function pairsOf({ text, terms }: Question, { texts, withTerm }: Statistics): Pair[] {
  const worth = new Map(terms.map((term, i) => [term.text, withTerm[i] ? rarity(texts, withTerm[i]) : 0]));
  const words = wordsIn(text).filter((word) => (worth.get(word) ?? 0) > 0);
  const pairs = words.slice(1, CLOSER.pairs + 1).map((later, i) => {
    return {
      a: beginningOf(words[i] ?? ''),
      b: beginningOf(later),
      worth: (worth.get(words[i] ?? '') ?? 0) + (worth.get(later) ?? 0),
    };
  });
  const all = pairs.reduce((sum, pair) => sum + pair.worth, 0);
  return pairs.map((pair) => ({ ...pair, worth: pair.worth / all }));
}

/** `query` is in `queries`, too. */
function beginningOf(stem: string): string {
  return stem.length > 3 && stem.endsWith('y') ? stem.slice(0, -1) : stem;
}

/** Of those that fit about as well as the best one, the newer the more. */
function newestFirst<T extends Candidate>(found: readonly T[]): T[] {
  const best = Math.max(...found.map(({ score }) => score));
  const times = found
    .filter(({ score, time }) => time > 0 && score >= best * CLOSER.aboutAsWell)
    .map(({ time }) => time)
    .toSorted((a, b) => a - b);
  return found.map((one) => {
    const older = times.indexOf(one.time);
    const part = older < 0 || one.score < best * CLOSER.aboutAsWell ? 0 : (older + 1) / times.length;
    return { ...one, score: one.score * (1 + CLOSER.newest * part) };
  });
}
