/**
 * libsodium, ready. Signatures are verified with libsodium only: node:crypto accepts a small-order public key with one
 * constant signature for every message (measured), so a "device" could be published that anyone can sign for.
 */
import sodium, { ready } from 'libsodium-wrappers';

await ready;

/** Any secret: a degenerate key gives nothing with each. */
const PROBE = new Uint8Array(32).fill(7);

/** A key pair from a 32-byte seed. */
export interface SeededKeys {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}

export function signKeys(seed: Uint8Array): SeededKeys {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey, secretKey: privateKey };
}

export function boxKeys(seed: Uint8Array): SeededKeys {
  const { publicKey, privateKey } = sodium.crypto_box_seed_keypair(seed);
  return { publicKey, secretKey: privateKey };
}

/** Detached ed25519 signature, 64 bytes. */
export function sign(message: Uint8Array, secretKey: Uint8Array): Buffer {
  return Buffer.from(sodium.crypto_sign_detached(message, secretKey));
}

/** False for a wrong signature, a malformed or small-order key; never throws. */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return sodium.crypto_sign_verify_detached(signature, message, publicKey);
  } catch {
    return false;
  }
}

/** A 32-byte ed25519 key that is one: on the curve, canonical, and of no small order, for which anybody can sign. */
export function isSignKey(publicKey: Uint8Array): boolean {
  try {
    sodium.crypto_sign_ed25519_pk_to_curve25519(publicKey);
    return true;
  } catch {
    return false;
  }
}

/** A 32-byte x25519 key that shares no secret that everybody knows. */
export function isBoxKey(publicKey: Uint8Array): boolean {
  return sharedSecret(PROBE, publicKey) !== null;
}

/** Seals to a box key; anonymous, so what is sealed must itself be signed. */
export function seal(message: Uint8Array, box: Uint8Array): Buffer {
  return Buffer.from(sodium.crypto_box_seal(message, box));
}

/** Null when it was not sealed to these keys. */
export function unseal(sealed: Uint8Array, keys: SeededKeys): Buffer | null {
  try {
    return Buffer.from(sodium.crypto_box_seal_open(sealed, keys.publicKey, keys.secretKey));
  } catch {
    return null;
  }
}

/** X25519. Null for low-order points and an all-zero result. */
export function sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  try {
    const secret = sodium.crypto_scalarmult(secretKey, publicKey);
    return secret.every((byte) => byte === 0) ? null : secret;
  } catch {
    return null;
  }
}
