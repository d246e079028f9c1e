/** When GitHub says that somebody is not in the org: once may be a mistake, twice, long enough apart, is not. */
import { GITHUB_SECOND_NO_MS } from '../protocol/limits.ts';
import type { PinnedPerson } from './pins.ts';

/**
 * Notes a clear no about somebody who is not known to have left. first: remembered · again: too soon, or one's own
 * membership is not clear · gone: it counts, and is for the caller to note.
 * @param now unix milliseconds of this machine's clock
 * @param isMember asks whether one is in the org oneself
 */
export async function noteAbsence(
  person: PinnedPerson,
  now: number,
  isMember: () => Promise<boolean>,
): Promise<'first' | 'again' | 'gone'> {
  // A first no that lies ahead was noted under another clock: it would never be long enough ago.
  if (person.firstNoAt === null || person.firstNoAt > now) {
    person.firstNoAt = now;
    return 'first';
  }
  if (now - person.firstNoAt < GITHUB_SECOND_NO_MS) return 'again';
  return (await isMember()) ? 'gone' : 'again';
}
