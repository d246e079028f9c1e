import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literal, regex, scan } from '../../src/search/index.ts';
import { indexOf, printed, said } from './samples.ts';

const linesOf = (index: ReturnType<typeof indexOf>, pattern: ReturnType<typeof literal>): number[] =>
  [...scan(index, pattern)].flatMap((hit) => (hit ? [index.at(hit.place).line] : []));

it('finds a string as it stands, with any case unless it has an upper-case letter, newest first', () => {
  const index = indexOf([[said(1, 'ECONNRESET here'), said(2, 'econnreset there')], [said(3, 'else')]]);
  expect(linesOf(index, literal('connreset'))).toEqual([2, 1]);
  expect(linesOf(index, literal('CONNRESET'))).toEqual([1]);
  expect(() => literal('')).toThrow('nothing to look for');
});

it('finds any part of any line, also where a long one was split', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 500 }), (start, length) => {
      const line = Array.from({ length: 3600 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
      const index = indexOf([[printed(1, line)]]);
      expect(linesOf(index, literal(line.slice(start, start + length))).length).toBeGreaterThan(0);
    }),
    { numRuns: 30 },
  );
});

it('finds by an expression, whose ends are those of lines', async () => {
  const index = indexOf([[said(1, 'a\nport 40\nb'), said(2, 'port 41 b')]]);
  expect(linesOf(index, await regex('^port \\d+$'))).toEqual([1]);
  expect(linesOf(index, await regex('(?i)PORT'))).toEqual([2, 1]);
});

it('refuses what is no expression, what cannot be bounded, and what is too large', async () => {
  for (const typed of ['(', '(?=x)', '(a)\\1', 'a{1001}', '((a{30}){30}){30}', '(?:a{99}){99}', 'a{900}b{900}c{900}']) {
    await expect(regex(typed)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  }
});

it('takes time in proportion to the text, whatever the pattern', async () => {
  const steps = async (length: number): Promise<number> => {
    const index = indexOf([[printed(1, `${'x'.repeat(length)}!`)]]);
    let total = 0;
    for (const typed of ['(x+x+)+y', '(a|aa|x)+$', '(.*x){20}y', '^(\\w+\\s?)*$']) {
      const pattern = await regex(typed);
      const began = performance.now();
      for (const hit of scan(index, pattern)) void [hit];
      total += performance.now() - began;
    }
    return total;
  };
  // JavaScript's own would take longer than the world has lasted.
  expect(await steps(20_000)).toBeLessThan(10_000);
});
