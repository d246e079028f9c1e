/** Turns to search in, and indexes of them. */
import fc from 'fast-check';
import type { Turn } from '../../src/protocol/turn.ts';
import { LexicalIndex, type Ranked, readQuestion, together } from '../../src/search/index.ts';

export const NOW = Date.parse('2026-11-22T12:00:00Z');

/** One turn a minute, up to an hour before {@link NOW}. */
export function said(line: number, text: string, more: Partial<Turn> = {}): Turn {
  return {
    source: 'main',
    line,
    uuid: '',
    time: new Date(NOW - 3_600_000 + line * 60_000).toISOString(),
    role: 'user',
    kind: 'prompt',
    content: [{ type: 'text', text }],
    ...more,
  };
}

export function printed(line: number, text: string): Turn {
  return said(line, text, { kind: 'tool_result', content: [{ type: 'tool_result', id: 'x', text, error: false }] });
}

/** @param order the blocks in the order in which they come; their own by default */
export function indexOf(blocks: readonly (readonly Turn[])[], order = blocks.map((_, i) => i)): LexicalIndex {
  const index = new LexicalIndex();
  for (const block of order) for (const step of index.adding(block + 1, blocks[block] ?? [])) void [step];
  return index;
}

export function rank(question: string, ...indexes: LexicalIndex[]): (Ranked & { line: number; text: string })[] {
  const asked = readQuestion(question, ['marie'], NOW);
  const statistics = together(indexes.map((index) => index.statistics(asked)));
  return indexes
    .flatMap((index) =>
      rankedBy(index.ranking(asked, statistics, 50)).map((hit) => ({
        ...hit,
        line: index.at(hit.place).line,
        text: index.text(hit.place),
      })),
    )
    .sort((a, b) => b.score - a.score);
}

const WORDS = [
  'postgres',
  'retryLimit',
  'src/share/feed.ts',
  'port',
  'why',
  'decided',
  'json',
  'the',
  '漢字',
  'x_1',
  '\n',
  '…',
];

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 40 }).map((words) => words.join(' ')),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .tuple(fc.constantFrom('a', '\n', '\u{1f600}', 'é', '\u202e'), fc.integer({ min: 1, max: 6000 }))
    .map(([c, n]) => c.repeat(n)),
);

/** Blocks of turns with ascending lines, some of which say the same. */
export const anyBlocks: fc.Arbitrary<Turn[][]> = fc
  .array(fc.array(fc.tuple(anyText, fc.boolean()), { minLength: 0, maxLength: 5 }), { minLength: 1, maxLength: 6 })
  .map((blocks) => {
    let line = 0;
    return blocks.map((turns) => turns.map(([text, tool]) => (tool ? printed(++line, text) : said(++line, text))));
  });

/** What ranking comes to, when all of its steps are done. */
export function rankedBy(steps: Generator<void, Ranked[]>): Ranked[] {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
