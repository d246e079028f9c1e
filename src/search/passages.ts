/** What is shown of a place: the piece that was found, the ends of the long part that it is of, and what stands around it. */
import type { Passage } from '../protocol/local-api.ts';
import type { Place } from './places.ts';
import type { SearchIndex } from './search-index.ts';

/** What is shorter than this is shown with the turns before and after it. */
const SHORT_CHARS = 600;
/** Of a turn before or after. */
const AROUND_BYTES = 500;
/** Of the beginning and the end of a long part. */
const END_BYTES = 200;

interface Shown {
  /** In the order of the session. */
  passages: Passage[];
  /** The places that are in them with all of their text. */
  places: number[];
  /** The first places of the parts of which anything is in them. */
  touched: number[];
}

/**
 * @param turns how many after a short one are shown with it
 * @param isShown what the reader has before them already (by the first place of its part) does not stand around it again
 */
export function passagesOf(
  index: SearchIndex,
  place: number,
  turns = 1,
  isShown: (first: number) => boolean = () => false,
): Shown {
  const found = partAround(index, place);
  if (index.text(place).length >= SHORT_CHARS) return found;
  const { order } = index;
  const at = order.indexOf(place);
  const { source, pieces, piece } = index.at(place);
  const neighbour = (position: number): number | null => {
    const other = order[position];
    if (other === undefined || position < 0 || index.at(other).source !== source) return null;
    return isShown(index.partOf(other)[0] ?? other) ? null : other;
  };
  const before = neighbour(at - piece - 1);
  const shown = [...(before === null ? [] : [beginning(index, before)]), found];
  for (let next = at + pieces - piece, left = turns; left > 0; left--) {
    const after = neighbour(next);
    if (after === null) break;
    shown.push(beginning(index, after));
    next += index.at(after).pieces;
  }
  return {
    passages: shown.flatMap((one) => one.passages),
    places: shown.flatMap((one) => one.places),
    touched: shown.flatMap((one) => one.touched),
  };
}

/** The piece, and the beginning and end of its part when it is in several pieces. */
function partAround(index: SearchIndex, place: number): Shown {
  const part = index.partOf(place);
  const here = index.at(place);
  const [first, last] = [part[0] ?? place, part.at(-1) ?? place];
  const bytes = (from: number, to: number): number =>
    part.slice(from, to).reduce((sum, one) => sum + Buffer.byteLength(index.text(one)), 0);
  const passages: Passage[] = [];
  let before = bytes(0, here.piece);
  if (first !== place) {
    const head = withinBytes(index.text(first), END_BYTES);
    passages.push(passage(here, head, false));
    before -= Buffer.byteLength(head);
  }
  const found = { ...passage(here, index.text(place), true), omittedBefore: before };
  passages.push(found);
  const after = bytes(here.piece + 1, part.length);
  if (last !== place) {
    const tail = endWithinBytes(index.text(last), END_BYTES);
    passages.push({ ...passage(here, tail, false), omittedBefore: after - Buffer.byteLength(tail) });
  }
  return { passages, places: [place], touched: [first] };
}

/** The first words of the part that this place is of. */
function beginning(index: SearchIndex, place: number): Shown {
  const part = index.partOf(place);
  const first = part[0] ?? place;
  const text = withinBytes(index.text(first), AROUND_BYTES);
  const bytes = part.reduce((sum, one) => sum + Buffer.byteLength(index.text(one)), 0);
  const omitted = bytes - Buffer.byteLength(text);
  return {
    passages: [{ ...passage(index.at(first), text, false), omittedAfter: omitted }],
    // What is shown in part can still be found itself.
    places: omitted === 0 ? [first] : [],
    touched: [first],
  };
}

function passage({ line, time, role, kind, tool }: Place, text: string, hit: boolean): Passage {
  const iso = time === 0 ? '' : new Date(time).toISOString();
  return { line, time: iso, role, kind, tool, text, hit, omittedBefore: 0, omittedAfter: 0 };
}

/** The beginning of a text, whole characters, at most so many bytes; up to the end of a line where one is near. */
export function withinBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const cut = bytes.toString('utf8', 0, end);
  const line = cut.lastIndexOf('\n');
  return line > cut.length / 2 ? cut.slice(0, line + 1) : cut;
}

function endWithinBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let start = bytes.length - most;
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.toString('utf8', start);
}
