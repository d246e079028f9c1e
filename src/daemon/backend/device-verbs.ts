/** devices, trust, revoke: which machines of a person are believed, one's own among them. */
import { TeammateSyncError } from '../../errors.ts';
import {
  deviceCode,
  deviceFingerprint,
  bytesOf,
  isCode,
  type PinnedDevice,
  recordFileName,
} from '../../identity/index.ts';
import type { Device, DevicesResponse, RevokeResponse, TrustRequest, TrustResponse } from '../../protocol/local-api.ts';
import { requireNotRevoked } from '../own-devices.ts';
import type { Rooms } from '../rooms.ts';
import { describePerson, iso } from './persons.ts';

/** Sign keys that a record may disown; older ones have long been seen by everybody. */
const REVOKES_MAX = 16;

function codeOf({ settings }: Rooms, uid: number, { sign, box }: PinnedDevice): string {
  return deviceCode({ host: settings.host, uid, sign, box });
}

/** As listings show it. */
export function deviceView(rooms: Rooms, uid: number, device: PinnedDevice): Device {
  const { self, swarm } = rooms;
  const { sign, state, trusted, endorsedBy, firstSeen } = device;
  const here = sign === self.signKey;
  return {
    device: deviceFingerprint(bytesOf(sign)),
    code: codeOf(rooms, uid, device),
    here,
    state,
    trusted: trusted && !here,
    endorsedBy: endorsedBy === null ? null : deviceFingerprint(bytesOf(endorsedBy)),
    online: here || swarm.linksOf(uid).some((link) => link.sign === sign),
    since: iso(firstSeen),
  };
}

/** One's own devices, as this machine knows them; the one here first. */
export function devices(rooms: Rooms): DevicesResponse {
  const { people, self } = rooms;
  const views = people.own.devices.map((d) => deviceView(rooms, self.uid, d));
  return { handle: self.login, devices: views.toSorted((a, b) => Number(b.here) - Number(a.here)) };
}

function noSuchCode(login: string, typed: string): TeammateSyncError {
  return new TeammateSyncError('WRONG_CODE', `no device of ${login} has the code ${JSON.stringify(typed)}`);
}

/**
 * Without a code: what waits to be compared; nothing changes. With the code of a device that waits: it is trusted.
 * @throws WRONG_CODE, DEVICE_REVOKED, OWN_DEVICE_REVOKED and as People.resolve
 */
export async function trust(rooms: Rooms, { handle, code }: TrustRequest): Promise<TrustResponse> {
  requireNotRevoked(rooms);
  const { people, self } = rooms;
  const person = await people.resolveAnyone(handle);
  const { uid, login } = person;
  const others = person.devices.filter((d) => d.sign !== self.signKey);
  let trusted: Device | null = null;
  if (code !== null) {
    const device = others.find((d) => isCode(code, codeOf(rooms, uid, d)));
    if (!device) throw noSuchCode(login, code);
    if (!(await people.trust(uid, device))) {
      throw new TeammateSyncError('DEVICE_REVOKED', `this device was revoked by another one of ${login}, for ever`);
    }
    trusted = deviceView(rooms, uid, device);
  }
  const waiting = person.devices.filter((d) => d.state === 'blocked').map((d) => deviceView(rooms, uid, d));
  const { safetyNumber } = describePerson(rooms, person, []);
  return { handle: login, uid, own: uid === self.uid, trusted, waiting, safetyNumber };
}

/**
 * Disowns another device of one's own, for ever: contacts drop it, and what only it vouched for.
 * @throws WRONG_CODE, DEVICE_REVOKED, BAD_REQUEST, OWN_DEVICE_REVOKED, GITHUB_*
 */
export async function revoke(rooms: Rooms, code: string): Promise<RevokeResponse> {
  requireNotRevoked(rooms);
  const { people, self, ownRecord, directory, notes } = rooms;
  const mine = (): PinnedDevice[] => people.own.devices;
  const named = (): PinnedDevice | undefined => mine().find((d) => isCode(code, codeOf(rooms, self.uid, d)));
  // A device that was published just now may not be known yet; one that is can be revoked while GitHub is silent.
  if (!named()) await people.resolveAnyone(people.own.login);
  const device = named();
  if (!device) throw noSuchCode(self.login, code);
  if (device.sign === self.signKey) {
    throw new TeammateSyncError(
      'BAD_REQUEST',
      'this is the code of this very device; revoke it on another one of yours',
    );
  }
  if (device.state === 'revoked') throw new TeammateSyncError('DEVICE_REVOKED', 'this device is revoked already');
  const before = new Map(mine().map((d) => [d.sign, d.state]));
  const { endorse, revokes } = self.record.record;
  const changes = { revokes: [...revokes, device.sign].slice(-REVOKES_MAX) };
  let published = true;
  try {
    await ownRecord.reissue(endorse?.by === device.sign ? { ...changes, endorse: null } : changes);
    await directory.unpublish(recordFileName(bytesOf(device.sign)), device.place);
  } catch (error) {
    // It is revoked on this machine; the rest of the world hears of it when GitHub answers.
    published = false;
    notes.add(error, 'revoking a device');
  }
  const fallen = mine().filter((d) => d.state === 'blocked' && before.get(d.sign) === 'good');
  return {
    handle: self.login,
    revoked: deviceView(rooms, self.uid, named() ?? device),
    fallen: fallen.map((d) => deviceView(rooms, self.uid, d)),
    published,
  };
}
