/** What entries say that their conversation is called. */
import { encodeBlock, parseBlock } from '../protocol/core-block.ts';
import type { Turn } from '../protocol/turn.ts';
import type { Entry, Redacted } from '../redact/index.ts';

/** The last name among them, as it is in the core; null: none of them is one. */
export function newestTitle(entries: readonly (Turn | Redacted<Entry>)[]): string | null {
  const last = entries.findLast(({ kind }) => kind === 'title');
  if (last === undefined) return null;
  const [turn] = 'json' in last ? parseBlock(encodeBlock([last.json])) : [last];
  const part = turn?.content[0];
  return part?.type === 'text' ? part.text : null;
}
