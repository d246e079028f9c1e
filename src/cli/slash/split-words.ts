/** The words of a command typed in Claude Code. No shell ever sees them. */
import { UsageError } from '../output/error.ts';

/**
 * Blanks part words; `"…"` and `'…'` keep them together, and inside of `"…"` a backslash takes the next `"` or `\` as it is.
 * Everything else stands for itself: `$`, `` ` ``, `;` and `*` mean nothing.
 * @throws UsageError for a quote that is not closed
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (quote === '"' && c === '\\' && /["\\]/.test(text.charAt(i + 1))) word += text.charAt(++i);
      else word += c;
    } else if (c === '"' || (c === "'" && word === null)) {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') {
    throw new UsageError(`a quote is not closed: ${quote}`, 'put text of several words between two "');
  }
  if (word !== null) words.push(word);
  return words;
}
