/** JSON that is safe on a terminal. */

/**
 * Code points that a terminal or a reader may act on, or that hide: controls, format characters (bidi, zero width), lone
 * surrogates, private use, unassigned, separators, and the letters and marks that have no shape (fillers, tags, selectors).
 */
const UNPRINTABLE = new RegExp(
  [
    '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]',
    '[\\u115f\\u1160\\u3164\\uffa0]',
    // Combining ones stand alone: in a class they would look like one character with the one before.
    '\\u17b4|\\u17b5|[\\u{e0100}-\\u{e01ef}]',
  ].join('|'),
  'gu',
);

function escape(found: string): string {
  let out = '';
  for (let i = 0; i < found.length; i++) out += `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}

/** One line of JSON with every such character as `\uXXXX`: parsing it gives back exactly the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, escape);
}
