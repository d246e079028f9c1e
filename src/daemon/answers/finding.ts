/** Finds in indexes what is asked for, and lets others work meanwhile. */
import {
  type Candidate,
  HITS_MAX,
  type Hit,
  literal,
  lookCloser,
  type Origin,
  type Pattern,
  readQuestion,
  REASON_TURNS,
  regex,
  scan,
  type SearchIndex,
  together,
} from '../../search/index.ts';
import { SCAN_MS } from '../../protocol/limits.ts';
import type { AskRequest } from '../../protocol/local-api.ts';
import { Slices } from './slices.ts';

export interface Searched {
  index: SearchIndex;
  of: Origin;
}

export interface Finding {
  hits: Hit[];
  more: boolean;
}

/** @param now unix milliseconds @throws BAD_REQUEST when the expression is none */
export async function find(request: AskRequest, searched: readonly Searched[], now: number): Promise<Finding> {
  const { mode, question } = request;
  if (mode === 'question') return ranked(question, searched, now);
  return scanned(mode === 'regex' ? await regex(question) : literal(question), searched);
}

/** One ranking over all: rarity and length are those of everything that is searched. */
async function ranked(text: string, searched: readonly Searched[], now: number): Promise<Finding> {
  const handles = [...new Set(searched.map(({ of }) => of.handle))];
  const question = readQuestion(text, handles, now);
  const statistics = together(searched.map(({ index }) => index.statistics(question)));
  const after = question.why ? REASON_TURNS : 1;
  const hits: (Hit & Candidate)[] = [];
  const slices = new Slices();
  let more = false;
  for (const { index, of } of searched) {
    const best = await slices.all(index.ranking(question, statistics, HITS_MAX));
    more ||= best.length === HITS_MAX;
    for (const { place, score, time } of best) {
      hits.push({ index, place, score, of, after, time, text: () => index.text(place) });
    }
  }
  hits.sort((a, b) => b.score - a.score);
  const looked = await slices.all(lookCloser(hits.slice(0, HITS_MAX), question, statistics));
  return {
    hits: looked.map(({ index, place, score, of }) => ({ index, place, score, of, after })),
    more: more || hits.length > HITS_MAX,
  };
}

/** Newest first, as far as the time goes. */
async function scanned(pattern: Pattern, searched: readonly Searched[]): Promise<Finding> {
  const found: (Hit & { time: number })[] = [];
  const giveUp = performance.now() + SCAN_MS;
  const slices = new Slices();
  let more = false;
  for (const { index, of } of searched) {
    let hits = 0;
    for (const hit of scan(index, pattern)) {
      if (hit) found.push({ index, of, ...hit });
      if (hit && ++hits >= HITS_MAX) break;
      if (!slices.isOver) continue;
      if (performance.now() > giveUp) break;
      await slices.next();
    }
    more ||= hits >= HITS_MAX || performance.now() > giveUp;
  }
  found.sort((a, b) => b.time - a.time);
  return { hits: found.slice(0, HITS_MAX), more: more || found.length > HITS_MAX };
}
