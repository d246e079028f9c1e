import { createPublicKey, verify as nodeVerify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkRecord, makeRecord, pairRoot, recordFileName, sign, verify } from '../../src/identity/index.ts';
import { b64url, pae } from '../../src/protocol/bytes.ts';
import { RECORD_FILE_MAX_BYTES, RECORD_MAX_BYTES } from '../../src/protocol/limits.ts';
import { encodeRecord, RECORD_DOMAIN, recordText } from '../../src/protocol/record.ts';
import { HOST, keysOf } from '../support/device.ts';
import { codeOf, NOW, record, signOf } from './support.ts';

const fileName = recordFileName(keysOf('a').sign.publicKey);
const expected = { host: HOST, uid: 2002, fileName, now: NOW };
const check = (text: string, changes: Partial<typeof expected> = {}): string =>
  codeOf(() => checkRecord(text, { ...expected, ...changes }));

/** The identity point: with it any signature of `01 00…` holds for every message, where the library lets it. */
const SMALL_ORDER = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
const CONSTANT_SIGNATURE = Buffer.from(`01${'00'.repeat(63)}`, 'hex');

describe('a record', () => {
  it('is taken as its device wrote it, also from a peer', () => {
    expect(check(record('a').text)).toBe('taken');
    expect(codeOf(() => checkRecord(record('a').text, { ...expected, fileName: null }))).toBe('taken');
  });

  const long = record('a', { name: 'x'.repeat(64), revokes: Array.from({ length: 16 }, (_, n) => signOf(`d${n}`)) });

  it.each([
    ['of another account', record('a', { uid: 3003 }).text, 'RECORD_WRONG_OWNER'],
    ['of another host', record('a', { host: 'git.example.org' }).text, 'RECORD_WRONG_HOST'],
    ['of a host in another case', record('a', { host: 'GitHub.com' }).text, 'RECORD_WRONG_HOST'],
    ['in a file of another device', record('b').text, 'RECORD_COPIED'],
    ['signed by another key', record('a', {}, keysOf('b')).text, 'RECORD_BAD_SIGNATURE'],
    ['with another device put in', record('a', { sign: signOf('b') }).text, 'RECORD_BAD_SIGNATURE'],
    ['whose box key shares its secrets', record('a', { box: b64url(Buffer.alloc(32)) }).text, 'RECORD_WEAK_KEY'],
    ['that has expired', record('a', { expires: NOW / 1000 }).text, 'RECORD_EXPIRED'],
    ['from more than ten minutes ahead', record('a', { created: NOW / 1000 + 601 }).text, 'RECORD_FROM_FUTURE'],
    ['that is no record', 'hello', 'RECORD_MALFORMED'],
    ['as long as a file may be', record('a').text.padEnd(RECORD_FILE_MAX_BYTES, 'A'), 'RECORD_TOO_LARGE'],
    [
      'with a payload that is a little too long',
      recordText(Buffer.alloc(RECORD_MAX_BYTES + 3, 0x20), long.signature),
      'RECORD_TOO_LARGE',
    ],
    [
      'with a field too many',
      recordText(Buffer.from('{"t":"teammate-sync/device","extra":1}'), record('a').signature),
      'RECORD_MALFORMED',
    ],
  ])('%s is refused by name', (_what, text, code) => expect(check(text)).toBe(code));

  it('of all that one may hold is not too long', () => {
    expect(long.payload.length).toBeGreaterThan(1000);
    expect(check(long.text)).toBe('taken');
  });

  it('copied by somebody else is refused where it lies', () => {
    expect(check(record('a').text, { uid: 6666 })).toBe('RECORD_WRONG_OWNER');
  });

  it('lives to its last second, and ten minutes of clock difference are forgiven', () => {
    expect(check(record('a', { expires: NOW / 1000 + 1 }).text)).toBe('taken');
    expect(check(record('a', { created: NOW / 1000 + 600 }).text)).toBe('taken');
  });

  it('with any bit of payload or signature changed is refused', () => {
    const { payload, signature } = record('a');
    for (let i = 0; i < payload.length; i++) {
      const bytes = Buffer.from(payload);
      bytes[i] = (bytes[i] ?? 0) ^ 1;
      expect(check(recordText(bytes, signature))).not.toBe('taken');
    }
    for (let i = 0; i < signature.length; i++) {
      const bytes = Buffer.from(signature);
      bytes[i] = (bytes[i] ?? 0) ^ 0x80;
      expect(check(recordText(payload, bytes))).toBe('RECORD_BAD_SIGNATURE');
    }
  });

  it('of a small-order key is refused, although node:crypto would take it', () => {
    const payload = encodeRecord({ ...record('a').record, sign: b64url(SMALL_ORDER) });
    const message = pae(RECORD_DOMAIN, payload);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), SMALL_ORDER]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(nodeVerify(null, message, key, CONSTANT_SIGNATURE)).toBe(true);
    expect(verify(CONSTANT_SIGNATURE, message, SMALL_ORDER)).toBe(false);
    const text = recordText(payload, CONSTANT_SIGNATURE);
    expect(check(text, { fileName: recordFileName(SMALL_ORDER) })).toBe('RECORD_WEAK_KEY');
  });

  it('signed for another purpose is refused', () => {
    const { payload } = record('a');
    const signature = sign(pae('teammate-sync/v1/hello', payload), keysOf('a').sign.secretKey);
    expect(check(recordText(payload, signature))).toBe('RECORD_BAD_SIGNATURE');
  });
});

describe('degenerate box keys', () => {
  it.each([
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('make no pair: %s', (hex) => {
    const own = keysOf('a');
    const party = { uid: 1, login: 'a', sign: own.sign.publicKey, box: own.box.publicKey };
    const peer = { uid: 2, login: 'b', sign: keysOf('b').sign.publicKey, box: Buffer.from(hex, 'hex') };
    expect(pairRoot(party, own.box, peer, { host: HOST, orgId: 9 })).toBeNull();
  });
});

describe('own records', () => {
  const who = { host: HOST, uid: 2002, login: 'Tomas' };

  it('keep the first login when the account is renamed, and count up', () => {
    const keys = keysOf('a');
    const first = makeRecord(keys, who, NOW, null);
    expect(first.record).toMatchObject({ login: 'tomas', seq: 1, endorse: null, revokes: [], name: '' });
    const second = makeRecord(keys, { ...who, login: 'tom' }, NOW + 1000, first.record);
    expect(second.record).toMatchObject({ login: 'tomas', seq: 2, sign: first.record.sign });
    for (const { text } of [first, second]) expect(check(text, { now: NOW + 1000 })).toBe('taken');
    expect(second.record.expires - second.record.created).toBe(180 * 86_400);
  });
});
