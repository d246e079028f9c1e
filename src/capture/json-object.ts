/** Objects out of JSON that somebody else wrote. */

/** Read it only through {@link get}. */
export type Json = Record<string, unknown>;

/** An own property; what a prototype would answer does not count. */
export function get(source: Json, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

/** A string of at most `maxBytes` bytes of UTF-8, cut between characters; '' for anything else. */
export function shortText(value: unknown, maxBytes: number): string {
  if (typeof value !== 'string') return '';
  if (Buffer.byteLength(value) <= maxBytes) return value;
  let out = '';
  let bytes = 0;
  for (const character of value) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    out += character;
  }
  return out;
}
