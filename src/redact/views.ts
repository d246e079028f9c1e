/**
 * A secret may stand in a text in another form: coloured by ANSI codes, inside a JSON string inside a string, or
 * percent-encoded. A view is the text with one such layer taken off, and the way back from its positions to the
 * original's, so that a finding in a view masks exactly the encoded form.
 */

export interface View {
  text: string;
  /** Original range of [start, end) of this view. */
  toSource(start: number, end: number): [start: number, end: number];
}

const PERCENT = /%[0-9A-Fa-f]{2}/;
/** CSI sequences whole; of others the introducer, because the content of an OSC is text that is scanned. */
const ANSI = /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]?|[ -/]{0,4}[0-Z\\-~])|\u009b[0-?]{0,64}[ -/]{0,8}[@-~]?|\u0007/g;
const ESCAPE = /\\(?:u\{?([0-9A-Fa-f]{4})\}?|x([0-9A-Fa-f]{2})|(033)|([nrt"'`/\\e]))/g;
const PERCENT_BYTE = /%([0-7][0-9A-Fa-f])/g;
const LETTER: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', e: '\u001b' };
/** Transcripts quote transcripts; deeper than this nobody reads them. */
const LEVELS_MAX = 4;

/** Takes one layer off: each match of `unit` becomes what `decode` says. Null when nothing matches. */
function peel(outer: View, unit: RegExp, decode: (match: RegExpExecArray) => string): View | null {
  const { text } = outer;
  const parts: string[] = [];
  // Three arrays of equal length: from view offset at[k] on, characters come from source offset from[k]; width[k] is
  // that of an encoded character, or 0 for a stretch taken as it is.
  const at: number[] = [];
  const from: number[] = [];
  const width: number[] = [];
  let length = 0;
  let last = 0;
  unit.lastIndex = 0;
  for (let match = unit.exec(text); match; match = unit.exec(text)) {
    const stretch = match.index - last;
    if (stretch > 0) {
      at.push(length);
      from.push(last);
      width.push(0);
      parts.push(text.slice(last, match.index));
      length += stretch;
    }
    const character = decode(match);
    if (character !== '') {
      at.push(length);
      from.push(match.index);
      width.push(match[0].length);
      parts.push(character);
      length += character.length;
    }
    last = match.index + match[0].length;
  }
  if (last === 0) return null;
  at.push(length);
  from.push(last);
  width.push(0);
  parts.push(text.slice(last));

  const locate = (offset: number): number => {
    let low = 0;
    let high = at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((at[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const first = (offset: number): number => {
    const k = locate(offset);
    return (from[k] ?? 0) + (width[k] ? 0 : offset - (at[k] ?? 0));
  };
  const afterLast = (offset: number): number => {
    const k = locate(offset);
    return (from[k] ?? 0) + (width[k] || offset - (at[k] ?? 0) + 1);
  };
  return {
    text: parts.join(''),
    toSource: (start, end) => outer.toSource(first(start), end > start ? afterLast(end - 1) : first(start)),
  };
}

function decodeEscape(match: RegExpExecArray): string {
  const [, unicode, hex, escape, letter] = match;
  if (letter !== undefined) return LETTER[letter] ?? letter;
  if (escape !== undefined) return '\u001b';
  return String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16));
}

function plain(view: View): View {
  if (!/[\u001b\u009b]/.test(view.text)) return view;
  return peel(view, ANSI, () => '') ?? view;
}

/** The text itself and every view of it that differs, outermost first. */
export function viewsOf(text: string): View[] {
  const raw: View = { text, toSource: (start, end) => [start, end] };
  const views = [raw];
  const base = plain(raw);
  if (base !== raw) views.push(base);
  for (let level = 0, view = base; level < LEVELS_MAX && view.text.includes('\\'); level++) {
    const inner = peel(view, ESCAPE, decodeEscape);
    if (!inner) break;
    view = plain(inner);
    views.push(view);
  }
  if (text.includes('%') && PERCENT.test(text)) {
    const decoded = peel(base, PERCENT_BYTE, ([, byte = '']) => String.fromCharCode(Number.parseInt(byte, 16)));
    if (decoded) views.push(decoded);
  }
  return views;
}

export const VIEWS_SOURCE = [ANSI, ESCAPE, PERCENT_BYTE].map((r) => r.source).join(' ');
