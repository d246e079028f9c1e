import { describe, expect, it } from 'vitest';
import { LineSplitter, type RawLine } from '../../src/capture/line-splitter.ts';

function split(text: string, chunk: number, maxBytes?: number): RawLine[] {
  const splitter = new LineSplitter(maxBytes);
  const lines: RawLine[] = [];
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) {
    splitter.push(bytes.subarray(at, at + chunk));
    for (let line = splitter.next(); line !== null; line = splitter.next()) lines.push(line);
    const whole = lines.reduce((sum, l) => sum + 1 + ('bytes' in l ? l.bytes.length : l.tooLong), 0);
    expect(splitter.pendingBytes).toBe(Math.min(at + chunk, bytes.length) - whole);
  }
  return lines;
}

describe('bytes to lines', () => {
  const text = 'one\n\ntwö\r\nthree is longer\n\n\nfive\ntorn';

  it.each(Array.from({ length: 45 }, (_, i) => i + 1))('by chunks of %i', (chunk) => {
    const lines = split(text, chunk).map((line) => ('bytes' in line ? line.bytes.toString() : '?'));
    expect(lines).toEqual(['one', '', 'twö\r', 'three is longer', '', '', 'five']);
  });

  it.each([1, 2, 3, 4, 5, 14, 100])('counts what is too long, by chunks of %i', (chunk) => {
    const lines = split(text, chunk, 5).map((line) => ('bytes' in line ? line.bytes.toString() : line.tooLong));
    expect(lines).toEqual(['one', '', 'twö\r', 15, '', '', 'five']);
    expect(split('12345\n123456\n', chunk, 5)).toEqual([{ bytes: Buffer.from('12345') }, { tooLong: 6 }]);
  });
});
