import { describe, expect, it } from 'vitest';
import { fromB64url } from '../../src/protocol/bytes.ts';
import {
  b64,
  bool,
  DecodeError,
  type Decoder,
  int,
  list,
  nullable,
  object,
  oneOf,
  optional,
  text,
  union,
} from '../../src/protocol/decode.ts';
import { jsonDepth, parseJson, parseJsonText } from '../../src/protocol/json.ts';
import { JSON_MAX_DEPTH } from '../../src/protocol/limits.ts';

function refused(decoder: Decoder<unknown>, value: unknown): string {
  try {
    decoder(value, 'x');
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  throw new Error(`took ${JSON.stringify(value)}`);
}

describe('decoders', () => {
  it.each<[string, Decoder<unknown>, unknown[], unknown[]]>([
    ['text', text(4), ['', 'abcd', 'ää'], ['abcde', 'äää', 1, null, undefined, ['a'], {}]],
    ['text with a pattern', text(9, /^[a-z]+$/), ['abc'], ['', 'A', 'a\n', 'a b']],
    ['int', int(1, 9), [1, 9], [0, 10, 1.5, '1', Number.NaN, Infinity, null, undefined, 2 ** 53, true]],
    ['bool', bool, [true, false], [0, 1, 'true', null, undefined]],
    ['oneOf', oneOf<string | number>('a', 1), ['a', 1], ['b', '1', 2, null, undefined]],
    ['list', list(int(), 2), [[], [1, 2]], [[1, 2, 3], ['1'], [null], {}, 'ab', null, { length: 0 }]],
    ['nullable', nullable(int()), [null, 1], [undefined, 'x']],
    ['object', object({ a: int() }), [{ a: 1 }], [{}, { a: 1, b: 2 }, [], null, 'a', { a: '1' }]],
    ['optional key', object({ a: optional(int()) }), [{}, { a: 1 }], [{ a: null }, { a: 1, b: 1 }]],
    [
      'union',
      union('t', { a: object({ t: oneOf('a') }) }),
      [{ t: 'a' }],
      [{ t: 'b' }, { t: 'toString' }, {}, null, 'a'],
    ],
  ])('%s', (_name, decoder, good, bad) => {
    for (const value of good) expect(decoder(value, 'x')).toEqual(value);
    for (const value of bad) refused(decoder, value);
  });

  it('base64url is canonical and of one length', () => {
    const decoder = b64(16);
    const good = Buffer.alloc(16, 255).toString('base64url');
    expect(decoder(good, 'x')).toBe(good);
    const bad = [
      `${good}==`, // padding
      `${good.slice(0, -1)}x`, // bits beyond the last byte
      good.replace('_', '/'),
      `${good} `,
      `${good}\n`,
      good.slice(0, -2),
      `${good}AA`,
      '',
      'A'.repeat(100_000),
      17,
      null,
    ];
    for (const value of bad) refused(decoder, value);
    expect(fromB64url('AB')).toBeNull();
    expect(fromB64url('AA')).toEqual(Buffer.from([0]));
  });

  it('refuses __proto__, constructor and other inherited names', () => {
    const decoder = object({ a: int() });
    const polluted: unknown = JSON.parse('{"a":1,"__proto__":{"polluted":true}}');
    expect(refused(decoder, polluted)).toContain('__proto__');
    refused(decoder, JSON.parse('{"a":1,"constructor":{}}'));
    // A key of the shape must be the value's own.
    refused(object({ toString: object({}) }), {});
    refused(decoder, Object.create({ a: 1 }));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    refused(union('__proto__', { a: decoder }), (JSON.parse('{"__proto__":"a"}') as unknown) === null ? null : {});
  });

  it('names the path and never repeats a long key', () => {
    const decoder = object({ list: list(object({ n: int() }), 9) });
    expect(refused(decoder, { list: [{ n: 1 }, { n: 'x' }] })).toContain('x.list[1].n');
    expect(refused(decoder, { list: [], ['k'.repeat(10_000)]: 1 }).length).toBeLessThan(200);
  });
});

describe('JSON from outside', () => {
  const anything: Decoder<unknown> = (v) => v;
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const parse = (source: string | Buffer, max = 1 << 20): unknown =>
    parseJson(Buffer.from(source as string), max, anything, 'x');

  it('is bounded in size and in depth before it is parsed', () => {
    expect(parse('"abc"', 5)).toBe('abc');
    expect(() => parse('"abcd"', 5)).toThrow(DecodeError);
    expect(parse(nested(JSON_MAX_DEPTH))).toBeInstanceOf(Array);
    expect(() => parse(nested(JSON_MAX_DEPTH + 1))).toThrow(DecodeError);
    expect(() => parse(nested(500_000))).toThrow(DecodeError);
    expect(() => parse(`{"a":`.repeat(100_000))).toThrow(DecodeError);
  });

  it('counts brackets, not those inside strings', () => {
    expect(jsonDepth('{"a":"[[[[","b":["\\"[",{}]}')).toBe(3);
    expect(jsonDepth('"\\\\"')).toBe(0);
    expect(jsonDepth('["unclosed [[[')).toBe(1);
    expect(parse(JSON.stringify('['.repeat(1000)))).toBe('['.repeat(1000));
  });

  it.each(['', 'x', '{', '{"a":1}}', '[1,]', 'NaN', "{'a':1}", '\u0000'])('refuses %j by DecodeError', (source) => {
    expect(() => parse(source)).toThrow(DecodeError);
    expect(() => parseJsonText(source, anything, 'x')).toThrow(DecodeError);
  });

  it('refuses what is not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
    ])
      expect(() => parse(Buffer.from(bytes))).toThrow(/not UTF-8/);
  });
});
