/**
 * Device record: the public half of a device, as published on GitHub (docs/PROTOCOL.md, Device record).
 * Here only the bytes; signatures and trust are in identity/.
 */
import { b64url, fromB64url, lp, u64be } from './bytes.ts';
import { b64, DecodeError, type Decoded, int, list, nullable, object, oneOf, text } from './decode.ts';
import { parseJson } from './json.ts';
import { RECORD_MAX_BYTES } from './limits.ts';

export const RECORD_DOMAIN = 'teammate-sync/v1/device-record';
export const ENDORSE_DOMAIN = 'teammate-sync/v1/endorse';

const LOGIN = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const SECONDS_MAX = 253_402_300_799;

const recordDecoder = object({
  t: oneOf('teammate-sync/device'),
  v: oneOf(1),
  host: text(255),
  uid: int(1),
  login: text(63, LOGIN),
  sign: b64(32),
  box: b64(32),
  created: int(0, SECONDS_MAX),
  expires: int(0, SECONDS_MAX),
  seq: int(1),
  name: text(64),
  endorse: nullable(object({ by: b64(32), sig: b64(64) })),
  revokes: list(b64(32), 16),
});

/**
 * Payload of a device record. `host` lower-case API host · `uid` GitHub account id · `login` lower-case, set at seq 1 and
 * copied unchanged into later records · `sign`, `box` base64url public keys · times in unix seconds · `seq` +1 at each
 * re-issue · `endorse` by an older device of the same person · `revokes` sign keys that this device disowns.
 */
export type DeviceRecord = Decoded<typeof recordDecoder>;

/** A record with the exact bytes that were signed. */
export interface SignedRecord {
  record: DeviceRecord;
  payload: Buffer;
  signature: Buffer;
  /** `tms1.<payload>.<signature>`, both base64url. */
  text: string;
}

export function encodeRecord(record: DeviceRecord): Buffer {
  return Buffer.from(JSON.stringify(record), 'utf8');
}

export function recordText(payload: Uint8Array, signature: Uint8Array): string {
  return `tms1.${b64url(payload)}.${b64url(signature)}`;
}

/** Base64url of the longest payload, of the signature, and what stands around them. */
const TEXT_MAX_BYTES = Math.ceil((RECORD_MAX_BYTES * 4) / 3) + Math.ceil((64 * 4) / 3) + 'tms1..'.length;

/** More than a record of the longest payload takes. */
export function isTooLarge(source: string): boolean {
  return Buffer.byteLength(source.trim()) > TEXT_MAX_BYTES;
}

/** Reads the text form (surrounding white space is allowed). @throws DecodeError */
export function parseRecord(source: string): SignedRecord {
  const line = source.trim();
  const parts = line.split('.');
  if (parts.length !== 3 || parts[0] !== 'tms1') throw new DecodeError('record: not tms1.<payload>.<signature>');
  const payload = fromB64url(parts[1] ?? '');
  const signature = fromB64url(parts[2] ?? '');
  if (!payload || signature?.length !== 64) throw new DecodeError('record: not canonical base64url');
  return { record: parseJson(payload, RECORD_MAX_BYTES, recordDecoder, 'record'), payload, signature, text: line };
}

/** What an older device signs to vouch for a newer one. */
export function endorsementPayload(host: string, uid: number, sign: Uint8Array, box: Uint8Array): Buffer {
  return Buffer.concat([lp(host), u64be(uid), sign, box]);
}
