import { describe, expect, it } from 'vitest';
import { HELLO_MAX_BYTES } from '../../src/protocol/limits.ts';
import { checkProof, type Ends, hintOf, isHint, proof, type Role } from '../../src/swarm/hello.ts';
import { codeOf } from '../identity/support.ts';
import { makeSelf, sha256 } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });
const tomas = makeSelf({ uid: 2002, login: 'tomas', clock });
const eve = makeSelf({ uid: 3003, login: 'eve', clock });
const helloKey = sha256('hello key');

/** Marie dialled; each sees the same connection from its own end. */
const hers: Ends = { handshakeHash: sha256('hh'), ownTransport: sha256('client'), peerTransport: sha256('server') };
const his: Ends = { handshakeHash: sha256('hh'), ownTransport: sha256('server'), peerTransport: sha256('client') };
const client = proof('client', hers, marie, helloKey);
const server = proof('server', his, tomas, helloKey);

/** Whether tomas takes marie's proof. */
const asClient = (bytes: Buffer, ends = his, self = tomas, expected = { sign: marie.signKey, helloKey }): string =>
  codeOf(() => checkProof('client', bytes, ends, self, expected));
/** Whether marie takes tomas' proof. */
const asServer = (bytes: Buffer, ends = hers, self = marie, expected = { sign: tomas.signKey, helloKey }): string =>
  codeOf(() => checkProof('server', bytes, ends, self, expected));

describe('the hint', () => {
  it('is recognised with the key and on the connection it was made for only', () => {
    const hint = hintOf(helloKey, hers.handshakeHash);
    expect(hint).toHaveLength(16);
    expect(isHint(hint, helloKey, his.handshakeHash)).toBe(true);
    expect(isHint(hint, sha256('other key'), his.handshakeHash)).toBe(false);
    expect(isHint(hint, helloKey, sha256('another handshake'))).toBe(false);
    for (let at = 0; at < hint.length; at++) {
      const wrong = Buffer.from(hint);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      expect(isHint(wrong, helloKey, his.handshakeHash)).toBe(false);
    }
    for (const length of [0, 15]) expect(isHint(hint.subarray(0, length), helloKey, his.handshakeHash)).toBe(false);
    expect(isHint(Buffer.concat([hint, hint]), helloKey, his.handshakeHash)).toBe(false);
  });

  it("is not the beginning of the server's mac", () => {
    expect(server.subarray(0, 16)).not.toEqual(hintOf(helloKey, hers.handshakeHash));
  });
});

describe('the proof', () => {
  it('shows the record of the pinned device', () => {
    expect(checkProof('client', client, his, tomas, { sign: marie.signKey, helloKey })).toBe(marie.record.text);
    expect(checkProof('server', server, hers, marie, { sign: tomas.signKey, helloKey })).toBe(tomas.record.text);
  });

  it('with any byte changed is refused', () => {
    const change = (bytes: Buffer, at: number): Buffer => {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      return wrong;
    };
    // The record is only shown: it is compared with the pinned one, and GitHub is asked. All else is proved.
    const record = (from: number): [number, number] => [from + 4, from + 4 + Buffer.byteLength(marie.record.text)];
    const [start, end] = record(0);
    for (let at = 0; at < client.length; at++) {
      if (at < start || at >= end) expect(asClient(change(client, at)), `byte ${at}`).toBe('HELLO_REFUSED');
    }
    const shown = 32 + 4 + Buffer.byteLength(tomas.record.text);
    for (let at = 0; at < server.length; at++) {
      if (at < 36 || at >= shown) expect(asServer(change(server, at)), `byte ${at}`).toBe('HELLO_REFUSED');
    }
  });

  it('cut or longer is refused', () => {
    for (let n = 0; n < client.length; n++) expect(asClient(client.subarray(0, n))).toBe('HELLO_REFUSED');
    for (let n = 0; n < server.length; n += 3) expect(asServer(server.subarray(0, n))).toBe('HELLO_REFUSED');
    expect(asClient(Buffer.concat([client, Buffer.from([0])]))).toBe('HELLO_REFUSED');
    expect(asClient(Buffer.alloc(HELLO_MAX_BYTES + 1))).toBe('HELLO_REFUSED');
  });

  it('of one role is not that of the other', () => {
    const as = (role: Role, ends: Ends, self: typeof marie): Buffer => proof(role, ends, self, helloKey);
    const withoutMac = (bytes: Buffer): Buffer => bytes.subarray(32);
    // Marie's own words sent back to her, and each side in the role of the other.
    expect(asServer(as('client', hers, marie))).toBe('HELLO_REFUSED');
    expect(asClient(withoutMac(as('server', hers, marie)))).toBe('HELLO_REFUSED');
    expect(asServer(Buffer.concat([server.subarray(0, 32), as('client', his, tomas)]))).toBe('HELLO_REFUSED');
    expect(asServer(server, hers, marie, { sign: marie.signKey, helloKey })).toBe('HELLO_REFUSED');
  });

  it('is of this connection, these transport keys and this pair only', () => {
    const other = sha256('other');
    expect(asClient(client, { ...his, handshakeHash: other })).toBe('HELLO_REFUSED');
    expect(asClient(client, { ...his, ownTransport: other })).toBe('HELLO_REFUSED');
    expect(asClient(client, { ...his, peerTransport: other })).toBe('HELLO_REFUSED');
    expect(asServer(server, { ...hers, handshakeHash: other })).toBe('HELLO_REFUSED');
    expect(asServer(server, hers, marie, { sign: tomas.signKey, helloKey: other })).toBe('HELLO_REFUSED');
    expect(asServer(server, hers, marie, { sign: eve.signKey, helloKey })).toBe('HELLO_REFUSED');
    expect(asClient(client, his, tomas, { sign: eve.signKey, helloKey })).toBe('HELLO_REFUSED');
  });

  it('is of this workspace only', () => {
    for (const elsewhere of [{ host: 'git.example.org' }, { orgId: 1 }]) {
      const there = makeSelf({ uid: 2002, login: 'tomas', clock, ...elsewhere });
      expect(asClient(client, his, there)).toBe('HELLO_REFUSED');
    }
  });

  it('of somebody who knows the hello key but not the device key is refused', () => {
    // Both devices know it; so does a thief of one of them, who then cannot be the other.
    expect(asClient(proof('client', hers, eve, helloKey))).toBe('HELLO_REFUSED');
  });
});
