/** Words that were looked for, marked where they stand in what is drawn. The text itself is not touched: only how it is painted. */

/** Name of the highlight, as the style sheet knows it. */
const NAME = 'found';
/** Of one drawing: a page full of a single letter must not be slow. */
const MARKS_MAX = 500;

/** Letters of either case are the same, unless one of the words is upper case: as the search has it. @param words '': none */
export function markFound(root: Node, words: string): void {
  // A browser that cannot mark still goes to the place.
  if (!canMark()) return;
  const ranges = words === '' ? [] : rangesOf(root, words);
  if (ranges.length === 0) CSS.highlights.delete(NAME);
  else CSS.highlights.set(NAME, new Highlight(...ranges));
}

export function unmarkFound(): void {
  if (canMark()) CSS.highlights.delete(NAME);
}

const canMark = (): boolean => 'highlights' in CSS;

function rangesOf(root: Node, words: string): Range[] {
  const isExact = words !== words.toLowerCase();
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('button') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.nodeValue ?? '';
    const searched = isExact ? text : text.toLowerCase();
    // Of a few letters the lower case is longer, and places would move.
    if (searched.length !== text.length) continue;
    for (let at = searched.indexOf(words); at !== -1; at = searched.indexOf(words, at + words.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      if (ranges.push(range) === MARKS_MAX) return ranges;
    }
  }
  return ranges;
}
