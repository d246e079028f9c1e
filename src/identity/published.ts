/** What GitHub lists of an account, each record checked for itself; one that fails is left out and told. */
import { type ErrorCode, TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { b64url } from '../protocol/bytes.ts';
import { DecodeError } from '../protocol/decode.ts';
import { parseRecord, type SignedRecord } from '../protocol/record.ts';
import { recordFileName } from './device-keys.ts';
import type { Account, Directory, Place, PublishedRecord } from './directory.ts';
import type { PinnedDevice } from './pins.ts';
import { bytesOf, checkRecord } from './records.ts';

/**
 * By which clock records are dated and checked, unix milliseconds: GitHub's as it was heard last. Ours may have been set,
 * and nobody's records lapse by that.
 */
export function githubNow({ clock, directory }: { clock: Clock; directory: Pick<Directory, 'dateSkewMs'> }): number {
  return clock.now() + (directory.dateSkewMs() ?? 0);
}

const UNCLEAR: ReadonlySet<ErrorCode> = new Set(['GITHUB_UNREACHABLE', 'GITHUB_REFUSED', 'NO_TOKEN']);

/** It is not GitHub's clear word about what was asked: on it nothing may change. */
export function isUnclear(error: unknown): boolean {
  return !(error instanceof TeammateSyncError) || UNCLEAR.has(error.code);
}

/** A record that GitHub lists, and where. */
export interface ListedRecord extends SignedRecord {
  /** Absent for this device's own record as this device has it. */
  place?: Place;
}

/** A record as it lies there, checked for itself. @throws RECORD_* */
function checked(published: PublishedRecord, { uid, login }: Account, host: string, now: number): ListedRecord {
  const { ownerUid, text, place } = published;
  if (ownerUid !== uid) {
    throw new TeammateSyncError('RECORD_WRONG_OWNER', `a record among those of ${login} is not theirs`);
  }
  const fileName = place === 'gist' ? published.name : null;
  const signed = checkRecord(text, { host, uid, fileName, now });
  if (place === 'gist') return { ...signed, place };
  if (published.edited) throw new TeammateSyncError('RECORD_EDITED', 'a comment with a device record was edited');
  if (published.byApp)
    throw new TeammateSyncError('RECORD_BY_APP', 'a comment with a device record was written by an app');
  return { ...signed, place };
}

/**
 * Nothing of an account that is gone. @param warn told of each record that is refused
 * @param how `devices`: what is known of the account already; `anew` as for Directory.records @throws GITHUB_*
 */
export async function listedRecords(
  directory: Directory,
  account: Account,
  now: () => number,
  warn: Warn,
  { devices = [], anew = false }: { devices?: readonly PinnedDevice[] | undefined; anew?: boolean } = {},
): Promise<ListedRecord[]> {
  const published = await directory.records(account, { known: knownPlaces(devices), anew }).catch((error: unknown) => {
    if (error instanceof TeammateSyncError && error.code === 'NO_SUCH_PERSON') return [];
    throw error;
  });
  const good = published.flatMap((one) => {
    try {
      return [checked(one, account, directory.host, now())];
    } catch (error) {
      warn(`${one.place === 'gist' ? one.name : 'a comment in the keyring'} of ${account.login} was refused`, error);
      return [];
    }
  });
  return newestOfEach(good);
}

/** Of devices that would be lost if they were not listed. */
function knownPlaces(devices: readonly PinnedDevice[]): ReadonlyMap<string, Place> {
  const used = devices.filter(({ state }) => state === 'good' || state === 'missing');
  return new Map(used.map(({ sign, place }) => [recordFileName(bytesOf(sign)), place]));
}

/** Who was interrupted while publishing anew left the record before beside the new one: it is no step back. */
function newestOfEach(listed: ListedRecord[]): ListedRecord[] {
  const newest = new Map<string, ListedRecord>();
  for (const one of listed) {
    const { sign, seq } = one.record;
    if (seq > (newest.get(sign)?.record.seq ?? 0)) newest.set(sign, one);
  }
  return listed.filter((one) => {
    const best = newest.get(one.record.sign);
    return one === best || (one.record.seq === best?.record.seq && one.text !== best.text);
  });
}

/** What is published of the device with this sign key; undefined: nothing. */
export function ofDevice(published: readonly PublishedRecord[], sign: Uint8Array): PublishedRecord | undefined {
  const key = b64url(sign);
  return (
    published.find((one) => one.place === 'gist' && one.name === recordFileName(sign)) ??
    published.findLast((one) => one.place === 'keyring' && !one.edited && !one.byApp && signIn(one.text) === key)
  );
}

function signIn(text: string): string | null {
  try {
    return parseRecord(text).record.sign;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

type Warn = (message: string, error: unknown) => void;

/** A record that is refused is refused at each look; it is told once. */
export function onceEach(warn: Warn): Warn {
  const told = new Set<string>();
  return (message, error) => {
    const what = `${message}: ${String(error)}`;
    if (!told.has(what)) warn(message, error);
    told.add(what);
  };
}

/** What GitHub lists of oneself, with this device's record as this device knows it. */
export function withOwn(listed: ListedRecord[], own: SignedRecord): ListedRecord[] {
  const { place } = listed.find((s) => s.record.sign === own.record.sign) ?? {};
  const rest = listed.filter((s) => s.record.sign !== own.record.sign);
  return [...rest, place === undefined ? own : { ...own, place }];
}
