/** Runs the rules over one text and replaces what they find. */
import { MASK_MARK } from '../protocol/mask-mark.ts';
import { compileKeywords } from './keywords.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules.ts';
import { viewsOf, type View } from './views.ts';

/** What a mark looks like. Rules never look into one, so that masking again changes nothing. */
const MARK = new RegExp(MASK_MARK.source, 'y');
const MARK_KEYWORD = '[redacted:';
/** Masking may bring a neighbour to light; after a few rounds nothing is left to find. */
const ROUNDS_MAX = 4;

const entries = rules.flatMap((rule, index) => rule.keywords.map((keyword) => ({ keyword, rule, index })));
const scan = compileKeywords([...entries.map((entry) => entry.keyword), { text: MARK_KEYWORD, exact: true }]);

/** Leaves the mark's end in MARK.lastIndex. */
function startsWithMark(text: string, at: number): boolean {
  MARK.lastIndex = at;
  return MARK.test(text);
}

interface Masking {
  rule: string;
  /** Order of preference on equal ranges. */
  rank: number;
  secret: string;
  start: number;
  end: number;
}

/** Findings of one view, in the view's positions. */
function findIn(view: View, out: Masking[]): void {
  const { text } = view;
  const resumeAt = new Float64Array(rules.length);
  const found: Finding[] = [];
  let markEnd = 0;
  scan(text, (keyword, at) => {
    const entry = entries[keyword];
    if (!entry) {
      if (startsWithMark(text, at)) markEnd = MARK.lastIndex;
      return;
    }
    if (at < markEnd || at < (resumeAt[entry.index] ?? 0)) return;
    resumeAt[entry.index] = entry.rule.find(text, at, found);
    for (const { rule, start, end } of found.splice(0)) {
      if (startsWithMark(text, start)) continue;
      const [sourceStart, sourceEnd] = view.toSource(start, end);
      out.push({ rule, rank: entry.index, secret: text.slice(start, end), start: sourceStart, end: sourceEnd });
    }
  });
}

/** Unites ranges that overlap: the one that begins first names the union, then the widest, then the one preferred. */
function unite(text: string, all: Masking[]): Masking[] {
  all.sort((a, b) => a.start - b.start || b.end - a.end || a.rank - b.rank);
  const united: Masking[] = [];
  for (const next of all) {
    const last = united.at(-1);
    if (!last || next.start >= last.end) united.push({ ...next });
    else if (next.end > last.end) {
      last.end = next.end;
      last.secret = text.slice(last.start, last.end);
    }
  }
  return united;
}

/** Makes the mark of a secret. */
export type Marker = (rule: string, secret: string) => string;

/** The text with every secret replaced by its mark, and the marks' rules in order; the same string when none is found. */
export function maskText(text: string, marker: Marker, masked: { rule: string; mark: string }[]): string {
  let current = text;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const all: Masking[] = [];
    for (const view of viewsOf(current)) findIn(view, all);
    if (all.length === 0) return current;
    const parts: string[] = [];
    let last = 0;
    for (const { rule, secret, start, end } of unite(current, all)) {
      const mark = marker(rule, secret);
      masked.push({ rule, mark });
      parts.push(current.slice(last, start), mark);
      last = end;
    }
    parts.push(current.slice(last));
    current = parts.join('');
  }
  return current;
}
