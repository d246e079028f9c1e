/** People, as verbs name them and as answers describe them. */
import { TeammateSyncError } from '../../errors.ts';
import { bytesOf, deviceFingerprint, isUnclear, type PinnedPerson, safetyNumber } from '../../identity/index.ts';
import type { PersonResponse } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** A device of theirs is linked. */
export function isOnline({ swarm }: Rooms, uid: number): boolean {
  return swarm.linksOf(uid).length > 0;
}

/** How a person is called; by number when nothing else is known. */
export function loginOf({ people, connections }: Rooms, uid: number): string {
  return people.get(uid)?.login ?? connections.person(uid)?.login ?? `account ${uid}`;
}

/** A person whom this machine has met or dealt with, by handle in any case. @throws NO_SUCH_PERSON, ONESELF, RENAMED, HANDLE_REUSED */
export function knownPerson({ people, connections, self }: Rooms, typed: string): { uid: number; login: string } {
  const pinned = people.known(typed);
  if (pinned?.uid === self.uid) throw oneself();
  if (pinned) return pinned;
  const handle = typed.replace(/^@/, '').toLowerCase();
  const dealt = connections.list().find((p) => p.login.toLowerCase() === handle);
  if (dealt) return dealt;
  throw new TeammateSyncError('NO_SUCH_PERSON', `you have not dealt with anybody called ${JSON.stringify(typed)}`, {
    hint: 'see `teammate-sync connections`',
  });
}

/** Their own handle was typed. */
export function isOneself({ people, self }: Rooms, typed: string): boolean {
  return people.known(typed)?.uid === self.uid || typed.replace(/^@/, '').toLowerCase() === self.login.toLowerCase();
}

export function oneself(): TeammateSyncError {
  return new TeammateSyncError('ONESELF', 'that is you');
}

/** The user's short name for them, if there is one. */
export function aliasOf({ aliases }: Rooms, uid: number): { alias?: string } {
  const alias = aliases.of(uid);
  return alias === null ? {} : { alias };
}

/** When the user compared the safety number that holds now, ISO 8601; null: not. */
export function comparedAt({ people }: Rooms, uid: number): string | null {
  return isoOrNull(people.get(uid)?.compared?.at ?? null);
}

/**
 * Who is meant now, by GitHub's word; while that is not clear, who is known under this handle, if that is enough.
 * @throws as People.resolve
 */
export async function resolvedOrKnown(
  { people, self }: Rooms,
  handle: string,
  isEnough: (known: PinnedPerson) => boolean,
): Promise<PinnedPerson> {
  try {
    return await people.resolve(handle);
  } catch (error) {
    const pinned = isUnclear(error) ? people.known(handle) : null;
    if (pinned?.uid === self.uid) throw oneself();
    if (!pinned || pinned.left || !isEnough(pinned)) throw error;
    return pinned;
  }
}

export function connectedPeople({ people, connections }: Rooms): PinnedPerson[] {
  return people.all().filter((p) => connections.relation(p.uid) === 'connected');
}

/** Who it is: account, devices, and the number that both can compare. */
export function describePerson(
  rooms: Rooms,
  person: { uid: number; login: string },
  sessions: string[],
): PersonResponse {
  const { people, self } = rooms;
  const devices = people.goodDevices(person.uid).map((d) => bytesOf(d.sign));
  const number =
    devices.length === 0
      ? null
      : safetyNumber(
          { uid: self.uid, signKeys: people.goodDevices(self.uid).map((d) => bytesOf(d.sign)) },
          { uid: person.uid, signKeys: devices },
        );
  return {
    handle: person.login,
    uid: person.uid,
    devices: devices.map(deviceFingerprint),
    safetyNumber: number,
    compared: comparedAt(rooms, person.uid),
    sessions,
  };
}
