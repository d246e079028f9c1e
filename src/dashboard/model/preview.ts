/** Turns of a preview as short texts, with the masks in them found. */
import { MASK_MARK } from '../../protocol/mask-mark.ts';
import type { ContentPart } from '../../protocol/turn.ts';

/** Characters of one part: a preview shows what kind of thing goes out, and a tool's output may be a megabyte. */
const PART_SHOWN = 1500;

const MASKS = new RegExp(MASK_MARK.source, 'g');

export interface Piece {
  /** The rule that masked it; null: it is text. */
  mask: string | null;
  piece: string;
}

/** The text in order, masks apart. */
export function maskPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(MASKS)) {
    if (match.index > from) pieces.push({ mask: null, piece: text.slice(from, match.index) });
    pieces.push({ mask: match[1] ?? '', piece: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ mask: null, piece: text.slice(from) });
  return pieces;
}

/** A part as text, and how many characters of it are left out. */
export function partText(part: ContentPart): { text: string; cut: number } {
  const text = wholeText(part);
  return { text: text.slice(0, PART_SHOWN), cut: Math.max(0, text.length - PART_SHOWN) };
}

function wholeText(part: ContentPart): string {
  switch (part.type) {
    case 'tool_use':
      return `${part.name} ${JSON.stringify(part.input ?? {})}`;
    case 'tool_result':
      return part.text;
    case 'image':
      return `(an image, ${part.media}: not shared)`;
    case 'omitted':
      return `(left out: ${part.why})`;
    default:
      return part.text;
  }
}
