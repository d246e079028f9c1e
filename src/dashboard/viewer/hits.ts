/** Places that a search found, one after another. */
import type { AskResponse } from '../../protocol/local-api.ts';
import { clip, printable } from '../../platform/printable.ts';
import type { Spot } from './outline.ts';

export interface Hit extends Spot {
  /** The line that fits, inert. */
  text: string;
}

const TEXT_SHOWN = 120;

/** Each line once, in the order of the answer. */
export function hitsOf({ excerpts }: Pick<AskResponse, 'excerpts'>): Hit[] {
  const hits = new Map<string, Hit>();
  for (const { source, passages } of excerpts) {
    for (const { line, text, hit } of passages) {
      const key = `${line} ${source}`;
      if (hit && !hits.has(key)) hits.set(key, { source, line, text: clip(printable(text.trim()), TEXT_SHOWN) });
    }
  }
  return [...hits.values()];
}

/** The hit after or before one, around the ends. @param step 1 or -1 @returns -1 when there is none */
export function stepped(at: number, step: number, count: number): number {
  if (count === 0) return -1;
  if (at === -1) return step > 0 ? 0 : count - 1;
  return (at + step + count) % count;
}
