/**
 * Pins: what is trusted after first contact is the account's numeric id and its devices, not the handle.
 * Pure rules over one person's pins; storage is in pin-store.ts, fetching in people.ts.
 */
import { CONTACT_DEVICES_MAX, FORMER_TOPIC_MS } from '../protocol/limits.ts';
import type { DeviceRecord, SignedRecord } from '../protocol/record.ts';
import type { Compared } from './compared.ts';
import { isEndorsedBy, isEndorsementTree } from './records.ts';
import { applyRevocations } from './revocation.ts';
import type { Place } from './directory.ts';
import type { ListedRecord } from './published.ts';
import { isLeftOut, leaveOut } from './unlisted.ts';

/**
 * good: used · missing: GitHub left it out once, so nothing new is sealed to it · blocked: nobody good vouches for it,
 * waits for that or for the user's trust · unlisted: GitHub left it out twice · revoked: disowned by another device of its
 * person, for ever.
 */
export type DeviceState = 'good' | 'missing' | 'blocked' | 'unlisted' | 'revoked';

export interface PinnedDevice {
  sign: string;
  box: string;
  /** As in the record; part of the pair's keys. */
  login: string;
  seq: number;
  /** The record's text, as it is shown to a peer in the hello. */
  text: string;
  /** Where it was published when GitHub listed it last. */
  place: Place;
  state: DeviceState;
  /** Unix milliseconds. */
  firstSeen: number;
  /** Sign key of the device that vouched for it; null for the first. */
  endorsedBy: string | null;
  /** The user compared its code: it needs nobody's word. */
  trusted: boolean;
  /** When GitHub first left it out, unix milliseconds by the machine's clock; null: it lists it, as far as is known. */
  missingSince: number | null;
  /** Trusted since GitHub listed this person's devices last. */
  unconfirmed: boolean;
  /** Its box key before the present one, until it was met under that, and until when at most (unix ms); null: none. */
  former: { box: string; until: number } | null;
}

export interface PinnedPerson {
  uid: number;
  /** The handle as GitHub writes it today. */
  login: string;
  /** Earlier handles under which one dealt with them, lower-case, the newest last. */
  former: string[];
  devices: PinnedDevice[];
  /** Unix milliseconds of GitHub's last clear answer about this person; on disk it may be an earlier one. */
  checkedAt: number;
  /** When GitHub first said that this person is no member; a second no, later, counts. */
  firstNoAt: number | null;
  /** Out of the org: nothing is sent or accepted. */
  left: boolean;
  /** The user compared the safety number with them; null: not, or it is another one now. */
  compared: Compared | null;
  /** Since when GitHub gives no clear answer about this person; null: the last question was answered. */
  staleSince: number | null;
}

/** What a refresh changed, for notices and alarms. */
export interface PinChange {
  added: string[];
  blocked: string[];
  /** Left out by GitHub for the first time. */
  missing: string[];
  /** Left out again, long enough after: no longer believed. */
  unlisted: string[];
  /** Has another box key now, said by itself. */
  rekeyed: string[];
  /** Listed again: used as before. */
  returned: string[];
  revoked: string[];
  /** Blocked, because who vouched for them was revoked. */
  fallen: string[];
  /** Records offered with an older seq than the pinned one, or another text under the same seq. */
  rolledBack: string[];
}

export const noChange = (): PinChange => ({
  ...{ added: [], blocked: [], missing: [], unlisted: [], rekeyed: [], returned: [] },
  ...{ revoked: [], fallen: [], rolledBack: [] },
});

function pin(signed: ListedRecord, state: DeviceState, now: number, old?: PinnedDevice): PinnedDevice {
  const { record } = signed;
  return {
    sign: record.sign,
    box: record.box,
    login: record.login,
    seq: record.seq,
    text: signed.text,
    place: signed.place ?? old?.place ?? 'gist',
    state,
    firstSeen: old?.firstSeen || now,
    endorsedBy: record.endorse?.by ?? null,
    trusted: false,
    missingSince: null,
    unconfirmed: false,
    former: null,
  };
}

/** This device is itself, whatever is listed. Returns what its record says of others. */
export function ownPin(person: PinnedPerson, own: SignedRecord, now: number): PinChange {
  const change = noChange();
  const known = person.devices.find((d) => d.sign === own.record.sign);
  const state = known?.state ?? 'good';
  const device = { ...pin(own, state, now, known), trusted: true };
  person.devices = [...person.devices.filter((d) => d !== known), device];
  if (state === 'good') {
    applyRevocations(person.devices, new Map(own.record.revokes.map((key) => [key, new Set([device.sign])])), change);
  }
  return change;
}

