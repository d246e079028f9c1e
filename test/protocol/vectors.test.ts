import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkRecord,
  pairKeys,
  pairRoot,
  type Party,
  recordFileName,
  safetyNumber,
  verify,
} from '../../src/identity/index.ts';
import { boxKeys, signKeys } from '../../src/identity/sodium.ts';
import { pae } from '../../src/protocol/bytes.ts';
import { encodeRecord, parseRecord, RECORD_DOMAIN } from '../../src/protocol/record.ts';
import { checkProof, hintOf, proof } from '../../src/swarm/hello.ts';
import { type Device, device, hash, pair, sub, verify as nodeVerify } from '../support/independent.ts';
import { makeSelf, sha256 } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { A, B, EPOCH, HANDSHAKE, HELLO_KEY, PLACE, RECORD, RECORD_PAYLOAD, VECTORS } from '../vectors/make.ts';

const FOLDER = path.resolve(import.meta.dirname, '../vectors');
const read = (name: string): never => JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8')) as never;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const party = ({ uid, login, sign, box }: Device): Party => ({ uid, login, sign, box });
const ours = (own: Device, peer: Device, place = PLACE): Buffer => {
  const keys = { publicKey: own.box, secretKey: own.boxSecret };
  const root = pairRoot(party(own), keys, party(peer), { host: place.host, orgId: place.org });
  if (!root) throw new Error('degenerate');
  return root;
};

describe('the vectors', () => {
  it.each(Object.keys(VECTORS))('%s are what the independent implementation computes', (name) => {
    const file = path.join(FOLDER, name);
    if (process.env['MAKE_VECTORS']) fs.writeFileSync(file, `${JSON.stringify(VECTORS[name], null, 2)}\n`);
    expect(read(name)).toEqual(VECTORS[name]);
  });

  it('pair.json is what we compute, from either side', () => {
    const vector: { pairRoot: string; topic: string; helloKey: string } = read('pair.json');
    for (const root of [ours(A, B), ours(B, A)]) {
      expect(hex(root)).toBe(vector.pairRoot);
      const { topic, helloKey } = pairKeys(root, EPOCH);
      expect([hex(topic), hex(helloKey)]).toEqual([vector.topic, vector.helloKey]);
    }
    // The keys of security.md's own vector: seeds are hashes of their names.
    expect(hex(signKeys(sha256('vec sign A')).publicKey)).toBe(hex(A.sign));
    expect(hex(boxKeys(sha256('vec box A')).publicKey)).toBe(hex(A.box));
    expect(hex(A.sign)).toBe('186f6fea631c34e9fa3d09179ebad7d7b6f09154e18de89f05dd94158fcbdf38');
  });

  it('safety-number.json is what we compute, from either side', () => {
    const { safetyNumber: digits }: { safetyNumber: string } = read('safety-number.json');
    const [a, b] = [A, B].map(({ uid, sign }) => ({ uid, signKeys: [sign] }));
    if (!a || !b) throw new Error('no people');
    expect(safetyNumber(a, b)).toBe(digits);
    expect(safetyNumber(b, a)).toBe(digits);
    expect(digits).toMatch(/^(\d{5} ){11}\d{5}$/);
    const more = { ...a, signKeys: [B.sign, A.sign] };
    expect(safetyNumber(more, b)).not.toBe(digits);
    expect(safetyNumber(more, b)).toBe(safetyNumber({ ...more, signKeys: [A.sign, B.sign] }, b));
  });

  it('record.json is accepted by us, and ours by the other', () => {
    const now = 1_763_796_000_000;
    const checked = checkRecord(RECORD, { host: PLACE.host, uid: A.uid, fileName: recordFileName(A.sign), now });
    expect(checked.payload.toString()).toBe(RECORD_PAYLOAD);
    // The bytes that we would write are the same.
    expect(encodeRecord(checked.record).toString()).toBe(RECORD_PAYLOAD);
    const clock = new ManualClock(now);
    const self = makeSelf({ uid: 7, login: 'ines', clock });
    const mine = parseRecord(self.record.text);
    const key = Buffer.from(mine.record.sign, 'base64url');
    expect(nodeVerify(key, RECORD_DOMAIN, mine.payload, mine.signature)).toBe(true);
  });

  it('hello.json is accepted by us', () => {
    const vector: { hint: string; clientProof: string; clientSigned: string } = read('hello.json');
    expect(hex(hintOf(HELLO_KEY, HANDSHAKE.hash))).toBe(vector.hint);
    const self = makeSelf({ uid: B.uid, login: B.login, clock: new ManualClock() });
    const ends = { handshakeHash: HANDSHAKE.hash, ownTransport: HANDSHAKE.server, peerTransport: HANDSHAKE.client };
    const expected = { sign: A.sign.toString('base64url'), helloKey: HELLO_KEY };
    const bytes = Buffer.from(vector.clientProof, 'hex');
    expect(checkProof('client', bytes, ends, self, expected)).toBe(RECORD);
    const made = proof('server', ends, self, HELLO_KEY);
    expect(hex(made.subarray(0, 32))).toBe((VECTORS['hello.json'] as { serverMac: string }).serverMac);
    expect(
      verify(bytes.subarray(-64), pae('teammate-sync/v1/hello', Buffer.from(vector.clientSigned, 'hex')), A.sign),
    ).toBe(true);
  });
});

