/** How high a row probably is, before it was drawn: what is near keeps the list from jumping. */
import type { TurnRow } from './outline.ts';

const HEAD_PX = 34;
const LINE_PX = 21;
/** Characters on a line, about. */
const LINE_CHARACTERS = 85;
/** As many lines are shown of a long text before somebody wants more. */
const LINES_MAX = 40;

const FOLDED = new Set(['tool_use', 'tool_result', 'thinking', 'summary', 'title', 'boundary', 'notice']);

/** Pixels. */
export function estimatedHeight({ kind, size }: Pick<TurnRow, 'kind' | 'size'>): number {
  if (FOLDED.has(kind)) return HEAD_PX;
  return HEAD_PX + LINE_PX * Math.min(LINES_MAX, Math.max(1, Math.ceil(size / LINE_CHARACTERS)));
}
