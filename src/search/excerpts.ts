/** From ranked places to excerpts that fit a budget: each with enough around it to be understood, and nothing twice. */
import { createHash } from 'node:crypto';
import { ANSWER_MAX_CHARS, ANSWER_MAX_TOKENS } from '../protocol/limits.ts';
import type { Cited, Excerpt, Passage } from '../protocol/local-api.ts';
import { tokensOf } from './budget.ts';
import { citationOf, excerptId } from './citation.ts';
import { passagesOf, withinBytes } from './passages.ts';
import type { SearchIndex } from './search-index.ts';

/** Whose an index is. */
export type Origin = Pick<Cited, 'handle' | 'session' | 'project'>;

export interface Hit {
  index: SearchIndex;
  place: number;
  score: number;
  of: Origin;
  /** How many turns after it belong to it; 1 by default. */
  after?: number;
}

/** What an excerpt costs beside its texts: id, citation, times, names of speakers. */
const AROUND_TOKENS = 60;
const ALSO_MAX = 5;

interface Page {
  excerpts: Excerpt[];
  /** The first hit that is not in them; null: all are. */
  next: number | null;
}

/** @param from the hit to begin with; @param budget tokens, cut to ANSWER_MAX_TOKENS */
export function excerptsOf(hits: readonly Hit[], from: number, budget: number): Page {
  const most = Math.min(budget, ANSWER_MAX_TOKENS);
  const best = hits[0]?.score ?? 1;
  const page = new PageOf();
  for (let i = from; i < hits.length; i++) {
    const hit = hits[i];
    if (!hit || page.holds(hit)) continue;
    const { excerpt, places, touched } = excerptOf(hit, best, (first) => page.shows(hit.index, first));
    if (page.repeats(hit, excerpt)) continue;
    const fits = page.tokens + costOf(excerpt) <= most && page.chars + charsOf(excerpt) <= ANSWER_MAX_CHARS;
    if (!fits && page.excerpts.length > 0) return { excerpts: page.excerpts, next: i };
    page.add(hit, fits ? excerpt : cutTo(excerpt, most), { places, touched });
  }
  return { excerpts: page.excerpts, next: null };
}

class PageOf {
  readonly excerpts: Excerpt[] = [];
  tokens = 0;
  chars = 0;
  readonly #shown = new Map<SearchIndex, Set<number>>();
  /** First places of parts of which something is on the page. */
  readonly #touched = new Map<SearchIndex, Set<number>>();
  /** By digest of what was found. */
  readonly #said = new Map<string, Excerpt>();

  holds({ index, place }: Hit): boolean {
    return this.#shown.get(index)?.has(place) ?? false;
  }

  /** Something of the part that begins there is on the page. */
  shows(index: SearchIndex, first: number): boolean {
    return this.#touched.get(index)?.has(first) ?? false;
  }

  /** Says that it stands there as well, if the same is on the page already. */
  repeats(hit: Hit, excerpt: Excerpt): boolean {
    const known = this.#said.get(digestOf(hit));
    if (!known) return false;
    if (known.also.length < ALSO_MAX) {
      known.also.push(excerpt.citation);
      this.tokens += tokensOf(excerpt.citation);
    } else known.more++;
    return true;
  }

  add(hit: Hit, excerpt: Excerpt, of: { places: readonly number[]; touched: readonly number[] }): void {
    this.excerpts.push(excerpt);
    this.#said.set(digestOf(hit), excerpt);
    addTo(this.#shown, hit.index, of.places);
    addTo(this.#touched, hit.index, of.touched);
    this.tokens += costOf(excerpt);
    this.chars += charsOf(excerpt);
  }
}

function addTo(of: Map<SearchIndex, Set<number>>, index: SearchIndex, places: readonly number[]): void {
  of.set(index, new Set([...(of.get(index) ?? []), ...places]));
}

function digestOf({ index, place }: Hit): string {
  return createHash('sha1').update(index.text(place)).digest('base64');
}

function excerptOf(
  { index, place, score, of, after }: Hit,
  best: number,
  isShown: (first: number) => boolean,
): { excerpt: Excerpt; places: number[]; touched: number[] } {
  const { passages, places, touched } = passagesOf(index, place, after, isShown);
  const lines = passages.map((passage) => passage.line);
  const { source, time } = index.at(place);
  const cited = { ...of, source, from: Math.min(...lines), to: Math.max(...lines) };
  const others = index.same(place).filter((other) => other !== place);
  const also = others.slice(0, ALSO_MAX).map((other) => {
    const at = index.at(other);
    return citationOf({ ...of, source: at.source, from: at.line, to: at.line });
  });
  const excerpt = {
    id: excerptId(
      cited,
      // The first is what was found: the same lines may stand around something else on another page.
      [place, ...places].map((one) => `${nameOf(index.at(one))} ${index.text(one)}`),
    ),
    citation: citationOf(cited),
    ...cited,
    time: isoOf(time),
    score: best > 0 ? Math.round((1000 * score) / best) / 1000 : 0,
    passages,
    also,
    more: others.length - also.length,
  };
  return { excerpt, places, touched };
}

/** Within a session: two parts of one turn may say the same. */
function nameOf({ line, part, piece }: ReturnType<SearchIndex['at']>): string {
  return `${line} ${part} ${piece}`;
}

export function isoOf(time: number): string {
  return time === 0 ? '' : new Date(time).toISOString();
}

function costOf({ passages, citation, also }: Excerpt): number {
  const texts = [citation, ...also, ...passages.flatMap(({ text, tool, kind, role }) => [text, tool, kind, role])];
  return AROUND_TOKENS + texts.reduce((sum, text) => sum + tokensOf(text), 0);
}

function charsOf({ passages, citation, also }: Excerpt): number {
  return [citation, ...also, ...passages.map(({ text }) => text)].reduce((sum, text) => sum + text.length, 0);
}

/** What was found alone, and of it what fits. */
function cutTo(excerpt: Excerpt, tokens: number): Excerpt {
  const found = excerpt.passages.find((passage) => passage.hit);
  if (!found) return excerpt;
  const bare = { ...excerpt, passages: [{ ...found, text: '' }], also: [], more: excerpt.more + excerpt.also.length };
  const text = withinBytes(found.text, Math.max(0, (tokens - costOf(bare)) * 3));
  const passage: Passage = {
    ...found,
    text,
    omittedAfter: found.omittedAfter + Buffer.byteLength(found.text) - Buffer.byteLength(text),
  };
  return { ...bare, passages: [passage] };
}
