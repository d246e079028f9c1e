import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKeywords, type Keyword } from '../../src/redact/keywords.ts';

/** What the scan must find, by looking for each keyword at each place. */
function naive(keywords: readonly Keyword[], text: string): string[] {
  const found: string[] = [];
  for (const [k, { text: word, exact }] of keywords.entries()) {
    for (let at = 0; at + word.length <= text.length; at++) {
      const here = text.slice(at, at + word.length);
      if (exact ? here === word : here.toLowerCase() === word.toLowerCase()) found.push(`${k}@${at}`);
    }
  }
  return found.sort();
}

describe('the keyword scan', () => {
  it('finds every keyword at every place, overlapping ones too', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ':', '_'), minLength: 2, maxLength: 4 });
    const keyword = fc.record({ text: word, exact: fc.boolean() });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ':', '_', 'é', '\u{1f600}'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(keyword, { maxLength: 8 }), text, (keywords, haystack) => {
        const found: string[] = [];
        compileKeywords(keywords)(haystack, (k, at) => found.push(`${k}@${at}`));
        expect(found.sort()).toEqual(naive(keywords, haystack));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses what is no keyword', () => {
    expect(() => compileKeywords([{ text: 'é!' }])).toThrow(RangeError);
    expect(() => compileKeywords([{ text: 'a' }])).toThrow(RangeError);
  });
});
