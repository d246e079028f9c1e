/** Making and taking back a short name for somebody. */
import { TeammateSyncError } from '../../errors.ts';
import type { Aliases } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';
import { isOneself, oneself, resolvedOrKnown } from './persons.ts';

/** What GitHub says of a name that nobody in the workspace has. */
const NOBODYS: ReadonlySet<string> = new Set(['NO_SUCH_PERSON', 'NOT_A_MEMBER']);

/** @param handle null: the name means nobody any more. @throws as People.resolve, ONESELF, BAD_REQUEST, ALIAS_TAKEN */
export async function setAlias(rooms: Rooms, name: string, handle: string | null): Promise<Aliases> {
  const { aliases } = rooms;
  if (handle === null) {
    if (!aliases.remove(name)) {
      throw new TeammateSyncError('BAD_REQUEST', `there is no alias ${JSON.stringify(name)}`, {
        hint: 'see `teammate-sync alias`',
      });
    }
  } else {
    if (isOneself(rooms, handle)) throw oneself();
    const person = await resolvedOrKnown(rooms, handle, () => true);
    // A member who joined a moment ago is not on our list yet.
    await rooms.people.resolve(name).then(
      (owner) => {
        throw new TeammateSyncError('ALIAS_TAKEN', `${owner.login} is called that on GitHub`);
      },
      (error: unknown) => {
        if (!(error instanceof TeammateSyncError) || !NOBODYS.has(error.code)) throw error;
      },
    );
    aliases.set(name, person);
    rooms.people.keep(person);
  }
  return { aliases: aliases.list };
}