/** The device was met under this box key: a former one is no longer looked for. Returns whether there was one. */
export function metUnder(device: PinnedDevice, box: string): boolean {
  const over = device.former !== null && device.box === box;
  if (over) device.former = null;
  return over;
}

/** The user compared this device's code. False when the person has no device with these keys, or it was revoked. */
export function trustDevice(person: PinnedPerson, keys: { sign: string; box: string }): boolean {
  const device = person.devices.find((d) => d.sign === keys.sign && d.box === keys.box);
  if (!device || device.state === 'revoked') return false;
  device.trusted = true;
  if (device.state === 'blocked') {
    device.state = 'good';
    device.unconfirmed = true;
  }
  return true;
}

/** What a record of a pinned device changes. A device is never its own witness: who vouched for it stays as it was. */
function renew(old: PinnedDevice, signed: ListedRecord, vouched: boolean, now: number, here: number): PinnedDevice {
  const listedAgain = isLeftOut(old) || (old.state === 'blocked' && vouched);
  const next = pin(signed, listedAgain ? 'good' : old.state, now, old);
  const former = next.box === old.box ? old.former : { box: old.box, until: here + FORMER_TOPIC_MS };
  return { ...next, endorsedBy: vouched ? next.endorsedBy : old.endorsedBy, trusted: old.trusted, former };
}

function isRollback({ record, text }: SignedRecord, old: PinnedDevice): boolean {
  return record.seq < old.seq || (record.seq === old.seq && text !== old.text) || record.login !== old.login;
}

/** Nobody was ever trusted, and all that was seen is still there: then one tree may come to be. */
function isFirstContact(person: PinnedPerson, listed: SignedRecord[]): boolean {
  return person.devices.every((d) => d.state === 'blocked' && listed.some((s) => s.record.sign === d.sign));
}

/** At first contact a device that another one disowns is left out, unless the two disown each other. */
function undisputed(listed: SignedRecord[]): DeviceRecord[] {
  const records = listed.map((s) => s.record);
  const disowns = (a: DeviceRecord, b: DeviceRecord): boolean => a.revokes.includes(b.sign);
  return records.filter((r) => !records.some((other) => disowns(other, r) && !disowns(r, other)));
}

/**
 * Applies the records that GitHub lists now (each already checked for itself) to a person's pins.
 * First contact: all must form one endorsement tree, else every device is blocked.
 * @param now by GitHub's clock
 * @param here by this machine's, which goes on while GitHub says nothing
 */
export function applyRecords(person: PinnedPerson, listed: ListedRecord[], now: number, here = now): PinChange {
  const change = noChange();
  const known = new Map(person.devices.map((d) => [d.sign, d]));
  const there = new Set(listed.map((s) => s.record.sign));
  const candidates = isFirstContact(person, listed) ? undisputed(listed) : [];
  const tree = isEndorsementTree(candidates) ? new Set(candidates.map((r) => r.sign)) : new Set<string>();
  const vouched = (record: DeviceRecord): boolean => {
    if (tree.has(record.sign)) return true;
    const by = record.endorse ? known.get(record.endorse.by) : undefined;
    return by?.state === 'good' && there.has(by.sign) && isEndorsedBy(record, by.sign);
  };
  const disowned = new Map<string, Set<string>>();
  for (const signed of inOrderOfTrust(listed, known)) {
    const { record } = signed;
    const old = known.get(record.sign);
    if (!old) {
      // More would make the file of pins unreadable, and no honest person has so many.
      if (known.size >= CONTACT_DEVICES_MAX) continue;
      const device = pin(signed, vouched(record) ? 'good' : 'blocked', now);
      known.set(record.sign, device);
      (device.state === 'good' ? change.added : change.blocked).push(record.sign);
    } else if (isRollback(signed, old)) {
      change.rolledBack.push(record.sign);
    } else {
      const device = renew(old, signed, vouched(record), now, here);
      known.set(record.sign, device);
      if (old.state === 'blocked' && device.state === 'good') change.added.push(record.sign);
      if (device.box !== old.box) change.rekeyed.push(record.sign);
      if (isLeftOut(old)) change.returned.push(record.sign);
    }
    if (known.get(record.sign)?.state !== 'good') continue;
    for (const key of record.revokes) disowned.set(key, (disowned.get(key) ?? new Set()).add(record.sign));
  }
  person.devices = [...known.values()];
  applyRevocations(person.devices, disowned, change);
  for (const device of person.devices) if (!there.has(device.sign)) leaveOut(device, here, change);
  return change;
}

/** Endorsers before those they endorse, so that it does not matter in which order GitHub lists them. */
function inOrderOfTrust(listed: ListedRecord[], known: ReadonlyMap<string, PinnedDevice>): ListedRecord[] {
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
