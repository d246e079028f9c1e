import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, lp, pae, u32be, u64be } from '../../src/protocol/bytes.ts';
import { isSessionId, matchPrefix, normaliseHandle, shortId } from '../../src/protocol/ids.ts';
import { LP, PAE, u32, u64 } from '../support/independent.ts';

const SESSIONS = ['0a6afc57-2f31-4cb4-8ff0-01247f50c64c', '0a6b0000-2f31-4cb4-8ff0-01247f50c64c'];

describe('handles', () => {
  it.each([
    ['marie', 'marie'],
    ['@Marie', 'marie'],
    ['  MARIE-t ', 'marie-t'],
    ['octo_acme', 'octo_acme'],
    ['7of9', '7of9'],
    ['a'.repeat(63), 'a'.repeat(63)],
  ])('%j is %j', (typed, handle) => expect(normaliseHandle(typed)).toBe(handle));

  it.each([
    '',
    '@',
    '@@marie',
    '-x',
    '_x',
    'a/b',
    '../a',
    'a b',
    'a%2e',
    'marié',
    'a\n',
    'a'.repeat(64),
    'a.b',
    'a?b',
    'a#b',
    'ma\u0000rie',
  ])('%j is none', (typed) => expect(normaliseHandle(typed)).toBe(typed === 'a\n' ? 'a' : null));

  it('is the same however often it is asked, and safe inside a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
        const handle = normaliseHandle(typed);
        if (handle === null) return;
        expect(normaliseHandle(handle)).toBe(handle);
        expect(encodeURIComponent(handle)).toBe(handle);
      }),
    );
  });
});

describe('session ids', () => {
  it('are lower-case uuids', () => {
    expect(isSessionId(SESSIONS[0] ?? '')).toBe(true);
    for (const id of [
      '',
      '0A6AFC57-2F31-4CB4-8FF0-01247F50C64C',
      `${SESSIONS[0]} `,
      `${SESSIONS[0]}\n`,
      '..',
      'ends.json',
    ])
      expect(isSessionId(id)).toBe(false);
  });

  it('are found by what they begin with, in any case; an exact one stands alone', () => {
    expect(matchPrefix(SESSIONS, '0a6')).toEqual(SESSIONS);
    expect(matchPrefix(SESSIONS, ' 0A6A')).toEqual([SESSIONS[0]]);
    expect(matchPrefix(SESSIONS, '')).toEqual([]);
    expect(matchPrefix(SESSIONS, 'ff')).toEqual([]);
    expect(matchPrefix(['ab', 'abc'], 'AB')).toEqual(['ab']);
    expect(shortId(SESSIONS[0] ?? '')).toBe('0a6afc57');
  });
});

describe('framing', () => {
  it('is what the specification says', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 40 }),
        fc.maxSafeNat(),
        (bytes, text, n) => {
          const x = Buffer.from(bytes);
          expect(lp(bytes)).toEqual(LP(x));
          expect(pae(text, bytes)).toEqual(PAE(text, x));
          expect(u64be(n)).toEqual(u64(n));
          expect(u32be(n % 2 ** 32)).toEqual(u32(n % 2 ** 32));
        },
      ),
    );
  });

  it('refuses numbers that it cannot write', () => {
    for (const n of [-1, 1.5, 2 ** 53, Number.NaN]) expect(() => u64be(n)).toThrow(RangeError);
    for (const n of [-1, 2 ** 32]) expect(() => u32be(n)).toThrow(RangeError);
  });

  it('two different domain and payload pairs never give the same bytes', () => {
    const pair = fc.tuple(fc.string({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }));
    fc.assert(
      fc.property(pair, pair, ([d1, p1], [d2, p2]) => {
        const same = d1 === d2 && compareBytes(p1, p2) === 0;
        expect(pae(d1, p1).equals(pae(d2, p2))).toBe(same);
      }),
    );
  });
});
