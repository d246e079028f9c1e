/**
 * Finds many keywords in one pass (the automaton of Aho and Corasick). Every rule names the literals without which it
 * cannot match, so ordinary text is read once and no expression runs on it.
 */

export interface Keyword {
  /** ASCII. Compared without case unless `exact`. */
  text: string;
  exact?: boolean;
}

/** Calls `hit` for each keyword found: its index in the list and where it begins, in order of where they end. */
export type KeywordScan = (text: string, hit: (keyword: number, at: number) => void) => void;

const CLASS_BITS = 6;
const CLASSES = 1 << CLASS_BITS;

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Character classes: one for each character that occurs in a keyword, 0 for all others. */
function classesOf(keywords: readonly Keyword[]): Uint8Array {
  const classes = new Uint8Array(128);
  let next = 1;
  for (const { text } of keywords) {
    for (let i = 0; i < text.length; i++) {
      const code = lower(text.charCodeAt(i));
      if (code > 127 || text.length < 2) throw new RangeError(`not a keyword: ${text}`);
      if (classes[code] === 0) classes[code] = next++;
    }
  }
  if (next > CLASSES) throw new RangeError('more different characters in keywords than there are classes');
  for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] ?? 0;
  return classes;
}

/** Builds the automaton; a few milliseconds for some hundred keywords. */
export function compileKeywords(keywords: readonly Keyword[]): KeywordScan {
  const classes = classesOf(keywords);
  const states = 1 + keywords.reduce((sum, k) => sum + k.text.length, 0);
  const next = new Uint16Array(states * CLASSES);
  const ends: number[][] = [[]];
  for (const [index, { text }] of keywords.entries()) {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const edge = (state << CLASS_BITS) | (classes[text.charCodeAt(i)] ?? 0);
      if (next[edge] === 0) next[edge] = ends.push([]) - 1;
      state = next[edge] ?? 0;
    }
    ends[state]?.push(index);
  }
  // Breadth first: a missing edge goes where the longest proper suffix would go, so the scan never steps back.
  const suffix = new Uint16Array(ends.length);
  const queue: number[] = [];
  for (let c = 0; c < CLASSES; c++) if (next[c]) queue.push(next[c] ?? 0);
  for (const state of queue) {
    const fallback = suffix[state] ?? 0;
    ends[state]?.push(...(ends[fallback] ?? []));
    for (let c = 0; c < CLASSES; c++) {
      const edge = (state << CLASS_BITS) | c;
      const viaSuffix = next[(fallback << CLASS_BITS) | c] ?? 0;
      const target = next[edge] ?? 0;
      if (target === 0) next[edge] = viaSuffix;
      else {
        suffix[target] = viaSuffix;
        queue.push(target);
      }
    }
  }
  const found = ends.map((list) => (list.length > 0 ? list : null));
  const lengths = keywords.map((k) => k.text.length);
  const exact = keywords.map((k) => (k.exact ? k.text : null));

  return (text, hit) => {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = code > 127 ? 0 : (next[(state << CLASS_BITS) | (classes[code] ?? 0)] ?? 0);
      const list = found[state];
      if (!list) continue;
      for (const keyword of list) {
        const at = i + 1 - (lengths[keyword] ?? 0);
        const as = exact[keyword];
        if (as && !text.startsWith(as, at)) continue;
        hit(keyword, at);
      }
    }
  };
}
