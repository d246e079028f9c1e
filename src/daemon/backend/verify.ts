/** verify: the safety number with somebody, and that the user has compared it. */
import { TeammateSyncError } from '../../errors.ts';
import type { PinnedPerson } from '../../identity/index.ts';
import type { Device, VerifyRequest, VerifyResponse } from '../../protocol/local-api.ts';
import { requireNotRevoked } from '../own-devices.ts';
import type { Rooms } from '../rooms.ts';
import { deviceView } from './device-verbs.ts';
import { comparedAt, describePerson, isoOrNull, resolvedOrKnown } from './persons.ts';

/** The number that each person was shown with last, by uid: only what was looked at can have been compared. */
export type ShownNumbers = Map<number, string>;

/**
 * Shows both persons' devices and their number; with `match` it counts as compared, if it is the one that was shown last.
 * @throws SAFETY_NUMBER_CHANGED, OWN_DEVICE_REVOKED and as People.resolve
 */
export async function verify(
  rooms: Rooms,
  shown: ShownNumbers,
  { handle, match }: VerifyRequest,
): Promise<VerifyResponse> {
  requireNotRevoked(rooms);
  const { people, self } = rooms;
  const person = await resolvedOrKnown(rooms, handle, () => true);
  const { uid, login } = person;
  const { safetyNumber } = describePerson(rooms, person, []);
  const before = shown.get(uid);
  if (match) {
    if (safetyNumber === null || before !== safetyNumber) throw notShown(login, before !== undefined);
    people.compare(uid);
    rooms.notes.clear('SAFETY_NUMBER_CHANGED', login);
  }
  if (safetyNumber !== null) shown.set(uid, safetyNumber);
  return {
    handle: login,
    uid,
    own: { handle: self.login, devices: devicesOf(rooms, people.own) },
    devices: devicesOf(rooms, person),
    safetyNumber,
    compared: comparedAt(rooms, uid),
    staleSince: isoOrNull(people.staleSince(uid)),
  };
}

function devicesOf(rooms: Rooms, { uid }: PinnedPerson): Device[] {
  return rooms.people.goodDevices(uid).map((device) => deviceView(rooms, uid, device));
}

function notShown(login: string, wasShown: boolean): TeammateSyncError {
  const what = wasShown
    ? `the safety number with ${login} is another one than the one that you were shown; nothing was marked`
    : `the safety number with ${login} was not shown yet, so it cannot have been compared`;
  return new TeammateSyncError('SAFETY_NUMBER_CHANGED', what, {
    hint: `look at it and compare it first: \`teammate-sync verify ${login}\``,
  });
}
