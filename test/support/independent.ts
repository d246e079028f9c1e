/**
 * The specification once more, written from docs/PROTOCOL.md with node:crypto only and without a line of src/, so that a
 * mistake of the product is not repeated by its test. For vectors: nothing here is fast or checks its input.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto';

const PKCS8 = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' } as const;
const SPKI = { ed25519: '302a300506032b6570032100', x25519: '302a300506032b656e032100' } as const;
type Kind = keyof typeof PKCS8;

export const hash = (name: 'sha256' | 'sha512', ...parts: (Buffer | string)[]): Buffer => {
  const h = createHash(name);
  for (const part of parts) h.update(part);
  return h.digest();
};

function privateKey(kind: Kind, seed: Buffer): KeyObject {
  const der = Buffer.concat([Buffer.from(PKCS8[kind], 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function publicObject(kind: Kind, raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([Buffer.from(SPKI[kind], 'hex'), raw]), format: 'der', type: 'spki' });
}

const raw = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32);

export interface Device {
  uid: number;
  login: string;
  signSeed: Buffer;
  sign: Buffer;
  /** libsodium's box key of a seed is the first half of its SHA-512. */
  boxSecret: Buffer;
  box: Buffer;
}

export function device(uid: number, login: string, name: string): Device {
  const signSeed = hash('sha256', `vec sign ${name}`);
  const boxSecret = hash('sha512', hash('sha256', `vec box ${name}`)).subarray(0, 32);
  return {
    uid,
    login,
    signSeed,
    sign: raw(createPublicKey(privateKey('ed25519', signSeed))),
    boxSecret,
    box: raw(createPublicKey(privateKey('x25519', boxSecret))),
  };
}

export const u32 = (n: number): Buffer => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
export const u64 = (n: number): Buffer => Buffer.concat([u32(Math.floor(n / 2 ** 32)), u32(n % 2 ** 32)]);
export const LP = (x: Buffer | string): Buffer => {
  const bytes = Buffer.from(x as string);
  return Buffer.concat([u32(bytes.length), bytes]);
};
export const PAE = (domain: string, payload: Buffer): Buffer => Buffer.concat([LP(domain), LP(payload)]);

const hmac = (key: Buffer | string, ...parts: Buffer[]): Buffer => {
  const h = createHmac('sha256', key);
  for (const part of parts) h.update(part);
  return h.digest();
};

/** RFC 5869; 32 bytes are one block. */
function hkdf32(ikm: Buffer, salt: string, info: Buffer): Buffer {
  return hmac(hmac(salt, ikm), info, Buffer.from([1]));
}

const party = (d: Device): Buffer => Buffer.concat([u64(d.uid), LP(d.login), d.sign, d.box]);

export interface Place {
  host: string;
  org: number;
}

export function pair(own: Device, peer: Device, { host, org }: Place): Buffer {
  const ss = diffieHellman({
    privateKey: privateKey('x25519', own.boxSecret),
    publicKey: publicObject('x25519', peer.box),
  });
  const parties = [party(own), party(peer)].sort((a, b) => Buffer.compare(a, b));
  const info = Buffer.concat([LP('pair-root'), LP(host), u64(org), ...parties.map((p) => LP(p))]);
  return hkdf32(ss, 'teammate-sync/v1/pair', info);
}

export function sub(root: Buffer, label: string, epoch: number): Buffer {
  return hkdf32(root, 'teammate-sync/v1/sub', Buffer.concat([LP(label), u64(epoch)]));
}

export function sign(seed: Buffer, domain: string, payload: Buffer): Buffer {
  return nodeSign(null, PAE(domain, payload), privateKey('ed25519', seed));
}

/** What node:crypto says, which is known to be too kind. */
export function verify(key: Buffer, domain: string, payload: Buffer, signature: Buffer): boolean {
  return nodeVerify(null, PAE(domain, payload), publicObject('ed25519', key), signature);
}

export const mac = (helloKey: Buffer, side: 'c' | 's', handshakeHash: Buffer): Buffer =>
  hmac(helloKey, Buffer.from(side), handshakeHash);

export function helloSigned(
  role: 'client' | 'server',
  handshakeHash: Buffer,
  own: Buffer,
  peer: Buffer,
  { host, org }: Place,
): Buffer {
  const roleByte = Buffer.from([role === 'client' ? 1 : 2]);
  return Buffer.concat([handshakeHash, roleByte, own, peer, LP(host), u64(org)]);
}

export function safetyNumber(people: { uid: number; keys: Buffer[] }[]): string {
  const halves = people.map(({ uid, keys }) => {
    const who = Buffer.concat([u64(uid), ...[...keys].sort((a, b) => Buffer.compare(a, b))]);
    let h = hash('sha512', 'teammate-sync/v1/safety', who);
    for (let i = 0; i < 5200; i++) h = hash('sha512', h, who);
    return [0, 5, 10, 15, 20, 25]
      .map((at) => {
        const big = h.subarray(at, at + 5).reduce((n, byte) => n * 256n + BigInt(byte), 0n);
        return String(big % 100_000n).padStart(5, '0');
      })
      .join('');
  });
  return (halves.sort().join('').match(/\d{5}/g) ?? []).join(' ');
}

export function recordLine(payload: string, seed: Buffer): string {
  const bytes = Buffer.from(payload);
  const signature = sign(seed, 'teammate-sync/v1/device-record', bytes);
  return `tms1.${bytes.toString('base64url')}.${signature.toString('base64url')}`;
}
