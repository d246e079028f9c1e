/** Where a long text is cut, so that drawing it never takes long. */

/** Characters at first, and with each wish for more. */
export const FIRST_SHOWN = 3000;
export const MORE_SHOWN = 20_000;
/** Lines count as much as characters do: an empty one takes as much room. */
const LINE_CHARACTERS = 75;

/** @param budget in characters @returns how many characters of the text are shown, never half of a surrogate pair */
export function cutAt(text: string, budget: number): number {
  let left = budget;
  let at = 0;
  while (at < text.length && left > 0) {
    const end = text.indexOf('\n', at);
    const length = (end === -1 ? text.length : end + 1) - at;
    if (length > left && at + left < text.length) {
      at += left;
      break;
    }
    at += length;
    left -= Math.max(length, LINE_CHARACTERS);
  }
  const code = text.charCodeAt(at - 1);
  return at < text.length && code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}
