import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TERM_CHARS } from '../../src/search/settings.ts';
import { TermNumbers, termsIn } from '../../src/search/terms.ts';
import { anyText } from './samples.ts';

const termsOf = (text: string): string[] => termsIn(text).map(({ text: term }) => term);

it.each([
  ['retryLimitMax', ['retrylimitmax', 'retry', 'limit', 'max']],
  ['retry_limit_max', ['retry_limit_max', 'retry', 'limit', 'max']],
  ['src/share/feed.ts', ['src/share/feed.ts', 'feed.ts', 'src', 'shar', 'feed', 'ts']],
  ['parseHTTPResponse2', ['parsehttpresponse2', 'pars', 'http', 'respons', '2']],
  ['decides decided deciding decide', ['decid']],
  ['planned planning plans', ['plan']],
  ['What is the answer?', ['answer']],
  ['漢字表', ['漢字', '字表']],
])('%s', (text, terms) => {
  expect(termsOf(text)).toEqual(terms);
});

it('knows what names one thing', () => {
  const identifiers = termsIn('the retryLimit of ECONNRESET in port 8080').filter(({ identifier }) => identifier);
  expect(identifiers.map(({ text }) => text)).toEqual(['retrylimit', 'econnreset', '8080']);
});

it('gives bounded terms of any text, and the same ones to an index and a question', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const terms = termsOf(text);
      expect(terms.filter((term) => term === '' || term.length > TERM_CHARS)).toEqual([]);
      const known: string[] = [];
      const numbers = new TermNumbers((term) => {
        if (!known.includes(term)) known.push(term);
        return known.indexOf(term);
      });
      const counted = new Set<string>();
      for (let time = 0; time < 2; time++) numbers.each(text, (term) => counted.add(known[term] ?? '?'));
      expect([...counted].toSorted()).toEqual(terms.toSorted());
    }),
  );
});
