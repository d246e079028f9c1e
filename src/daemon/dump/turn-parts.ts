/**
 * Parts of a turn that is larger than a page. A turn is seen as a line of units: one for the beginning of each content part
 * and one for each character (UTF-16) of its text, so that whatever lies between two places is a part of the turn.
 */
import type { DumpedTurn } from '../../protocol/local-api.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';

/** How many units a turn has. */
export function unitsOf(turn: Turn): number {
  return turn.content.reduce((sum, part) => sum + 1 + textOf(part).length, 0);
}

/** The units from `from` up to `to`; with all of them the turn as it is. */
export function partOf(turn: Turn, from: number, to: number): DumpedTurn {
  if (from <= 0 && to >= unitsOf(turn)) return { ...turn, omittedBefore: 0, omittedAfter: 0 };
  const content: ContentPart[] = [];
  let [at, omittedBefore, omittedAfter] = [0, 0, 0];
  for (const part of turn.content) {
    const text = textOf(part);
    const start = clamp(from - at - 1, text.length);
    const end = clamp(to - at - 1, text.length);
    omittedBefore += Buffer.byteLength(text.slice(0, start));
    omittedAfter += Buffer.byteLength(text.slice(end));
    const isTouched = to > at && from < at + 1 + text.length;
    if (isTouched) content.push(start === 0 && end === text.length ? part : withText(part, text.slice(start, end)));
    at += 1 + text.length;
  }
  return { ...turn, content, omittedBefore, omittedAfter };
}

/** Bytes of JSON. */
export function sizeOf(turn: DumpedTurn): number {
  return Buffer.byteLength(JSON.stringify(turn));
}

/** As many units from `from` on as fit, one at least. */
export function endWithin(turn: Turn, from: number, bytes: number): number {
  const all = unitsOf(turn);
  const fits = (units: number): boolean => sizeOf(partOf(turn, from, from + units)) <= bytes;
  const units = most(Math.min(all - from, bytes), fits);
  return aside(turn, from + units, units > 1 ? -1 : 1);
}

/** As many units up to `to` as fit, one at least. */
export function startWithin(turn: Turn, to: number, bytes: number): number {
  const fits = (units: number): boolean => sizeOf(partOf(turn, to - units, to)) <= bytes;
  const units = most(Math.min(to, bytes), fits);
  return aside(turn, to - units, units > 1 ? 1 : -1);
}

/** The largest number from 1 to `top` that fits. */
function most(top: number, fits: (units: number) => boolean): number {
  let [low, high] = [1, Math.max(1, top)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The place itself, or the next one in that direction when it is between the two halves of a character. */
function aside(turn: Turn, place: number, step: -1 | 1): number {
  let at = 0;
  for (const part of turn.content) {
    const text = textOf(part);
    const index = place - at - 1;
    if (index > 0 && index < text.length) {
      const code = text.charCodeAt(index);
      const before = text.charCodeAt(index - 1);
      const splits = before >= 0xd800 && before <= 0xdbff && code >= 0xdc00 && code <= 0xdfff;
      return splits ? place + step : place;
    }
    at += 1 + text.length;
  }
  return place;
}

function textOf(part: ContentPart): string {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'tool_result':
      return part.text;
    case 'tool_use':
      return part.input === undefined ? '' : JSON.stringify(part.input);
    default:
      return '';
  }
}

function withText(part: ContentPart, text: string): ContentPart {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'tool_result':
      return { ...part, text };
    case 'tool_use':
      return { ...part, input: text };
    default:
      return part;
  }
}

function clamp(place: number, length: number): number {
  return Math.max(0, Math.min(length, place));
}
