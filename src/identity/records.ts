/** Making and checking device records. Every refusal has its own name (docs/PROTOCOL.md, Device record). */
import { TeammateSyncError } from '../errors.ts';
import { b64url, fromB64url, pae } from '../protocol/bytes.ts';
import { DecodeError } from '../protocol/decode.ts';
import { CLOCK_SKEW_MAX_MS, RECORD_LIFETIME_MS } from '../protocol/limits.ts';
import {
  type DeviceRecord,
  encodeRecord,
  isTooLarge,
  ENDORSE_DOMAIN,
  endorsementPayload,
  parseRecord,
  RECORD_DOMAIN,
  recordText,
  type SignedRecord,
} from '../protocol/record.ts';
import { type DeviceKeys, recordFileName } from './device-keys.ts';
import { isBoxKey, isSignKey, sign, verify } from './sodium.ts';

/** Decodes base64url that a decoder has already checked. */
export function bytesOf(text: string): Buffer {
  const bytes = fromB64url(text);
  if (!bytes) throw new TeammateSyncError('RECORD_MALFORMED', 'a key is not base64url');
  return bytes;
}

/**
 * Makes and signs a record of this device.
 * @param previous the device's last record; its login is kept, its seq goes up by one, and so on but for `changes`
 */
export function makeRecord(
  keys: DeviceKeys,
  who: { host: string; uid: number; login: string },
  now: number,
  previous: DeviceRecord | null,
  changes: Partial<Pick<DeviceRecord, 'endorse' | 'revokes'>> = {},
): SignedRecord {
  const seconds = Math.floor(now / 1000);
  const record: DeviceRecord = {
    t: 'teammate-sync/device',
    v: 1,
    host: who.host,
    uid: who.uid,
    login: previous?.login ?? who.login.toLowerCase(),
    sign: b64url(keys.sign.publicKey),
    box: b64url(keys.box.publicKey),
    created: seconds,
    expires: seconds + RECORD_LIFETIME_MS / 1000,
    seq: (previous?.seq ?? 0) + 1,
    name: '',
    endorse: previous?.endorse ?? null,
    revokes: previous?.revokes ?? [],
    ...changes,
  };
  const payload = encodeRecord(record);
  const signature = sign(pae(RECORD_DOMAIN, payload), keys.sign.secretKey);
  return { record, payload, signature, text: recordText(payload, signature) };
}

export interface RecordExpectation {
  host: string;
  /** Of the account that GitHub says owns the place where the record was found. */
  uid: number;
  /** Where it was found; null for a record that a peer sent. */
  fileName: string | null;
  /** Unix milliseconds. */
  now: number;
}

/**
 * Checks a record's text for itself: form, owner, host, place, signature, times. Trust is decided by pins.
 * @throws RECORD_TOO_LARGE, RECORD_MALFORMED, RECORD_WRONG_HOST, RECORD_WRONG_OWNER, RECORD_WEAK_KEY, RECORD_BAD_SIGNATURE,
 * RECORD_COPIED, RECORD_FROM_FUTURE, RECORD_EXPIRED
 */
export function checkRecord(source: string, expected: RecordExpectation): SignedRecord {
  if (isTooLarge(source)) throw new TeammateSyncError('RECORD_TOO_LARGE', 'a device record is longer than one may be');
  let parsed: SignedRecord;
  try {
    parsed = parseRecord(source);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('RECORD_MALFORMED', `a device record is malformed (${error.message})`);
  }
  const { record, payload, signature } = parsed;
  if (record.host !== expected.host) {
    throw new TeammateSyncError('RECORD_WRONG_HOST', `a device record names ${record.host}, not ${expected.host}`);
  }
  if (record.uid !== expected.uid) {
    throw new TeammateSyncError(
      'RECORD_WRONG_OWNER',
      `a device record of account ${record.uid} lies with account ${expected.uid}`,
    );
  }
  const signKey = bytesOf(record.sign);
  if (!isSignKey(signKey) || !isBoxKey(bytesOf(record.box))) {
    throw new TeammateSyncError('RECORD_WEAK_KEY', 'a device record has a key that keeps nobody out');
  }
  if (!verify(signature, pae(RECORD_DOMAIN, payload), signKey)) {
    throw new TeammateSyncError('RECORD_BAD_SIGNATURE', 'a device record is not signed by its own key');
  }
  if (expected.fileName !== null && expected.fileName !== recordFileName(signKey)) {
    throw new TeammateSyncError('RECORD_COPIED', 'a device record lies in a file of another device');
  }
  if (record.created * 1000 > expected.now + CLOCK_SKEW_MAX_MS) {
    const dated = new Date(record.created * 1000).toISOString();
    throw new TeammateSyncError('RECORD_FROM_FUTURE', `a device record is dated ${dated}`);
  }
  if (record.expires * 1000 <= expected.now) {
    throw new TeammateSyncError(
      'RECORD_EXPIRED',
      `a device record expired on ${new Date(record.expires * 1000).toISOString()}`,
    );
  }
  return parsed;
}

/** Vouches for a device of one's own account: what it puts into its record, base64url. */
export function endorsementOf(
  keys: DeviceKeys,
  device: { host: string; uid: number; sign: string; box: string },
): string {
  const payload = endorsementPayload(device.host, device.uid, bytesOf(device.sign), bytesOf(device.box));
  return b64url(sign(pae(ENDORSE_DOMAIN, payload), keys.sign.secretKey));
}

/** True when `record` carries a good endorsement by the device `by`. */
export function isEndorsedBy(record: DeviceRecord, by: string): boolean {
  if (record.endorse?.by !== by) return false;
  const payload = endorsementPayload(record.host, record.uid, bytesOf(record.sign), bytesOf(record.box));
  return verify(bytesOf(record.endorse.sig), pae(ENDORSE_DOMAIN, payload), bytesOf(by));
}

/** One root, and every other record endorsed, step by step, from it. The same record in two places counts once. */
export function isEndorsementTree(listed: DeviceRecord[]): boolean {
  const records = [...new Map(listed.map((r) => [r.sign, r])).values()];
  const roots = records.filter((r) => r.endorse === null);
  if (roots.length !== 1) return records.length === 0;
  const trusted = new Set(roots.map((r) => r.sign));
  for (let grew = true; grew;) {
    grew = false;
    for (const record of records) {
      if (trusted.has(record.sign) || !record.endorse || !trusted.has(record.endorse.by)) continue;
      if (isEndorsedBy(record, record.endorse.by)) grew = trusted.add(record.sign) !== undefined;
    }
  }
  return trusted.size === records.length;
}
