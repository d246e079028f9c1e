/**
 * The hello: who is at the other end of a noise stream, before anything else is said (docs/PROTOCOL.md, Hello).
 * Bytes and proofs only; hello-session.ts drives them over a connection. Everything is synchronous, so that no frame of
 * the other side can arrive between the proof and the opening of the control channel.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { TeammateSyncError } from '../errors.ts';
import { bytesOf, type Self, sign, verify } from '../identity/index.ts';
import { lp, pae, u64be } from '../protocol/bytes.ts';
import { HELLO_MAX_BYTES } from '../protocol/limits.ts';

const HELLO_DOMAIN = 'teammate-sync/v1/hello';
const HINT_BYTES = 16;
const MAC_BYTES = 32;
const SIGNATURE_BYTES = 64;

export type Role = 'client' | 'server';
/** On the wire of the signature: one byte. */
const ROLE_BYTE: Record<Role, number> = { client: 1, server: 2 };

function mac(helloKey: Uint8Array, side: 'c' | 's', handshakeHash: Uint8Array): Buffer {
  return createHmac('sha256', helloKey).update(side).update(handshakeHash).digest();
}

/** What the client says first: only somebody who shares the pair's secret can compute or recognise it. */
export function hintOf(helloKey: Uint8Array, handshakeHash: Uint8Array): Buffer {
  return mac(helloKey, 'c', handshakeHash).subarray(0, HINT_BYTES);
}

export function isHint(hint: Uint8Array, helloKey: Uint8Array, handshakeHash: Uint8Array): boolean {
  return hint.length === HINT_BYTES && timingSafeEqual(hint, hintOf(helloKey, handshakeHash));
}

/** The connection as one end sees it. */
export interface Ends {
  handshakeHash: Uint8Array;
  ownTransport: Uint8Array;
  peerTransport: Uint8Array;
}

function signedBytes(role: Role, ends: Ends, self: Pick<Self, 'workspace'>): Buffer {
  const { host, orgId } = self.workspace;
  const body = [
    ends.handshakeHash,
    Buffer.from([ROLE_BYTE[role]]),
    ends.ownTransport,
    ends.peerTransport,
    lp(host),
    u64be(orgId),
  ];
  return pae(HELLO_DOMAIN, Buffer.concat(body));
}

/** `LP(record text) || signature`; the server's is preceded by its mac. */
export function proof(role: Role, ends: Ends, self: Self, helloKey: Uint8Array): Buffer {
  const signature = sign(signedBytes(role, ends, self), self.keys.sign.secretKey);
  const body = Buffer.concat([lp(self.record.text), signature]);
  return role === 'server' ? Buffer.concat([mac(helloKey, 's', ends.handshakeHash), body]) : body;
}

/** What a device must show to be itself. */
export interface Expected {
  sign: string;
  helloKey: Uint8Array;
}

/**
 * Checks the other side's proof (`role` is its role) and returns the record's text that it showed.
 * @throws HELLO_REFUSED
 */
export function checkProof(role: Role, bytes: Buffer, ends: Ends, self: Self, expected: Expected): string {
  const refuse = (why: string): never => {
    throw new TeammateSyncError('HELLO_REFUSED', `the other side's hello ${why}`);
  };
  let body = bytes;
  if (role === 'server') {
    const wanted = mac(expected.helloKey, 's', ends.handshakeHash);
    if (body.length < MAC_BYTES || !timingSafeEqual(body.subarray(0, MAC_BYTES), wanted)) refuse('has a wrong mac');
    body = body.subarray(MAC_BYTES);
  }
  if (body.length < 4 || body.length > HELLO_MAX_BYTES) refuse('is malformed');
  const length = body.readUInt32BE(0);
  if (body.length !== 4 + length + SIGNATURE_BYTES) refuse('is malformed');
  const record = body.toString('utf8', 4, 4 + length);
  const signature = body.subarray(4 + length);
  const theirs: Ends = {
    handshakeHash: ends.handshakeHash,
    ownTransport: ends.peerTransport,
    peerTransport: ends.ownTransport,
  };
  if (!verify(signature, signedBytes(role, theirs, self), bytesOf(expected.sign)))
    refuse('is not signed by the pinned device');
  return record;
}
