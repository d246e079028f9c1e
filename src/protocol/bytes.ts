/**
 * Framing of everything that is signed, hashed or derived (docs/PROTOCOL.md, Framing).
 * Pure: no keys, no I/O.
 */

/** 4-byte big-endian unsigned integer. */
export function u32be(n: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
}

/** 8-byte big-endian unsigned integer; `n` must be a safe integer. */
export function u64be(n: number): Buffer {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a safe unsigned integer: ${n}`);
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(n));
  return b;
}

/** Length-prefixed bytes: `u32be(len) || x`. Strings are UTF-8. */
export function lp(x: Uint8Array | string): Buffer {
  const bytes = typeof x === 'string' ? Buffer.from(x, 'utf8') : x;
  return Buffer.concat([u32be(bytes.length), bytes]);
}

/** Pre-authentication encoding: the domain string and the payload, each length-prefixed. Every signature is over one. */
export function pae(domain: string, payload: Uint8Array): Buffer {
  return Buffer.concat([lp(domain), lp(payload)]);
}

/** Base64url without padding. */
export function b64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Strict inverse of {@link b64url}: refuses padding, other alphabets and non-canonical trailing bits (returns null). */
export function fromB64url(text: string): Buffer | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** Byte-wise order, as Array.prototype.sort wants it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}
