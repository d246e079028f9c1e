/** What began and ended, in words. */
import type { HistoryEvent } from '../../protocol/local-api.ts';

/** Between the session and the person that it is about: `began: I share it with`. */
export function historyWords({ mine, what, reason }: Pick<HistoryEvent, 'mine' | 'what' | 'reason'>): string {
  if (what === 'began') return mine ? 'began: I share it with' : 'began: shared with me by';
  const why = reason === null ? '' : ` (${reason})`;
  return mine ? `ended${why}: I shared it with` : `ended${why}: shared with me by`;
}
