/** The parts that are easier to press hard alone: Link header, decoders, cache. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, gist, gistPage, memberPage, ownMembership } from '../../src/github/decode.ts';
import { createEtagCache } from '../../src/github/etag-cache.ts';
import { nextPage } from '../../src/github/link-header.ts';
import { DecodeError } from '../../src/protocol/decode.ts';

describe('nextPage', () => {
  it.each([
    ['<https://h/x?page=2>; rel="next", <https://h/x?page=9>; rel="last"', 'https://h/x?page=2'],
    ['<https://h/x?page=1>; rel="prev", <https://h/x?page=3>; rel="next"', 'https://h/x?page=3'],
    ['<https://h/x?q=a,b>; rel=next', 'https://h/x?q=a,b'],
    ['<https://h/x>; title="t"; rel="next"', 'https://h/x'],
    ['<https://h/x>; rel="prev"', null],
    ['<https://h/x>; rel="nextish"', null],
    ['<https://h/x>; norel="next"', null],
    ['', null],
    [null, null],
  ])('of %j is %j', (header, next) => {
    expect(nextPage(header)).toBe(next);
  });

  it('copes with anything', () => {
    fc.assert(fc.property(fc.string(), (header) => nextPage(header) === null || header.includes('next')));
    // What backtracks would not come back within the time of a test.
    for (const unit of ['<', ', <', '<a>;', '<a>; rel', ';', ' ']) {
      nextPage(unit.repeat(8192 / unit.length));
      nextPage(unit.repeat(1_000_000));
    }
  });
});

describe('decoders', () => {
  const decoders = { account, memberPage, ownMembership, gistPage, gist };
  const keys = ['id', 'login', 'type', 'state', 'organization', 'owner', 'files', 'public', 'truncated', 'content'];
  const hostile = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.dictionary(fc.oneof(fc.constantFrom(...keys, '__proto__', 'constructor'), fc.string()), tie('value')),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value;

  it.each(Object.entries(decoders))('%s gives a value or a DecodeError for anything', (_name, decoder) => {
    fc.assert(
      fc.property(hostile, (value) => {
        try {
          decoder(JSON.parse(JSON.stringify(value) ?? 'null'), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });

  it('leave keys that GitHub may add', () => {
    expect(account({ id: 1, login: 'a', type: 'User', brand_new: {} }, 'x')).toEqual({
      id: 1,
      login: 'a',
      type: 'User',
    });
  });

  it.each([
    { id: 0, login: 'a', type: 'User' },
    { id: 1.5, login: 'a', type: 'User' },
    { id: '1', login: 'a', type: 'User' },
    { id: 1, login: '../a', type: 'User' },
    { id: 1, login: ' a', type: 'User' },
    { id: 1, login: '@a', type: 'User' },
    { id: 1, login: 'a' },
  ])('refuse %j as an account', (value) => {
    expect(() => account(value, 'x')).toThrow(DecodeError);
  });
});

const kept = (value: number) => ({ etag: `"${value}"`, value, next: null });

describe('the ETag cache', () => {
  it('keeps tokens apart, holds none, and drops what was used longest ago', () => {
    const cache = createEtagCache(2);
    cache.set('u', 'token-a', kept(1));
    cache.set('u', 'token-b', kept(2));
    expect(cache.get('u', 'token-a')?.value).toBe(1);
    cache.set('v', 'token-a', kept(3));
    expect(cache.get('u', 'token-b')).toBeUndefined();
    expect(cache.get('u', 'token-a')?.value).toBe(1);
    expect(cache.get('v', 'token-a')?.value).toBe(3);
    expect(cache.get('v', 'token-b')).toBeUndefined();
  });
});
