/** Pages of quoted data that is read anew for each of them: the cursor holds a place, never a text. */
import { ANSWER_MAX_TOKENS, TOKEN_BYTES } from '../../protocol/limits.ts';
import { BadArgument } from '../arguments.ts';
import { countIn, cursorOf, readCursor } from '../text/cursor.ts';
import { type Line, line } from '../text/line.ts';
import { BEGINNING, pageOf, type Position } from '../text/pages.ts';
import { type Answer, bytesOf, type Quoted } from '../text/render.ts';

/** Bytes of the fences and of what is said about the next page, with its cursor. */
const AROUND = 900;

/** Where the page begins that a cursor names. @throws BadArgument for one that is of something else */
export function positionOf(cursor: string | null, of: readonly unknown[]): Position {
  if (cursor === null) return BEGINNING;
  const fields = readCursor(cursor, of);
  const part = fields && countIn(fields, 'part');
  const offset = fields && countIn(fields, 'offset');
  if (part !== null && offset !== null) return { part, offset };
  throw new BadArgument(
    line`this cursor belongs to other arguments, or to what was replaced meanwhile; call without it`,
  );
}

/** @param of what the cursor of the next page shall belong to */
export function pagedAnswer(
  { head, quoted: parts, foot }: Answer,
  from: Position,
  of: readonly unknown[],
  tokens = ANSWER_MAX_TOKENS,
): Answer {
  const room = tokens * TOKEN_BYTES - AROUND - bytesOf([...head, ...foot].join('\n'));
  const { quoted, next } = pageOf(parts, from, room);
  return { head, quoted, foot: next === null ? foot : [...foot, moreLine(cursorOf(of, { ...next }))] };
}

export function moreLine(cursor: Line): Line {
  return line`There is more: call this tool again with the same arguments and cursor "${cursor}".`;
}

/** Something that changes when what is paged changes. */
export function shapeOf(parts: readonly Quoted[]): readonly unknown[] {
  return [parts.length, parts.reduce((sum, part) => sum + ('theirs' in part ? part.theirs.length : 0), 0)];
}
