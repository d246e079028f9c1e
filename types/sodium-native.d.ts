/** What this project uses of sodium-native 5.1.0: libsodium's own names; results are written into the first argument. */
declare module 'sodium-native' {
  type Bytes = Uint8Array;
  const sodium: {
    readonly crypto_sign_PUBLICKEYBYTES: number;
    readonly crypto_sign_SECRETKEYBYTES: number;
    readonly crypto_sign_BYTES: number;
    readonly crypto_box_PUBLICKEYBYTES: number;
    readonly crypto_box_SECRETKEYBYTES: number;
    readonly crypto_box_SEALBYTES: number;
    readonly crypto_scalarmult_BYTES: number;
    /** These throw when a buffer has another length than libsodium wants. */
    crypto_sign_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void;
    crypto_box_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void;
    crypto_sign_detached(signature: Bytes, message: Bytes, secretKey: Bytes): void;
    crypto_sign_verify_detached(signature: Bytes, message: Bytes, publicKey: Bytes): boolean;
    /** Throws for what is no key. */
    crypto_sign_ed25519_pk_to_curve25519(x25519: Bytes, ed25519: Bytes): void;
    crypto_box_seal(sealed: Bytes, message: Bytes, publicKey: Bytes): void;
    crypto_box_seal_open(message: Bytes, sealed: Bytes, publicKey: Bytes, secretKey: Bytes): boolean;
    /** Throws for low-order points. */
    crypto_scalarmult(shared: Bytes, secretKey: Bytes, publicKey: Bytes): void;
    crypto_hash_sha512(hash: Bytes, input: Bytes): void;
    crypto_generichash(hash: Bytes, input: Bytes): void;
  };
  export default sodium;
}
