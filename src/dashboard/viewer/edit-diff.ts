/** What an edit changed, line by line. */
import { diffLines } from 'diff';
import type { Edit } from './blocks.ts';

export interface DiffLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** More than this differs too much to be worked out while somebody scrolls: then all of the one goes, all of the other comes. */
const EDITS_MAX = 2000;
const TIME_MAX_MS = 50;

export function diffOf({ before, after }: Edit): DiffLine[] {
  const changes =
    before === '' ? undefined : diffLines(before, after, { maxEditLength: EDITS_MAX, timeout: TIME_MAX_MS });
  if (changes === undefined) return [...lines('-', before), ...lines('+', after)];
  return changes.flatMap(({ added, removed, value }) => lines(added ? '+' : removed ? '-' : ' ', value));
}

function lines(sign: DiffLine['sign'], text: string): DiffLine[] {
  if (text === '') return [];
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ sign, text: line }));
}
