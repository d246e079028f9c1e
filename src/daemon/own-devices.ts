/** Between the devices of one person: what they tell each other, who vouches for whom, and the end of a revoked one. */
import { TeammateSyncError } from '../errors.ts';
import { deviceCode, endorsementOf, isEndorsedBy, type PinnedDevice, statementId } from '../identity/index.ts';
import type { OwnStatement, SignedStatement, Standing, Trust, Vouch } from '../protocol/statements.ts';
import { STATEMENT_LIFETIME_MS } from '../protocol/limits.ts';
import type { DeviceLink } from '../swarm/index.ts';
import type { Rooms } from './rooms.ts';

/** Where this device stands among those of its person. */
function rank({ self, people, ownRecord }: Rooms): Vouch['as'] {
  const { endorse } = self.record.record;
  if (endorse === null) return ownRecord.joins ? 'waiting' : 'founder';
  return people.goodDevices(self.uid).some((d) => d.sign === endorse.by) ? 'endorsed' : 'waiting';
}

/** Trusted devices of mine other than this one that are linked now. */
export function ownLinks({ swarm, self }: Rooms): DeviceLink[] {
  return swarm.linksOf(self.uid);
}

/** Everything that another device of mine should know, when a link to it opens. */
export function tellAll(rooms: Rooms, link: DeviceLink): void {
  const { self, settings, connections } = rooms;
  const device = deviceOf(rooms, link);
  if (!device) return;
  const { sign, box } = device;
  const sig = endorsementOf(self.keys, { host: settings.host, uid: self.uid, sign, box });
  say<Vouch>(rooms, link, { t: 'vouch', sig, as: rank(rooms) });
  tellTrusted(rooms, link);
  for (const uid of connections.known()) tellStanding(rooms, link, uid);
}

/** How things stand with one person. */
export function tellStanding(rooms: Rooms, link: DeviceLink, uid: number): void {
  const standing = rooms.connections.standing(uid);
  if (standing) say<Standing>(rooms, link, { t: 'standing', ...standing });
}

/** Every device whose code was compared, of whomever. */
export function tellTrusted(rooms: Rooms, link: DeviceLink): void {
  const { people, self } = rooms;
  for (const { uid, devices } of [people.own, ...people.all()]) {
    for (const { sign, box } of devices.filter((d) => d.trusted && d.state === 'good' && d.sign !== self.signKey)) {
      say<Trust>(rooms, link, { t: 'trust', person: uid, device: { sign, box } });
    }
  }
}

type Body<S extends OwnStatement> = Omit<S, 'v' | 'host' | 'org' | 'from' | 'iat' | 'seq' | 'to' | 'exp'>;

function say<S extends OwnStatement>(rooms: Rooms, link: DeviceLink, body: Body<S>): void {
  const { self, surroundings } = rooms;
  const device = deviceOf(rooms, link);
  if (!device) return;
  const exp = Math.floor((surroundings.clock.now() + STATEMENT_LIFETIME_MS) / 1000);
  const to = { uid: self.uid, sign: device.sign, box: device.box };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the omitted fields are filled in by `say`
  link.send('statement', self.say<OwnStatement>({ ...body, to, exp } as never).bytes);
}

function deviceOf({ people, self }: Rooms, link: DeviceLink): PinnedDevice | null {
  return people.goodDevices(self.uid).find((d) => d.sign === link.sign) ?? null;
}

/** What another device of mine says; that it is one was checked with the statement. @throws what is refused, by name */
export async function heardOwn(rooms: Rooms, link: DeviceLink, signed: SignedStatement<OwnStatement>): Promise<void> {
  const { connections, people } = rooms;
  const { statement } = signed;
  if (!deviceOf(rooms, link)) throw new TeammateSyncError('STATEMENT_WRONG_SENDER', 'a device of yours is not trusted');
  link.tell('ack', { statement: statementId(signed) });
  switch (statement.t) {
    case 'standing':
      return connections.adopt(statement);
    case 'trust':
      await people.trust(statement.person, statement.device);
      return;
    case 'vouch':
      return takeVouch(rooms, link, statement);
  }
}

/**
 * Takes the other device's word into this one's record, if this one needs it: it waits for one, or both were set up as the
 * first device at the same time, and then the larger key gives way. Never in a circle.
 */
async function takeVouch(rooms: Rooms, link: DeviceLink, { sig, as }: Vouch): Promise<void> {
  const { self, ownRecord, people } = rooms;
  const mine = rank(rooms);
  const larger = self.signKey > link.sign;
  const takes = mine === 'waiting' ? as !== 'waiting' || larger : mine === 'founder' && as === 'founder' && larger;
  if (!takes || hangsOnMe(people.goodDevices(self.uid), link.sign, self.signKey)) return;
  const endorse = { by: link.sign, sig };
  if (!isEndorsedBy({ ...self.record.record, endorse }, link.sign)) {
    throw new TeammateSyncError('STATEMENT_BAD_SIGNATURE', 'a device of yours vouches with a wrong signature');
  }
  await ownRecord.reissue({ endorse });
}

function hangsOnMe(devices: PinnedDevice[], sign: string, me: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null = sign; at !== null && !seen.has(at);) {
    if (at === me) return true;
    seen.add(at);
    const by: string | null = devices.find((d) => d.sign === at)?.endorsedBy ?? null;
    at = by;
  }
  return false;
}

/** Devices under one's name that nobody here trusts; what to type about each. Null when there is none. */
export function unknownDevices({ people, self, settings }: Rooms): TeammateSyncError | null {
  const blocked = people.own.devices.filter((d) => d.state === 'blocked');
  if (blocked.length === 0) return null;
  const codes = blocked.map(({ sign, box }) => deviceCode({ host: settings.host, uid: self.uid, sign, box }));
  const one = blocked.length === 1;
  return new TeammateSyncError(
    'OWN_DEVICE_UNKNOWN',
    `${one ? 'a device is' : `${blocked.length} devices are`} published under your name that this machine does not know ` +
      `(${codes.join(', ')}); nothing is shared with ${one ? 'it' : 'them'}`,
    {
      hint:
        `if it is yours and shows this code itself: \`teammate-sync trust ${people.own.login} ${codes[0]}\`; if not: ` +
        `\`teammate-sync revoke ${codes[0]}\`, and change your GitHub token`,
    },
  );
}

/** This device was revoked by another of the same person: it shares nothing, holds nothing of others, meets nobody. */
export async function endRevoked({ sharing, inbox, people, notes }: Rooms): Promise<void> {
  notes.add(new TeammateSyncError('OWN_DEVICE_REVOKED', 'another device of yours has revoked this one'), '');
  await Promise.all([
    sharing.unshare(
      sharing.list().map((s) => s.id),
      null,
      'unshared',
    ),
    ...people.all().map((p) => inbox.wipePerson(p.uid, 'this device was revoked')),
  ]);
}

/** @throws OWN_DEVICE_REVOKED */
export function requireNotRevoked({ people }: Rooms): void {
  if (people.isRevoked)
    throw new TeammateSyncError('OWN_DEVICE_REVOKED', 'another device of yours has revoked this one');
}
