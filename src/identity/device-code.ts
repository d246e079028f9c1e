/**
 * What a person compares and types to trust a device: twelve base32 characters of a stretched hash, so that nobody can
 * make a device whose code is the same (60 bits, each guess 5,200 rounds of SHA-512).
 */
import { lp, u64be } from '../protocol/bytes.ts';
import { bytesOf } from './records.ts';
import { stretched } from './stretched.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CHARACTERS = 12;
const BITS = 5;

/** `ABCD-EFGH-IJKL` of a device of this account on this host. Takes some milliseconds. */
export function deviceCode(device: { host: string; uid: number; sign: string; box: string }): string {
  const { host, uid, sign, box } = device;
  const what = Buffer.concat([lp(host), u64be(uid), bytesOf(sign), bytesOf(box)]);
  const hash = stretched('teammate-sync/v1/device-code', what);
  let bits = hash.readBigUInt64BE(0) >> BigInt(64 - CHARACTERS * BITS);
  let text = '';
  for (let i = 0; i < CHARACTERS; i++, bits >>= BigInt(BITS)) text = (ALPHABET[Number(bits & 31n)] ?? '') + text;
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** True when somebody typed this code: case, hyphens and spaces do not matter. */
export function isCode(typed: string, code: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replaceAll(/[\s-]/g, '');
  return plain(typed) === plain(code);
}
