/** Keeps a turn within the size that fits a session core's entry, and says how much was cut. */
import { ENTRY_MAX_BYTES } from '../protocol/limits.ts';
import type { ContentPart, Turn } from '../protocol/turn.ts';
import type { Json } from './json-object.ts';

/** As in turnDecoder. */
const PARTS_MAX = 4096;
/** Room for the part that says what was cut. */
const MARK_BYTES = 128;
/** A part is not cut below this: ids and names alone may take 1 KiB each. */
const PART_MIN_BYTES = 4096;
/** A cut looks back this far for the end of a line or word, so that it does not halve a token that redaction would know. */
const LOOK_BACK_CHARS = 4096;
const STRING_MIN_BYTES = 64;

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** The turn itself when it fits, else a copy with its longest texts and inputs cut and a part `cut: N bytes` at the end. */
export function boundTurn(turn: Turn): Turn {
  const before = jsonBytes(turn);
  if (before <= ENTRY_MAX_BYTES && turn.content.length <= PARTS_MAX) return turn;

  let content = turn.content.slice(0, PARTS_MAX - 1);
  const envelope = jsonBytes({ ...turn, content: [] }) + MARK_BYTES;
  const sizes = content.map((part) => jsonBytes(part) + 1);
  const share = Math.max(PART_MIN_BYTES, evenShare(sizes, ENTRY_MAX_BYTES - envelope));
  content = content.map((part, i) => ((sizes[i] ?? 0) > share ? cutPart(part, share - 1) : part));

  // Only where there are so many parts that not even the smallest share is left for each.
  let total = envelope;
  let kept = 0;
  for (const part of content) {
    total += jsonBytes(part) + 1;
    if (total > ENTRY_MAX_BYTES) break;
    kept++;
  }
  const cut = { ...turn, content: content.slice(0, kept) };
  cut.content.push({ type: 'omitted', why: `cut: ${before - jsonBytes(cut)} bytes` });
  return cut;
}

/** The size L for which the sum of min(size, L) fits the budget: small parts stay whole, long ones give. */
function evenShare(sizes: readonly number[], budget: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = budget;
  for (const [i, size] of ascending.entries()) {
    const each = Math.floor(left / (ascending.length - i));
    if (size > each) return Math.max(each, 0);
    left -= size;
  }
  return budget;
}

function cutPart(part: ContentPart, bytes: number): ContentPart {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'tool_result':
      return { ...part, text: cutText(part.text, bytes - jsonBytes({ ...part, text: '' })) };
    case 'tool_use':
      return { ...part, input: cutInput(part.input, bytes - jsonBytes({ ...part, input: 0 })) };
    default:
      return part;
  }
}

/** Bytes that the UTF-16 unit at `i` adds to the JSON form; a surrogate pair counts with its first half. */
function unitBytes(text: string, i: number): number {
  const c = text.charCodeAt(i);
  if (c === 34 || c === 92) return 2;
  if (c < 32) return c === 8 || c === 9 || c === 10 || c === 12 || c === 13 ? 2 : 6;
  if (c < 0x80) return 1;
  if (c < 0x800) return 2;
  if (c < 0xd800 || c > 0xdfff) return 3;
  return (text.codePointAt(i) ?? 0) > 0xffff ? 4 : 6;
}

/** The longest beginning whose JSON form, without its quotes, takes at most `bytes`; moved back to the end of a line or word. */
export function cutText(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  while (end < text.length) {
    const size = unitBytes(text, end);
    if (used + size > bytes) break;
    used += size;
    end += size === 4 ? 2 : 1;
  }
  if (end === text.length) return text;
  const from = Math.max(0, end - LOOK_BACK_CHARS);
  const nearEnd = text.slice(from, end);
  const line = nearEnd.lastIndexOf('\n');
  if (line >= 0) return text.slice(0, from + line + 1);
  const blank = /\s\S*$/.exec(nearEnd);
  return text.slice(0, blank ? from + blank.index + 1 : end);
}

/** An input whose JSON form takes at most `bytes`: its long strings shorter, and where that is not enough its last entries gone. */
function cutInput(input: unknown, bytes: number): unknown {
  const sizes: number[] = [];
  mapStrings(input, (text) => {
    sizes.push(jsonBytes(text));
    return text;
  });
  const rest = jsonBytes(input) - sizes.reduce((sum, size) => sum + size, 0);
  const share = Math.max(STRING_MIN_BYTES, evenShare(sizes, bytes - rest));
  const shorter = mapStrings(input, (text) => cutText(text, share - 2));
  return jsonBytes(shorter) <= bytes ? shorter : takeEntries(shorter, bytes).value;
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapStrings(inner, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, change)]));
}

/** As many first entries as fit; `left` is what remains of the budget. */
function takeEntries(value: unknown, budget: number): { value: unknown; left: number } {
  if (typeof value !== 'object' || value === null) {
    const size = jsonBytes(value);
    return size <= budget ? { value, left: budget - size } : { value: null, left: budget - 4 };
  }
  let left = budget - 2;
  const list: unknown[] = [];
  const object: Json = {};
  for (const [key, inner] of Object.entries(value)) {
    const overhead = Array.isArray(value) ? 1 : jsonBytes(key) + 2;
    // Room for the least that an entry can be (null, [] or {}), else it is not begun.
    if (left - overhead < 4) break;
    const taken = takeEntries(inner, left - overhead);
    left = taken.left;
    if (Array.isArray(value)) list.push(taken.value);
    else object[key] = taken.value;
  }
  return { value: Array.isArray(value) ? list : object, left };
}
