/** What the user should know about other people's devices, and about GitHub's silence: notes of `status` and of the log. */
import { type ErrorCode, TeammateSyncError } from '../errors.ts';
import { bytesOf, deviceFingerprint, type PinChange, type PinnedDevice } from '../identity/index.ts';
import { nameOf } from './frames.ts';
import { unknownDevices } from './own-devices.ts';
import type { Rooms } from './rooms.ts';

/** Alarms that are over when no device of the person is in the state that they are about. */
const ABOUT_STATES: readonly (readonly [PinnedDevice['state'], readonly ErrorCode[]])[] = [
  ['blocked', ['DEVICE_BLOCKED', 'RECORD_TREE', 'OWN_DEVICE_UNKNOWN']],
  ['unlisted', ['DEVICE_UNLISTED']],
];

/** Notes what changed with the devices of a person, and takes back what is over. */
export function noteChange(rooms: Rooms, uid: number, change: PinChange): void {
  const { people, notes } = rooms;
  const about = nameOf(rooms, uid);
  const states = new Set(people.get(uid)?.devices.map((d) => d.state));
  for (const [state, codes] of ABOUT_STATES)
    for (const code of states.has(state) ? [] : codes) notes.clear(code, about);
  if (!people.isOverdue(uid)) notes.clear('STALE', about);
  for (const alarm of alarmsOf(rooms, uid, change)) notes.add(alarm, about);
  for (const whose of uid === rooms.self.uid ? people.all().map((p) => p.uid) : [uid]) noteCompared(rooms, whose);
}

/** What was compared with somebody does not hold any more: by which devices. */
export function noteCompared(rooms: Rooms, uid: number): void {
  const { people, notes } = rooms;
  const changes = people.uncompare(uid);
  if (changes.length === 0) return;
  const which = changes.map(({ sign, whose, is }) => {
    return `device ${deviceFingerprint(bytesOf(sign))} of ${whose === 'own' ? 'yours' : 'theirs'} is ${is}`;
  });
  const hint = `compare it again: \`teammate-sync verify ${nameOf(rooms, uid)}\``;
  const what = `the safety number that you compared is another one now: ${which.join(', ')}`;
  notes.add(new TeammateSyncError('SAFETY_NUMBER_CHANGED', what, { hint }), nameOf(rooms, uid));
}

function alarmsOf(rooms: Rooms, uid: number, change: PinChange): TeammateSyncError[] {
  const { people, self } = rooms;
  const alarms: TeammateSyncError[] = [];
  const unknown = uid === self.uid && change.blocked.length + change.fallen.length > 0 ? unknownDevices(rooms) : null;
  if (unknown) return [unknown];
  const trusted = people.goodDevices(uid).length > 0;
  if (change.blocked.length > 0 && trusted) {
    alarms.push(new TeammateSyncError('DEVICE_BLOCKED', 'a new device was published that no known one vouches for'));
  }
  if (change.blocked.length > 0 && !trusted) {
    const what = `${change.blocked.length} devices are published, and none vouches for the others`;
    alarms.push(new TeammateSyncError('RECORD_TREE', what));
  }
  if (change.unlisted.length > 0) {
    const names = change.unlisted.map((sign) => deviceFingerprint(bytesOf(sign))).join(', ');
    const what = `GitHub no longer lists ${change.unlisted.length === 1 ? 'the device' : 'the devices'} ${names}, which may read nothing any more`;
    alarms.push(new TeammateSyncError('DEVICE_UNLISTED', what));
  }
  if (change.revoked.length + change.fallen.length > 0) {
    const n = change.revoked.length + change.fallen.length;
    const what = `${n === 1 ? 'a device' : `${n} devices`} of theirs ${n === 1 ? 'was' : 'were'} revoked and may read nothing any more`;
    alarms.push(
      new TeammateSyncError('DEVICE_REVOKED', what, { hint: 'nothing is to be done: they did it themselves' }),
    );
  }
  if (change.rekeyed.length > 0 && uid !== self.uid) {
    const names = change.rekeyed.map((sign) => deviceFingerprint(bytesOf(sign))).join(', ');
    alarms.push(new TeammateSyncError('DEVICE_REKEYED', `another encryption key is in use, signed by ${names} itself`));
  }
  if (change.rolledBack.length > 0) {
    alarms.push(new TeammateSyncError('RECORD_ROLLBACK', 'GitHub shows an older record than was seen before'));
  }
  return alarms;
}

/** What everybody else finds of this device is gone, or there again. */
export function noteOwnListed(rooms: Rooms, isListed: boolean): void {
  const { notes, self } = rooms;
  const about = nameOf(rooms, self.uid);
  if (isListed) return notes.clear('OWN_DEVICE_UNLISTED', about);
  const what = `GitHub lists no good record of this device (${deviceFingerprint(self.keys.sign.publicKey)}) any more, and this machine did not take it away: nobody new finds it, and nothing new is shared with it`;
  notes.add(new TeammateSyncError('OWN_DEVICE_UNLISTED', what), about);
}

/** Somebody is no longer in the org. */
export function leftAlarm({ settings }: Rooms): TeammateSyncError {
  return new TeammateSyncError(
    'NOT_A_MEMBER',
    `no longer a member of ${settings.org}; every share with them has ended`,
    {
      hint: 'nothing is to be done; when they are back in the organisation, share anew',
    },
  );
}

/** People with whom one is connected and of whom GitHub has not spoken for too long. */
export function noteStale(rooms: Rooms): void {
  const { people, connections, notes } = rooms;
  for (const { uid } of people.all()) {
    if (!people.isOverdue(uid) || connections.relation(uid) !== 'connected') continue;
    if (!notes.has('STALE', nameOf(rooms, uid))) notes.add(staleError(rooms, uid), nameOf(rooms, uid));
  }
}

/** Nothing new is shared with this person for now. */
export function staleError({ people }: Rooms, uid: number): TeammateSyncError {
  const since = new Date(people.staleSince(uid) ?? 0).toISOString();
  return new TeammateSyncError('STALE', `GitHub has said nothing clear since ${since}; nothing new is shared`);
}
