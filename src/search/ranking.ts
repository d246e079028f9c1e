/**
 * BM25+ with what made a difference on transcripts: the part of the question's terms that match, neighbouring pieces, and
 * dates, speakers and recency where the question asks for them.
 */
import { Best } from './best.ts';
import type { Span } from './dates.ts';
import { type InOrder, NEIGHBOURS } from './in-order.ts';
import type { Places } from './places.ts';
import type { Postings } from './postings.ts';
import type { Question } from './question.ts';
import type { Ranked, Statistics } from './search-index.ts';
import { RANKING } from './settings.ts';

/** Words that give reasons, as terms. */
const REASONS = ['because', 'since', 'reason', 'therefore', 'instead', 'rather', 'tradeoff'];
const SAID = ['prompt', 'reply', 'thinking', 'summary'];
/** Places that are looked at in one step: less than a millisecond. */
const STEP_PLACES = 16_384;

/** By text: what its terms are worth together, and how much of what the question's terms tell it holds. */
interface TextScores {
  sum: Float64Array;
  matched: Float32Array;
  /** What all of them tell. */
  all: number;
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

  /** Of what can be found when it begins, whatever comes between its steps. The caller gives it up when that is wiped. */
  *ranked(question: Question, statistics: Statistics, most: number): Generator<void, Ranked[]> {
    if (question.terms.length === 0 && question.spans.length === 0 && !question.newest) return [];
    const places = this.#places.inOrder;
    const { order, texts, sources } = places;
    const scores = yield* this.#ofTexts(question, statistics);
    const own = yield* this.#ownScores(places, question, scores);
    const best = new Best<Found>(most * 2, better);
    const weight = this.#weights(question, statistics);
    const weightMax = weightMaxOf(question);
    let worst = 0;
    for (let i = 0; i < texts.length; i++) {
      if (i % STEP_PLACES === 0) yield;
      const plain = smoothed(own, sources, i + NEIGHBOURS);
      if (plain <= 0 || plain * weightMax < worst) continue;
      const place = order[i] ?? 0;
      const score = plain * weight(place);
      if (score < worst) continue;
      const [time, line] = [this.#places.timeOf(place), this.#places.lineOf(place)];
      best.add({ place, score, time, line, part: this.#places.orderInTurn(place) });
      worst = best.worst?.score ?? 0;
    }
    return this.#oncePerText(best.sorted()).slice(0, most);
  }

  *#ofTexts({ terms, why }: Question, statistics: Statistics): Generator<void, TextScores> {
    const { texts, terms: all, withTerm } = statistics;
    const sum = new Float64Array(this.#lengths.length);
    const matched = new Float32Array(this.#lengths.length);
    const average = texts === 0 ? 1 : Math.max(1, all / texts);
    const [plain, perTerm] = [RANKING.k1 * (1 - RANKING.b), (RANKING.k1 * RANKING.b) / average];
    const lengths = this.#lengths;
    const add = (term: string, worth: number, counts: number): void => {
      this.#postings.each(term, (text, often) => {
        const length = plain + perTerm * (lengths[text] as number);
        const value = (often * (RANKING.k1 + 1)) / (often + length) + RANKING.delta;
        sum[text] = (sum[text] as number) + worth * value;
        matched[text] = (matched[text] as number) + counts;
      });
    };
    let whole = 0;
    for (const [i, term] of terms.entries()) {
      yield;
      // What nobody has said tells nothing.
      if (!withTerm[i]) continue;
      const tells = rarity(texts, withTerm[i]);
      // By its root: one rare word does not stand for two others.
      const share = Math.sqrt(tells);
      add(term.text, tells * (term.identifier ? RANKING.rareIdentifier : 1), share);
      whole += share;
    }
    // A reason counts where something that was asked for stands, too.
    if (why) for (const term of REASONS) add(term, RANKING.reasonTerm, 0);
    return { sum, matched, all: whole };
  }

  /** What each piece is worth by itself, in the order of the session. A day that is asked for counts as a term. */
  *#ownScores(
    { order, texts }: InOrder,
    { terms, spans }: Question,
    { sum, matched, all }: TextScores,
  ): Generator<void, Float64Array> {
    const own = new Float64Array(texts.length + 2 * NEIGHBOURS);
    // A day that is asked for tells as much as a word does.
    const day = spans.length > 0 && terms.length > 0 ? Math.max(1, all) / terms.length : 0;
    const anything = terms.length === 0;
    for (let i = 0; i < texts.length; i++) {
      if (i % STEP_PLACES === 0) yield;
      const text = texts[i] as number;
      const held = matched[text] as number;
      if (held === 0 && !anything) continue;
      const inTime = spans.length > 0 && within(spans, this.#places.timeOf(order[i] as number)) ? 1 : 0;
      if (anything) own[i + NEIGHBOURS] = spans.length === 0 ? 1 : inTime;
      else own[i + NEIGHBOURS] = (sum[text] as number) * ((held + day * inTime) / (all + day)) ** RANKING.coordination;
    }
    return own;
  }

  /** What the question says about when and by whom. */
  #weights({ why, speaker, newest, spans }: Question, statistics: Statistics): (place: number) => number {
    const places = this.#places;
    const said = new Set(SAID.map((kind) => places.kindId(kind)));
    const spoken = speaker === null ? -1 : places.kindId(speaker === 'person' ? 'prompt' : 'reply');
    return (place) => {
      const kind = places.kindOf(place);
      let weight = 1;
      if (why && said.has(kind)) weight *= RANKING.said;
      if (kind === spoken) weight *= RANKING.speaker;
      if (newest) weight *= 1 + RANKING.newest * recency(places.timeOf(place), statistics);
      if (spans.length > 0 && !within(spans, places.timeOf(place))) weight *= RANKING.otherTime;
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

/** With what stands around it in the same source. */
function smoothed(own: Float64Array, sources: Int32Array, at: number): number {
  const from = sources[at];
  let near = 0;
  let far = 0;
  if (sources[at - 1] === from) near += own[at - 1] as number;
  if (sources[at + 1] === from) near += own[at + 1] as number;
  if (sources[at - 2] === from) far += own[at - 2] as number;
  if (sources[at + 2] === from) far += own[at + 2] as number;
  return (own[at] as number) + RANKING.near * near + RANKING.far * far;
}

/** What a question can make of a place at most, by when and by whom it was said. */
function weightMaxOf({ why, speaker, newest }: Question): number {
  return (why ? RANKING.said : 1) * (speaker === null ? 1 : RANKING.speaker) * (newest ? 1 + RANKING.newest : 1);
}

/** How much a term tells that stands in so many of all texts. */
export function rarity(texts: number, withTerm: number): number {
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
