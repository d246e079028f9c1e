/** What a model cites, read with our own table alone: nothing that it echoes is believed. */
import { isObject } from '../protocol/is-object.ts';
import type { Excerpt, StruckEvent } from '../protocol/local-api.ts';
import { citationOf } from '../search/index.ts';
import type { Sent } from './request.ts';

type Checked = { excerpt: Excerpt; citation: string } | { struck: StruckEvent['why'] };

/** @param given as it came, of whatever shape */
export function checkCitation(given: unknown, table: readonly Sent[]): Checked {
  if (!isObject(given) || given['type'] !== 'search_result_location') return { struck: 'no excerpt' };
  const { search_result_index: index, start_block_index: start, end_block_index: end, cited_text: text } = given;
  const sent = typeof index === 'number' ? table[index] : undefined;
  if (!sent || !isWhole(start) || !isWhole(end)) return { struck: 'out of range' };
  const { excerpt, blocks } = sent;
  if (end <= start || end > blocks.length) return { struck: 'out of range' };
  const cited = blocks.slice(start, end);
  if (text !== cited.map((block) => block.text).join('')) return { struck: 'other words' };
  const lines = cited.map(({ line }) => line);
  return { excerpt, citation: citationOf({ ...excerpt, from: Math.min(...lines), to: Math.max(...lines) }) };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
