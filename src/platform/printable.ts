/**
 * Text of others for a terminal. A transcript, a title, a handle, a path or an error message may hold escape sequences
 * that move the cursor, set the clipboard or hide text; what leaves here holds none, and shows where they were.
 */

/**
 * Everything that is not shown as it is. ESC, CSI, OSC, DCS, APC, PM and SOS all begin with ESC or a C1 code, so making
 * those visible leaves the rest of a sequence inert. Also what reorders or hides text: bidi controls, zero-width and
 * filler characters, tags, variation selectors of the supplement, line and paragraph separators, noncharacters.
 */
const UNSAFE = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u2028-\\u202e' +
    '\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}' +
    '\\p{Surrogate}\\p{Noncharacter_Code_Point}]',
  'gu',
);

const REPLACEMENT = '\ufffd';
/** U+2400 and on: pictures of the C0 codes; U+2421 is that of DEL. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = '\u2421';

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  if (code === 0x7f) return DELETE_PICTURE;
  if (code >= 0xd800 && code <= 0xdfff) return REPLACEMENT;
  return `\\u{${code.toString(16)}}`;
}

/**
 * The text with only printable characters in it. `\r\n` counts as a line break; with `multiline`, line breaks and tabs
 * stay, without it they become spaces. Never throws; takes any length.
 */
export function printable(text: string, options: { multiline?: boolean } = {}): string {
  const multiline = options.multiline ?? false;
  // A lone CR would let the rest of a line overwrite its beginning, so it stays and is made visible.
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  return lines.replace(UNSAFE, (character) => {
    if (character === '\n' || character === '\t') return multiline ? character : ' ';
    return visible(character);
  });
}

/** At most `columns` code points of the text; what was cut ends with `…`. */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (text.length <= columns) return text;
  let count = 0;
  let keep = 0;
  for (let i = 0; i < text.length; count++) {
    if (count === columns) return `${text.slice(0, keep)}…`;
    if (count === columns - 1) keep = i;
    i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  }
  return text;
}
