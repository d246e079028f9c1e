/** What is left after something was taken away, and what to type about it. */
import type { Remaining } from '../../protocol/logout.ts';
import { textField } from '../field.ts';
import { cyan, type Line } from '../output/piece.ts';

/** As a helper's process says it. */
export function remaining(item: unknown): Remaining {
  return { what: textField(item, 'what') ?? '?', how: textField(item, 'how') };
}

/** @param head ten columns that say what kind it is of */
export function remainingLines(head: Line[number], { what, how }: Remaining): Line[] {
  return how === null
    ? [[head, what]]
    : [
        [head, what],
        ['         → ', cyan(how)],
      ];
}
