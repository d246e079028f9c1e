/** Looking through everything that an index holds, newest first, a step at a time. */
import type { Pattern } from './pattern.ts';
import type { Ranked, SearchIndex } from './search-index.ts';

/** Of the next piece that a match may reach into, where a long line was split. */
const OVERLAP_CHARS = 512;

/**
 * Yields a piece with a match, or null when a step found nothing, so that whoever drives it can let others work. The score
 * is 1: what is newer comes first.
 */
export function* scan(index: SearchIndex, pattern: Pattern): Generator<Ranked | null, void> {
  const { order } = index;
  let [later, laterText] = [-1, ''];
  for (let i = order.length - 1; i >= 0; i--) {
    const place = order[i] ?? 0;
    const { time, piece, pieces } = index.at(place);
    const text = index.text(place);
    const whole = piece + 1 < pieces && later === place + 1 ? text + laterText.slice(0, OVERLAP_CHARS) : text;
    yield pattern.find(whole, text.length) < 0 ? null : { place, score: 1, time };
    [later, laterText] = [place, text];
  }
}
