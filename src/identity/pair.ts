/**
 * What two devices can compute together and nobody else: topics and hello keys (docs/PROTOCOL.md, Topics).
 * A stranger who knows both handles, both records and the workspace cannot.
 */
import { hkdfSync } from 'node:crypto';
import { compareBytes, lp, u64be } from '../protocol/bytes.ts';
import { EPOCH_MS } from '../protocol/limits.ts';
import { type SeededKeys, sharedSecret } from './sodium.ts';

/** One side of a pair. `login` is the one in the device record, which never changes. */
export interface Party {
  uid: number;
  login: string;
  sign: Uint8Array;
  box: Uint8Array;
}

export interface Workspace {
  host: string;
  orgId: number;
}

/** Keys of a pair for one epoch (a UTC day). */
export interface PairKeys {
  /** 32 bytes: the point in the DHT where the two meet. */
  topic: Buffer;
  /** 32 bytes: proves knowledge of the pair before any identity is told. */
  helloKey: Buffer;
}

function hkdf(secret: Uint8Array, salt: string, info: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'utf8'), info, 32));
}

/** `u64be(uid) || LP(login) || sign || box` */
function partyBytes(party: Party): Buffer {
  return Buffer.concat([u64be(party.uid), lp(party.login), party.sign, party.box]);
}

/** The root secret of a pair; null when the peer's box key is degenerate. */
export function pairRoot(own: Party, ownBox: SeededKeys, peer: Party, workspace: Workspace): Buffer | null {
  const secret = sharedSecret(ownBox.secretKey, peer.box);
  if (!secret) return null;
  const [p1, p2] = [partyBytes(own), partyBytes(peer)].sort(compareBytes) as [Buffer, Buffer];
  const info = Buffer.concat([lp('pair-root'), lp(workspace.host), u64be(workspace.orgId), lp(p1), lp(p2)]);
  return hkdf(secret, 'teammate-sync/v1/pair', info);
}

export function pairKeys(root: Uint8Array, epoch: number): PairKeys {
  const sub = (label: string): Buffer => hkdf(root, 'teammate-sync/v1/sub', Buffer.concat([lp(label), u64be(epoch)]));
  return { topic: sub('topic'), helloKey: sub('hello') };
}

/** The epoch of a wall-clock time in milliseconds. */
export function epochAt(now: number): number {
  return Math.floor(now / EPOCH_MS);
}
