/**
 * BM25+ with what made a difference on transcripts: the part of the question's terms that match, neighbouring pieces, and
 * dates, speakers and recency where the question asks for them.
 */
import { Best } from './best.ts';
import type { Span } from './dates.ts';
import type { Places } from './places.ts';
import type { Postings } from './postings.ts';
import type { Question } from './question.ts';
import type { Ranked, Statistics } from './search-index.ts';
import { RANKING } from './settings.ts';

/** Words that give reasons, as terms. */
const REASONS = ['because', 'since', 'reason', 'therefore', 'instead', 'rather', 'tradeoff'];
const SAID = ['prompt', 'reply', 'thinking', 'summary'];

/** By text: what its terms are worth together, and how many of the question's it holds. */
interface TextScores {
  sum: Float64Array;
  matched: Uint8Array;
}

interface Found extends Ranked {
  line: number;
  part: number;
}

/** Of two equal scores the newer, and what stands first in it: in whatever order the blocks came. */
function better(a: Found, b: Found): number {
  return b.score - a.score || b.time - a.time || b.line - a.line || a.part - b.part;
}

export class Ranking {
  readonly #postings: Postings;
  readonly #places: Places;
  readonly #lengths: Int32Array;

  constructor(postings: Postings, places: Places, lengths: Int32Array) {
    this.#postings = postings;
    this.#places = places;
    this.#lengths = lengths;
  }

  rank(question: Question, statistics: Statistics, most: number): Ranked[] {
    if (question.terms.length === 0 && question.spans.length === 0 && !question.newest) return [];
    const { order, columns } = this.#places;
    const scores = this.#ofTexts(question, statistics);
    const own = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) {
      const place = order[i] ?? 0;
      own[i] = ownScore(columns.text[place] ?? 0, columns.time[place] ?? 0, question, scores);
    }
    const best = new Best<Found>(most * 2, better);
    const weight = this.#weights(question, statistics);
    for (let i = 0; i < order.length; i++) {
      const plain = smoothed(own, order, columns.source, i);
      if (plain <= 0) continue;
      const place = order[i] ?? 0;
      const score = plain * weight(place);
      const { worst } = best;
      if (worst && score < worst.score) continue;
      const [time, line] = [columns.time[place] ?? 0, this.#places.lineOf(place)];
      best.add({ place, score, time, line, part: this.#places.orderInTurn(place) });
    }
    return this.#oncePerText(best.sorted()).slice(0, most);
  }

  #ofTexts({ terms, why }: Question, { texts, terms: all, withTerm }: Statistics): TextScores {
    const sum = new Float64Array(this.#lengths.length);
    const matched = new Uint8Array(this.#lengths.length);
    const average = texts === 0 ? 1 : Math.max(1, all / texts);
    const add = (term: string, worth: number, counts: boolean): void => {
      this.#postings.each(term, (text, often) => {
        const length = 1 - RANKING.b + (RANKING.b * (this.#lengths[text] ?? 0)) / average;
        const value = (often * (RANKING.k1 + 1)) / (often + RANKING.k1 * length) + RANKING.delta;
        sum[text] = (sum[text] ?? 0) + worth * value;
        if (counts) matched[text] = (matched[text] ?? 0) + 1;
      });
    };
    terms.forEach((term, i) => {
      const rare = term.identifier ? RANKING.rareIdentifier : 1;
      add(term.text, rarity(texts, withTerm[i] ?? 0) * rare, true);
    });
    // A reason counts where something that was asked for stands, too.
    if (why) for (const term of REASONS) add(term, RANKING.reasonTerm, false);
    return { sum, matched };
  }

  /** What the question says about when and by whom. */
  #weights({ why, speaker, newest, spans }: Question, statistics: Statistics): (place: number) => number {
    const places = this.#places;
    const said = new Set(SAID.map((kind) => places.kindId(kind)));
    const spoken = speaker === null ? -1 : places.kindId(speaker === 'person' ? 'prompt' : 'reply');
    return (place) => {
      const kind = places.kindOf(place);
      const time = places.timeOf(place);
      let weight = 1;
      if (why && said.has(kind)) weight *= RANKING.said;
      if (kind === spoken) weight *= RANKING.speaker;
      if (newest) weight *= 1 + RANKING.newest * recency(time, statistics);
      if (spans.length > 0 && !within(spans, time)) weight *= RANKING.otherTime;
      return weight;
    };
  }

  /** Of a text that stands in many places, the best of them. */
  #oncePerText(found: Found[]): Ranked[] {
    const texts = new Set<number>();
    return found.filter(({ place }) => {
      const text = this.#places.textOf(place);
      return !texts.has(text) && texts.add(text);
    });
  }
}

/** What a piece is worth by itself. A day that is asked for counts as a term. */
function ownScore(text: number, time: number, { terms, spans }: Question, { sum, matched }: TextScores): number {
  const inTime = spans.length > 0 && within(spans, time);
  if (terms.length === 0) return spans.length === 0 || inTime ? 1 : 0;
  const hits = matched[text] ?? 0;
  if (hits === 0) return 0;
  const asked = terms.length + (spans.length > 0 ? 1 : 0);
  return (sum[text] ?? 0) * ((hits + (inTime ? 1 : 0)) / asked) ** RANKING.coordination;
}

/** With what stands around it in the same source. */
function smoothed(own: Float64Array, order: Int32Array, source: Int32Array, at: number): number {
  let score = own[at] ?? 0;
  const here = source[order[at] ?? 0];
  for (let step = -2; step <= 2; step++) {
    const there = own[at + step] ?? 0;
    if (step === 0 || there === 0 || source[order[at + step] ?? 0] !== here) continue;
    score += (step === 1 || step === -1 ? RANKING.near : RANKING.far) * there;
  }
  return score;
}

function rarity(texts: number, withTerm: number): number {
  return Math.log(1 + (texts - withTerm + 0.5) / (withTerm + 0.5));
}

function within(spans: readonly Span[], time: number): boolean {
  return spans.some(([from, to]) => time >= from && time < to);
}

/** 1 for the newest turn, a half after a part of the searched time, towards 0. */
function recency(time: number, { oldest, newest }: Statistics): number {
  if (time === 0 || newest <= oldest) return 0;
  const half = (newest - oldest) / RANKING.newestHalf;
  return 2 ** (-(newest - time) / half);
}
