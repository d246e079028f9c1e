import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countEntries,
  encodeBlock,
  encodeEntry,
  encodeHeader,
  headerPayload,
  parseBlock,
  parseHeader,
} from '../../src/protocol/core-block.ts';
import { DecodeError } from '../../src/protocol/decode.ts';
import { BLOCK_MAX_BYTES, ENTRY_MAX_BYTES } from '../../src/protocol/limits.ts';
import { HEADER, turn } from './samples.ts';

const SIGNATURE = Buffer.alloc(64, 3);

/** A turn that is exactly `bytes` long when serialised. */
function entryOf(bytes: number): Buffer {
  const empty = encodeEntry(turn(1, '')).length;
  return encodeEntry(turn(1, 'x'.repeat(bytes - empty)));
}

describe('blocks', () => {
  it('go round, whatever the entries say', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 30 }), (texts) => {
        const turns = texts.map((text, i) => turn(i + 1, text));
        const block = encodeBlock(turns.map(encodeEntry));
        expect(countEntries(block)).toBe(turns.length);
        expect(parseBlock(block)).toEqual(turns);
      }),
      { numRuns: 100 },
    );
  });

  it('an entry at the limit fits, one byte more does not', () => {
    const limit = entryOf(ENTRY_MAX_BYTES);
    expect(limit.length).toBe(ENTRY_MAX_BYTES);
    expect(parseBlock(encodeBlock([limit]))).toHaveLength(1);
    expect(() => parseBlock(encodeBlock([entryOf(ENTRY_MAX_BYTES + 1)]))).toThrow(DecodeError);
  });

  it('a block over the limit is refused as a whole', () => {
    const entry = entryOf(ENTRY_MAX_BYTES - 64);
    expect(parseBlock(encodeBlock([entry, entry]))).toHaveLength(2);
    const small = entryOf(1000);
    const over = encodeBlock([entry, entry, ...Array.from({ length: 3 }, () => small)]);
    expect(over.length).toBeGreaterThan(BLOCK_MAX_BYTES);
    expect(() => parseBlock(over)).toThrow(/bytes/);
  });

  it('every cut and every extra byte is refused', () => {
    const block = encodeBlock([encodeEntry(turn(1)), encodeEntry(turn(2))]);
    for (let n = 0; n < block.length; n++) expect(() => parseBlock(block.subarray(0, n))).toThrow(DecodeError);
    expect(() => parseBlock(Buffer.concat([block, Buffer.from([0])]))).toThrow(/more bytes/);
  });

  it.each([
    ['another format', (b: Buffer) => b.writeUInt8(2, 0)],
    ['a count beyond its entries', (b: Buffer) => b.writeUInt32BE(3, 1)],
    ['a huge count', (b: Buffer) => b.writeUInt32BE(0xffffffff, 1)],
    ['a count below its entries', (b: Buffer) => b.writeUInt32BE(1, 1)],
    ['a huge entry length', (b: Buffer) => b.writeUInt32BE(0xffffffff, 5)],
    ['an entry of no bytes', (b: Buffer) => b.writeUInt32BE(0, 5)],
  ])('refuses %s', (_name, break_) => {
    const block = encodeBlock([encodeEntry(turn(1)), encodeEntry(turn(2))]);
    break_(block);
    expect(() => parseBlock(block)).toThrow(DecodeError);
  });

  it('refuses an entry with an unknown field, a wrong part, or too many parts', () => {
    const entry = (value: unknown): Buffer => encodeBlock([Buffer.from(JSON.stringify(value))]);
    expect(() => parseBlock(entry({ ...turn(1), cwd: '/home/marie' }))).toThrow(DecodeError);
    expect(() => parseBlock(entry({ ...turn(1), content: [{ type: 'html', text: '' }] }))).toThrow(DecodeError);
    expect(() => parseBlock(entry({ ...turn(1), line: 0 }))).toThrow(DecodeError);
    const parts = Array.from({ length: 4097 }, () => ({ type: 'text', text: '' }));
    expect(() => parseBlock(entry({ ...turn(1), content: parts }))).toThrow(DecodeError);
    // A kind of a later version is kept as it is.
    expect(parseBlock(entry({ ...turn(1), kind: 'poem' }))[0]?.kind).toBe('poem');
  });
});

describe('the header', () => {
  const block = encodeHeader(headerPayload(HEADER), SIGNATURE);

  it('goes round', () => {
    expect(parseHeader(block)).toEqual({ header: HEADER, payload: headerPayload(HEADER), signature: SIGNATURE });
  });

  it('is refused when cut, longer, over its size, or with another shape', () => {
    for (let n = 0; n < block.length; n++) expect(() => parseHeader(block.subarray(0, n))).toThrow(DecodeError);
    expect(() => parseHeader(Buffer.concat([block, Buffer.from([0])]))).toThrow(DecodeError);
    const of = (value: unknown): Buffer => encodeHeader(Buffer.from(JSON.stringify(value)), SIGNATURE);
    expect(() => parseHeader(of({ ...HEADER, startedAt: ' '.repeat(300_000) }))).toThrow(DecodeError);
    expect(() => parseHeader(of({ ...HEADER, format: 2 }))).toThrow(DecodeError);
    expect(() => parseHeader(of({ ...HEADER, kind: 'rewind' }))).toThrow(DecodeError);
    expect(() => parseHeader(of({ ...HEADER, extra: 1 }))).toThrow(DecodeError);
    const after = Array.from({ length: 1025 }, () => ({ source: 'main', line: 1 }));
    expect(() => parseHeader(of({ ...HEADER, after }))).toThrow(DecodeError);
  });
});
