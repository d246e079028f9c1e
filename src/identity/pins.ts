/**
 * Pins: what is trusted after first contact is the account's numeric id and its devices, not the handle.
 * Pure rules over one person's pins; storage is in pin-store.ts, fetching in people.ts.
 */
import { CONTACT_DEVICES_MAX } from '../protocol/limits.ts';
import type { DeviceRecord, SignedRecord } from '../protocol/record.ts';
import { isEndorsedBy, isEndorsementTree } from './records.ts';

/**
 * good: used · blocked: a new device that nobody pinned endorsed, waits for the user's trust · unlisted: GitHub no longer
 * lists it · revoked: disowned by another device of its person, for ever.
 */
export type DeviceState = 'good' | 'blocked' | 'unlisted' | 'revoked';

export interface PinnedDevice {
  sign: string;
  box: string;
  /** As in the record; part of the pair's keys. */
  login: string;
  seq: number;
  /** The record's text, as it is shown to a peer in the hello. */
  text: string;
  state: DeviceState;
  /** Unix milliseconds. */
  firstSeen: number;
  /** Sign key of the device that vouched for it; null for the first. */
  endorsedBy: string | null;
}

export interface PinnedPerson {
  uid: number;
  /** The handle as GitHub writes it today. */
  login: string;
  devices: PinnedDevice[];
  /** Unix milliseconds of GitHub's last clear answer about this person; on disk it may be an earlier one. */
  checkedAt: number;
  /** When GitHub first said that this person is no member; a second no, later, counts. */
  firstNoAt: number | null;
  /** Out of the org: nothing is sent or accepted. */
  left: boolean;
}

/** What a refresh changed, for notices and alarms. */
export interface PinChange {
  added: string[];
  blocked: string[];
  unlisted: string[];
  revoked: string[];
  /** Records offered with an older seq than the pinned one, or another text under the same seq. */
  rolledBack: string[];
}

function pin(signed: SignedRecord, state: DeviceState, now: number, firstSeen: number): PinnedDevice {
  const { record } = signed;
  return {
    sign: record.sign,
    box: record.box,
    login: record.login,
    seq: record.seq,
    text: signed.text,
    state,
    firstSeen: firstSeen || now,
    endorsedBy: record.endorse?.by ?? null,
  };
}

/** Marks what a trusted device disowned, and everything that only such a device endorsed. */
function revoke(devices: PinnedDevice[], disowned: Set<string>, change: PinChange): void {
  for (let grew = true; grew;) {
    grew = false;
    for (const device of devices) {
      const byRevoked = devices.some((d) => d.sign === device.endorsedBy && d.state === 'revoked');
      if (device.state === 'revoked' || !(disowned.has(device.sign) || byRevoked)) continue;
      device.state = 'revoked';
      change.revoked.push(device.sign);
      grew = true;
    }
  }
}

/** What a record of a pinned device changes. A device is never its own witness: who vouched for it stays as it was. */
function renew(old: PinnedDevice, signed: SignedRecord, vouched: boolean, now: number): PinnedDevice {
  const listedAgain = old.state === 'unlisted' || (old.state === 'blocked' && vouched);
  const next = pin(signed, listedAgain ? 'good' : old.state, now, old.firstSeen);
  return { ...next, endorsedBy: vouched ? next.endorsedBy : old.endorsedBy };
}

function isRollback({ record, text }: SignedRecord, old: PinnedDevice): boolean {
  return record.seq < old.seq || (record.seq === old.seq && text !== old.text) || record.login !== old.login;
}

/**
 * Applies the records that GitHub lists now (each already checked for itself) to a person's pins.
 * First contact: all must form one endorsement tree, else every device is blocked.
 */
export function applyRecords(person: PinnedPerson, listed: SignedRecord[], now: number): PinChange {
  const change: PinChange = { added: [], blocked: [], unlisted: [], revoked: [], rolledBack: [] };
  const known = new Map(person.devices.map((d) => [d.sign, d]));
  const first = person.devices.length === 0;
  const tree = first && isEndorsementTree(listed.map((s) => s.record));
  const vouched = (record: DeviceRecord): boolean => {
    const by = record.endorse ? known.get(record.endorse.by) : undefined;
    return by?.state === 'good' && isEndorsedBy(record, by.sign);
  };
  const disowned = new Set<string>();
  for (const signed of inOrderOfTrust(listed, known)) {
    const { record } = signed;
    const old = known.get(record.sign);
    if (!old) {
      // More would make the file of pins unreadable, and no honest person has so many.
      if (known.size >= CONTACT_DEVICES_MAX) continue;
      const device = pin(signed, tree || vouched(record) ? 'good' : 'blocked', now, 0);
      known.set(record.sign, device);
      (device.state === 'good' ? change.added : change.blocked).push(record.sign);
    } else if (isRollback(signed, old)) {
      change.rolledBack.push(record.sign);
    } else {
      const device = renew(old, signed, vouched(record), now);
      known.set(record.sign, device);
      if (old.state === 'blocked' && device.state === 'good') change.added.push(record.sign);
    }
    if (known.get(record.sign)?.state === 'good') for (const key of record.revokes) disowned.add(key);
  }
  for (const device of known.values()) {
    if (device.state !== 'good' || listed.some((s) => s.record.sign === device.sign)) continue;
    device.state = 'unlisted';
    change.unlisted.push(device.sign);
  }
  person.devices = [...known.values()];
  revoke(person.devices, disowned, change);
  return change;
}

/** Endorsers before those they endorse, so that it does not matter in which order GitHub lists them. */
function inOrderOfTrust(listed: SignedRecord[], known: ReadonlyMap<string, PinnedDevice>): SignedRecord[] {
  const done = new Set(known.keys());
  const ordered = listed.filter((s) => done.has(s.record.sign));
  let rest = listed.filter((s) => !done.has(s.record.sign));
  for (let grew = true; grew;) {
    const next = rest.filter(({ record }) => record.endorse === null || done.has(record.endorse.by));
    for (const { record } of next) done.add(record.sign);
    ordered.push(...next);
    rest = rest.filter((s) => !next.includes(s));
    grew = next.length > 0;
  }
  return [...ordered, ...rest];
}
