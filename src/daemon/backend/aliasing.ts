/** Making and taking back a short name for somebody. */
import { TeammateSyncError } from '../../errors.ts';
import type { Aliases } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';
import { isOneself, oneself, resolvedOrKnown } from './persons.ts';

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
    aliases.set(name, await resolvedOrKnown(rooms, handle, () => true));
  }
  return { aliases: aliases.list };
}
