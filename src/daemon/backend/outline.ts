/** What there is of a session, without a text of it: for a face that shows a part and scrolls over all. No receipt. */
import { type ReadableCore, readSession } from '../../inbox/index.ts';
import type { OutlineEvent, OutlineRequest } from '../../protocol/local-api.ts';
import { MAIN_SOURCE, type Turn } from '../../protocol/turn.ts';
import { encodeCursor } from '../dump/cursor.ts';
import type { Rooms } from '../rooms.ts';
import type { Endings } from './endings.ts';
import { readableSession } from './readable-session.ts';

type Piece = Extract<OutlineEvent, { type: 'turns' }>;

/** The block that is read. */
interface Block {
  core: string;
  block: number;
  turns: readonly Turn[];
}

/** @throws before the first event as `readableSession` */
export async function* outline(
  { rooms, endings }: { rooms: Rooms; endings: Endings },
  request: OutlineRequest,
  signal: AbortSignal,
): AsyncGenerator<OutlineEvent> {
  const { person, session, held, changed, endReason } = readableSession(rooms, endings, request);
  const read: { at: Block | null } = { at: null };
  let begun: { of: Block; piece: Piece } | null = null;
  const onBlock = (core: ReadableCore, block: number, turns: readonly Turn[]): void => {
    read.at = { core: core.grant.core, block, turns };
  };
  const cursorAt = ({ core, block }: Block, entry: number): string =>
    encodeCursor({ uid: person.uid, session, from: null, to: null, newest: false, core, block, entry, unit: 0 });
  const source = { session, clock: rooms.surroundings.clock, held, changed, endReason, onBlock };
  for await (const event of readSession(source, { from: null, to: null, follow: request.follow, signal })) {
    const block = read.at;
    if (begun !== null && (event.type !== 'turn' || begun.of !== block)) {
      yield begun.piece;
      begun = null;
    }
    if (event.type !== 'turn') {
      yield event;
      continue;
    }
    if (!block) continue;
    const entry = block.turns.indexOf(event.turn);
    begun ??= { of: block, piece: emptyPiece(cursorAt(block, Math.max(0, entry))) };
    add(begun.piece, event.turn);
    // A reader who follows does not wait for the next block to see the end of this one.
    if (entry === lastShown(block.turns)) {
      yield begun.piece;
      begun = null;
    }
  }
}

function lastShown(turns: readonly Turn[]): number {
  return turns.findLastIndex(({ kind }) => kind !== 'title');
}

function emptyPiece(cursor: string): Piece {
  return { type: 'turns', cursor, lines: [], kinds: [], sizes: [], sources: [] };
}

function add(piece: Piece, turn: Turn): void {
  piece.lines.push(turn.line);
  piece.kinds.push(turn.kind);
  piece.sizes.push(sizeOf(turn));
  // Mostly all of one: said where another begins.
  if ((piece.sources.at(-1)?.source ?? MAIN_SOURCE) !== turn.source) {
    piece.sources.push({ at: piece.lines.length - 1, source: turn.source });
  }
}

/** Characters of what is shown of it, about. */
function sizeOf({ content }: Turn): number {
  return content.reduce((sum, part) => sum + ('text' in part ? part.text.length : inputSize(part)), 0);
}

function inputSize(part: Turn['content'][number]): number {
  if (part.type !== 'tool_use' || typeof part.input !== 'object' || part.input === null) return 0;
  return Object.values(part.input).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 16),
    0,
  );
}
