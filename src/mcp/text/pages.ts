/** Quoted data in pages of bounded size, so that any text can be read whole. */
import { type Heading, heading, type Line } from './line.ts';
import { bytesOf, type Quoted, theirLines, visible } from './render.ts';

/** Where a page begins: the part, and how many characters (UTF-16) of its visible text were shown before. */
export interface Position {
  part: number;
  offset: number;
}

export const BEGINNING: Position = { part: 0, offset: 0 };

export interface Page {
  quoted: Quoted[];
  /** Where the next one begins; null: this was the last. */
  next: Position | null;
}

/**
 * As much as fits into `room` bytes, beginning at `from`, and always some. What begins with a text, or in the
 * middle of one, is headed by the heading of that text.
 */
export function pageOf(parts: readonly Quoted[], from: Position, room: number): Page {
  const quoted: Quoted[] = [];
  let left = room;
  const take = (part: Quoted, bytes: number): void => {
    quoted.push(part);
    left -= bytes;
  };
  const first = parts[from.part];
  const again = first && 'theirs' in first ? headingBefore(parts, from.part) : null;
  if (again !== null) take({ heading: heading`${again} (continued)` }, bytesOf(again) + 13);
  for (let i = from.part; i < parts.length; i++) {
    const part = parts[i];
    if (!part) break;
    const isFirst = i === from.part;
    if ('heading' in part) {
      const bytes = bytesOf(part.heading) + 1;
      if (bytes > left && !isFirst) return { quoted, next: { part: i, offset: 0 } };
      take(part, bytes);
      continue;
    }
    const offset = isFirst ? from.offset : 0;
    const text = visible(part.theirs);
    const end = endWithin(text, offset, left);
    // A page that holds nothing would never lead to the next one.
    const cut = end > offset || text.length <= offset || !isFirst ? end : offset + widthAt(text, offset);
    const shown = text.slice(offset, cut);
    if (cut > offset) take({ theirs: shown }, bytesOf(theirLines(shown).join('\n')) + 1);
    if (cut < text.length) return { quoted, next: { part: i, offset: cut } };
  }
  return { quoted, next: null };
}

/** What stands above a text. */
function headingBefore(parts: readonly Quoted[], at: number): Heading | Line | null {
  for (let i = at; i >= 0; i--) {
    const part = parts[i];
    if (part && 'heading' in part) return part.heading;
  }
  return null;
}

/** How far the text goes from `start` on if its lines, each with its mark and line break, take at most `room` bytes. */
function endWithin(text: string, start: number, room: number): number {
  const MARK_BYTES = 3;
  let left = room - MARK_BYTES;
  let lineEnd = start;
  for (let at = start; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    left -= code === 0x0a ? 1 + MARK_BYTES : bytesOfCode(code);
    // Whole lines if that leaves a good part of the page.
    if (left < 0) return lineEnd - start > (at - start) / 2 ? lineEnd : at;
    at += code > 0xffff ? 2 : 1;
    if (code === 0x0a) lineEnd = at;
  }
  return text.length;
}

function bytesOfCode(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
