import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_MAX_CHARS } from '../../src/protocol/limits.ts';
import type { Excerpt } from '../../src/protocol/local-api.ts';
import { excerptsOf, type Hit, type LexicalIndex, readCitation, citationOf } from '../../src/search/index.ts';
import { anyBlocks, indexOf, printed, rank, said } from './samples.ts';

const of = { handle: 'marie', session: '7f3c1a2b-0000-4000-8000-000000000001', project: 'shop' };

const hitsOf = (question: string, index: LexicalIndex): Hit[] =>
  rank(question, index).map(({ place, score }) => ({ index, place, score, of }));
const excerpts = (question: string, index: LexicalIndex, budget = 6000): Excerpt[] =>
  excerptsOf(hitsOf(question, index), 0, budget).excerpts;

/** As the daemon counts, from what is sent. */
const tokens = (all: readonly Excerpt[]): number =>
  all.reduce(
    (sum, { citation, also, passages }) =>
      sum + Math.ceil(Buffer.byteLength([citation, ...also, ...passages.map(({ text }) => text)].join('')) / 3),
    0,
  );

describe('excerpts', () => {
  it('keep within the budget whatever they hold, are parts of what was said, and come once over all pages', () => {
    fc.assert(
      fc.property(anyBlocks, fc.integer({ min: 200, max: 12_000 }), (blocks, budget) => {
        const index = indexOf(blocks);
        const whole = new Map(blocks.flat().map((turn) => [turn.line, JSON.stringify(turn.content)]));
        const hits = hitsOf('postgres why port', index);
        const ids: string[] = [];
        for (let from: number | null = 0; from !== null;) {
          const page: ReturnType<typeof excerptsOf> = excerptsOf(hits, from, budget);
          expect(tokens(page.excerpts)).toBeLessThanOrEqual(Math.min(budget, 9000));
          const texts = page.excerpts.flatMap(({ passages }) => passages);
          expect(texts.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(ANSWER_MAX_CHARS);
          for (const { line, text } of texts) {
            expect(whole.get(line)).toContain(JSON.stringify(text.replace(/\ufffd+$/, '')).slice(1, -1));
          }
          ids.push(...page.excerpts.map(({ id }) => id));
          expect(page.next === null || page.next > from).toBe(true);
          from = page.next;
        }
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it('of one answer show no line twice', () => {
    const turns = Array.from({ length: 12 }, (_, i) => said(i + 1, i % 2 === 0 ? `postgres number ${i}` : `then ${i}`));
    const all = excerpts('postgres', indexOf([turns]));
    const lines = all.flatMap(({ passages }) => passages.map(({ line }) => line));
    expect(all.length).toBeGreaterThan(2);
    expect(lines.toSorted((a, b) => a - b)).toEqual(turns.map(({ line }) => line));
  });

  it('show what stands around a short hit, and the ends of a long output with what is left out', () => {
    const short = indexOf([[said(1, 'first'), said(2, 'shall we use redis?'), said(3, 'yes, it is there')]]);
    const [about] = excerpts('redis', short);
    expect(about).toMatchObject({ from: 1, to: 3, citation: '@marie · shop · 7f3c1a2b…:L1-3' });
    expect(about?.passages.map(({ line, hit }) => [line, hit])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
    // What stands around one is not told again.
    expect(excerpts('redis yes first', short)).toHaveLength(1);
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i} of the log`);
    lines[200] = 'the needle is here';
    const text = lines.join('\n');
    const [found] = excerpts('needle', indexOf([[printed(7, text)]]));
    const passages = found?.passages ?? [];
    expect(passages.map(({ hit }) => hit)).toEqual([false, true, false]);
    expect(passages[0]?.text).toMatch(/^line 0 of the log\n/);
    expect(passages.at(-1)?.text).toMatch(/line 399 of the log$/);
    const shown = passages.reduce((n, p) => n + Buffer.byteLength(p.text) + p.omittedBefore + p.omittedAfter, 0);
    expect(shown).toBe(Buffer.byteLength(text));
  });

  it('collapse what is said in several places', () => {
    const same = 'the same long output of a tool '.repeat(30);
    const blocks = [[printed(1, same), printed(2, same)], [printed(9, same)]];
    const [one, ...others] = excerpts('long output of a tool', indexOf(blocks));
    expect(others).toEqual([]);
    expect(one?.also).toHaveLength(2);
    const two = indexOf(blocks);
    const hits = [...hitsOf('output', indexOf(blocks)), ...hitsOf('output', two)];
    expect(excerptsOf(hits, 0, 6000).excerpts).toHaveLength(1);
  });

  it('have ids that stay, and that change with the content', () => {
    const texts = ['we use redis', 'because it is there'];
    const id = (...all: string[]): string | undefined =>
      excerpts('redis', indexOf([all.map((text, i) => said(i + 1, text))]))[0]?.id;
    expect(id(...texts)).toMatch(/^[0-9a-f]{16}$/);
    expect(id(...texts)).toBe(id(...texts));
    expect(id('we use redis', 'because it is here')).not.toBe(id(...texts));
  });
});

describe('a citation', () => {
  it('is read back as it is printed, whatever the project is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 9999 }), (project, from) => {
        const cited = { ...of, project, source: 'main', from, to: from + 3 };
        const read = readCitation(citationOf(cited));
        expect(read).toEqual({ handle: 'marie', session: '7f3c1a2b', source: 'main', from, to: from + 3 });
        expect(citationOf(cited).split(' · ')).toHaveLength(3);
        expect(citationOf(cited)).not.toMatch(/[\n\r\u001b\u202e]/);
      }),
    );
    const forged = { ...of, project: 'x · 9999…:L1', source: 'main', from: 2, to: 2 };
    expect(citationOf(forged)).toBe('@marie · x . 9999..L1 · 7f3c1a2b…:L2');
    expect(readCitation('@marie · shop · 7f3c…/a1b2:L3')).toMatchObject({ source: 'a1b2', from: 3, to: 3 });
    expect(readCitation('@marie · shop · 7f3c…:L9-3')).toBeNull();
    expect(readCitation('what she said')).toBeNull();
  });
});
