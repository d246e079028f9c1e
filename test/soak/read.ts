/** What somebody can read of a session, where being refused is an answer. */
import { TeammateSyncError } from '../../src/errors.ts';
import type { Person } from '../support/world/index.ts';

const REFUSALS = new Set([
  'NO_LONGER_SHARED',
  'NOT_CONNECTED',
  'NOTHING_SHARED_WITH_ME',
  'NO_SESSION',
  'NOT_HERE_YET',
  'NO_SUCH_PERSON',
]);

/** The texts; null when it is refused. @throws what is neither */
export async function readable(reader: Person, owner: string, session: string): Promise<string[] | null> {
  try {
    return await reader.texts(owner, session);
  } catch (error) {
    if (error instanceof TeammateSyncError && REFUSALS.has(error.code)) return null;
    throw error;
  }
}
