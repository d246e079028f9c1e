/** Devices without a disk and without GitHub: keys from a name, so that a test can be read and run again. */
import { createHash } from 'node:crypto';
import { type DeviceKeys, makeRecord, Self } from '../../src/identity/index.ts';
import { boxKeys, signKeys } from '../../src/identity/sodium.ts';
import type { Clock } from '../../src/platform/clock.ts';

export const HOST = 'github.com';
const ORG_ID = 9009;

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Keys whose seeds are hashes of the name. */
export function keysOf(name: string): DeviceKeys {
  return {
    sign: signKeys(sha256(`${name} sign`)),
    box: boxKeys(sha256(`${name} box`)),
    transportSeed: (epoch, turn) => sha256(`${name} transport ${epoch} ${turn}`),
  };
}

export interface SelfOptions {
  uid: number;
  login: string;
  clock: Clock;
  /** Of the device; the login by default. */
  name?: string;
  host?: string;
  orgId?: number;
}

export function makeSelf({ uid, login, clock, name = login, host = HOST, orgId = ORG_ID }: SelfOptions): Self {
  const keys = keysOf(name);
  const record = makeRecord(keys, { host, uid, login }, clock.now(), null);
  return new Self({ uid, login, workspace: { host, orgId }, keys, record, clock });
}

/** Bytes that are the same in every run. */
export function countedRandom(name: string): (bytes: number) => Uint8Array {
  let n = 0;
  return (bytes) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < bytes; have += 32) parts.push(sha256(`${name} ${n++}`));
    return Buffer.concat(parts).subarray(0, bytes);
  };
}
