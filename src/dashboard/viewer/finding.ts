/** A search of a session that is still being indexed: asked again until all of it was searched, the newest first. */
import type { AskResponse } from '../../protocol/local-api.ts';

/** Turns that were searched, and those that there are. */
export function progressOf({ sessions }: Pick<AskResponse, 'sessions'>): { searched: number; turns: number } {
  return {
    searched: sessions.reduce((sum, one) => sum + one.searched, 0),
    turns: sessions.reduce((sum, one) => sum + one.turns, 0),
  };
}

/**
 * Each answer, the last of them of the whole session, or of as much as will be searched: what is over a quota or has yet to
 * come is not waited for.
 * @param wait between two questions
 */
export async function* answersUntilWhole(
  ask: () => Promise<AskResponse>,
  wait: () => Promise<void>,
): AsyncGenerator<AskResponse> {
  for (let before = -1; ;) {
    const answer = await ask();
    yield answer;
    const { searched, turns } = progressOf(answer);
    if (searched >= turns || searched <= before) return;
    before = searched;
    await wait();
  }
}
