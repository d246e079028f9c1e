/**
 * libsodium, the one that the network stack brings along. Signatures are verified with libsodium only: node:crypto accepts a small-order public key with one
 * constant signature for every message (measured), so a "device" could be published that anyone can sign for.
 */
import sodium from 'sodium-native';

/** Any secret: a degenerate key gives nothing with each. */
const PROBE = new Uint8Array(32).fill(7);

/** A key pair from a 32-byte seed. */
export interface SeededKeys {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}

export function signKeys(seed: Uint8Array): SeededKeys {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return { publicKey, secretKey };
}

export function boxKeys(seed: Uint8Array): SeededKeys {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_box_SECRETKEYBYTES);
  sodium.crypto_box_seed_keypair(publicKey, secretKey, seed);
  return { publicKey, secretKey };
}

/** Detached ed25519 signature, 64 bytes. */
export function sign(message: Uint8Array, secretKey: Uint8Array): Buffer {
  const signature = Buffer.alloc(sodium.crypto_sign_BYTES);
  sodium.crypto_sign_detached(signature, message, secretKey);
  return signature;
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
    sodium.crypto_sign_ed25519_pk_to_curve25519(Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES), publicKey);
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
  const sealed = Buffer.alloc(message.length + sodium.crypto_box_SEALBYTES);
  sodium.crypto_box_seal(sealed, message, box);
  return sealed;
}

/** Null when it was not sealed to these keys. */
export function unseal(sealed: Uint8Array, keys: SeededKeys): Buffer | null {
  try {
    const message = Buffer.alloc(Math.max(0, sealed.length - sodium.crypto_box_SEALBYTES));
    return sodium.crypto_box_seal_open(message, sealed, keys.publicKey, keys.secretKey) ? message : null;
  } catch {
    return null;
  }
}

/** X25519. Null for low-order points and an all-zero result. */
export function sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  try {
    const secret = Buffer.alloc(sodium.crypto_scalarmult_BYTES);
    sodium.crypto_scalarmult(secret, secretKey, publicKey);
    return secret.every((byte) => byte === 0) ? null : secret;
  } catch {
    return null;
  }
}

/** Writes the 64 bytes of SHA-512 of `input` into `hash`; half of the time of node:crypto. */
export function sha512Into(hash: Uint8Array, input: Uint8Array): void {
  sodium.crypto_hash_sha512(hash, input);
}

/** 32 bytes over all parts together, as hypercore hashes. */
export function blake2b(...parts: readonly Uint8Array[]): Buffer {
  const hash = Buffer.alloc(32);
  sodium.crypto_generichash(hash, Buffer.concat(parts));
  return hash;
}
