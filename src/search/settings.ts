/**
 * Everything that ranking and chunking can be set to, in one place. Frozen: a change is measured on transcripts whose seed
 * was chosen after it, never on those it was found with.
 */

/** Characters of a piece: longer content is split, at line ends where there are any. */
export const PIECE_CHARS = 1600;
/** From this length on, what is said twice is kept once, with every place where it stands. */
export const SAME_TEXT_CHARS = 200;
/** A whole word or identifier that is longer is searched by its parts only: keys, hashes and encoded data. */
export const TERM_CHARS = 64;

export const RANKING = {
  /** BM25+: how fast a repeated term stops to count, how much length counts, and what any match is worth at least. */
  k1: 1.2,
  b: 0.5,
  delta: 0.5,
  /** Of a term of the question that is an identifier: it names one thing. */
  rareIdentifier: 1.5,
  /** Power of the part of the question's terms that a piece holds. */
  coordination: 1,
  /** What the piece before and after adds, and the ones beyond. */
  near: 0.5,
  far: 0.25,
  /** Whoever is asked about said it. */
  speaker: 1.4,
  /** The question asks why: what people and Claude said, against what tools printed; and words that give reasons. */
  said: 1.25,
  reasonTerm: 0.3,
  /** The question asks for the latest: of the newest piece; half of it after an eighth of the time that was searched. */
  newest: 0.75,
  newestHalf: 8,
  /** Of what was said at another time than the one that is asked for. */
  otherTime: 0.5,
} as const;

/** The closer look at the best ones. */
export const CLOSER = {
  /** So many are looked at, for so many pairs of words. */
  most: 64,
  pairs: 8,
  /** What it adds that all words stand together as in the question. */
  together: 2,
  /** The question asks for the latest: what the newest of those gains that are at least so good a part of the best. */
  newest: 0.5,
  aboutAsWell: 0.7,
} as const;

/** Turns after a short one that are shown where a question asks for reasons: they follow what they are reasons of. */
export const REASON_TURNS = 3;

/** Ranked pieces that one question keeps for its pages. */
export const HITS_MAX = 200;
