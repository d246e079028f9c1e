import { expect, it } from 'vitest';
import { lookCloser, readQuestion } from '../../src/search/index.ts';
import { CLOSER } from '../../src/search/settings.ts';
import { NOW } from './samples.ts';

const MINUTE = 60_000;

/** In the order in which they come out. @param texts equally good ones, each a minute newer than the one before */
function order(question: string, texts: readonly string[]): string[] {
  const asked = readQuestion(question, [], NOW);
  const found = texts.map((text, i) => ({ score: 1, time: NOW + i * MINUTE, text: () => text }));
  const statistics = { texts: 100, terms: 1000, withTerm: asked.terms.map(() => 3), oldest: 0, newest: NOW };
  const steps = lookCloser(found, asked, statistics);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.map(({ text }) => text());
  }
}

it.each([
  ['invoice limit?', ['the invoice has a limit', 'the invoice limit'], 1],
  ['invoice limit?', ['the invoice was paid, no limit', 'limits of the invoices'], 1],
  ['limit of the query?', ['the query has no such limit', 'queryLimit = 7'], 1],
  ['invoice limit?', ['an invoice [limit]', 'limit (*+?) invoice'], 0],
])('%s prefers words that stand together', (question, texts, first) => {
  expect(order(question, texts)[0]).toBe(texts[first]);
});

it('gives the newest of those that fit about as well, where the question asks for it', () => {
  const texts = ['the port is 1', 'the port is 2', 'the port is 3'];
  expect(order('which port is it?', texts)).toEqual(texts);
  expect(order('which port is it now?', texts)).toEqual(texts.toReversed());
});

it('looks at so many only, and leaves the others behind them', () => {
  const texts = Array.from({ length: CLOSER.most + 2 }, (_, i) => `text ${i}`);
  texts[CLOSER.most] = 'invoice limit';
  expect(order('invoice limit', texts)).toEqual(texts);
});
