/** Records as an attacker or an old device may write them, and what refuses them. */
import { TeammateSyncError } from '../../src/errors.ts';
import type { DeviceKeys } from '../../src/identity/index.ts';
import { sign } from '../../src/identity/sodium.ts';
import { b64url, pae } from '../../src/protocol/bytes.ts';
import {
  type DeviceRecord,
  ENDORSE_DOMAIN,
  encodeRecord,
  endorsementPayload,
  parseRecord,
  RECORD_DOMAIN,
  recordText,
  type SignedRecord,
} from '../../src/protocol/record.ts';
import { HOST, keysOf } from '../support/device.ts';

export const NOW = Date.UTC(2026, 10, 22, 12);
const SECONDS = NOW / 1000;

/** A record of the device `name`, as its own key signs it, with any fields changed. */
export function record(
  name: string,
  changes: Partial<DeviceRecord> = {},
  signer: DeviceKeys = keysOf(name),
): SignedRecord {
  const keys = keysOf(name);
  const value: DeviceRecord = {
    t: 'teammate-sync/device',
    v: 1,
    host: HOST,
    uid: 2002,
    login: 'tomas',
    sign: b64url(keys.sign.publicKey),
    box: b64url(keys.box.publicKey),
    created: SECONDS,
    expires: SECONDS + 180 * 86_400,
    seq: 1,
    name: '',
    endorse: null,
    revokes: [],
    ...changes,
  };
  const payload = encodeRecord(value);
  return parseRecord(recordText(payload, sign(pae(RECORD_DOMAIN, payload), signer.sign.secretKey)));
}

export const signOf = (name: string): string => b64url(keysOf(name).sign.publicKey);

/** `by` vouches for the device `name`. */
export function endorse(by: string, name: string, uid = 2002, host = HOST): DeviceRecord['endorse'] {
  const keys = keysOf(name);
  const payload = endorsementPayload(host, uid, keys.sign.publicKey, keys.box.publicKey);
  return { by: signOf(by), sig: b64url(sign(pae(ENDORSE_DOMAIN, payload), keysOf(by).sign.secretKey)) };
}

/** The code with which `act` is refused. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TeammateSyncError) return error.code;
    throw error;
  }
  return 'taken';
}

export async function codeOfAsync(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TeammateSyncError) return error.code;
    throw error;
  }
  return 'taken';
}