describe('topics', () => {
  const small = fc.integer({ min: 1, max: 1_000_000 });
  const login = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/);

  it('differ for every changed input, and are computed alike by the independent implementation', () => {
    const inputs = fc.record({
      uids: fc.tuple(small, small),
      logins: fc.tuple(login, login),
      names: fc.constantFrom(['A', 'B'], ['C', 'D'], ['E', 'F']),
      host: fc.constantFrom<string>('github.com', 'git.example.org'),
      org: small,
      epoch: small,
    });
    fc.assert(
      fc.property(inputs, ({ uids, logins, names, host, org, epoch }) => {
        const one = device(uids[0], logins[0], names[0] ?? 'A');
        const two = device(uids[1], logins[1], names[1] ?? 'B');
        const topicOf = (a: Device, b: Device, place = { host, org }, e = epoch): string =>
          hex(pairKeys(ours(a, b, place), e).topic);
        const topic = topicOf(one, two);
        expect(topic).toBe(hex(sub(pair(one, two, { host, org }), 'topic', epoch)));
        expect(topic).toBe(topicOf(two, one));
        const third = device(3, 'z', 'Z');
        const changed = [
          topicOf({ ...one, uid: one.uid + 1 }, two),
          topicOf({ ...one, login: `${one.login}x` }, two),
          topicOf({ ...one, sign: third.sign }, two),
          topicOf({ ...one, box: third.box, boxSecret: third.boxSecret }, two),
          topicOf(one, { ...two, uid: two.uid + 1 }),
          topicOf(one, { ...two, login: `${two.login}x` }),
          topicOf(one, { ...two, sign: third.sign }),
          topicOf(one, { ...two, box: third.box, boxSecret: third.boxSecret }),
          topicOf(one, two, { host: `${host}x`, org }),
          topicOf(one, two, { host, org: org + 1 }),
          topicOf(one, two, { host, org }, epoch + 1),
          hex(pairKeys(ours(one, two, { host, org }), epoch).helloKey),
        ];
        expect(new Set([topic, ...changed]).size).toBe(changed.length + 1);
      }),
      { numRuns: 40 },
    );
  });

  it('are no hash of what a stranger knows: handles, ids, records, workspace', () => {
    const { topic } = pairKeys(ours(A, B), EPOCH);
    const known = [
      A.login,
      B.login,
      `@${A.login}`,
      String(A.uid),
      String(B.uid),
      hex(A.sign),
      hex(B.sign),
      PLACE.host,
      '9009',
    ];
    const joints = ['', ' ', '/', ':', ',', '\0', '-', '\n'];
    const guesses = known.flatMap((x) => [x, ...known.flatMap((y) => joints.map((joint) => x + joint + y))]);
    for (const guess of guesses) {
      for (const name of ['sha256', 'sha512'] as const) {
        for (const suffix of ['', String(EPOCH), `/${EPOCH}`]) {
          expect(
            hash(name, guess + suffix)
              .subarray(0, 32)
              .equals(topic),
          ).toBe(false);
        }
      }
    }
  });
});
