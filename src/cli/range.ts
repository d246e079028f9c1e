/** `--lines`: a part of a transcript. */
import { UsageError } from './output/error.ts';

/** 1-based, inclusive; null: open. */
export interface LineRange {
  from: number | null;
  to: number | null;
}

export const ALL_LINES: LineRange = { from: null, to: null };

/** Reads `a-b`, `a-`, `-b` or `a`. @throws UsageError */
export function lineRange(typed: string | null): LineRange {
  if (typed === null) return ALL_LINES;
  const match = /^(\d{1,9})?(?:(-)(\d{1,9})?)?$/.exec(typed.trim());
  const [, first, dash, last] = match ?? [];
  const from = first === undefined ? null : Number(first);
  const to = dash === undefined ? from : last === undefined ? null : Number(last);
  const empty = from === null && to === null;
  if (!match || empty || from === 0 || to === 0 || (from !== null && to !== null && from > to)) {
    throw new UsageError(`--lines ${typed} is not a range of lines`, 'give a-b, a-, -b or a; the first line is 1');
  }
  return { from, to };
}

export function inRange({ from, to }: LineRange, line: number): boolean {
  return (from === null || line >= from) && (to === null || line <= to);
}
