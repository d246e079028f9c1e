/** The list of a session's turns, and the texts of those in view. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Outline, type TurnRow } from '../../../../src/dashboard/viewer/outline.ts';
import { type Page, Texts } from '../../../../src/dashboard/viewer/texts.ts';
import type { DumpSlice } from '../../../../src/protocol/local-api.ts';
import type { ContentPart } from '../../../../src/protocol/turn.ts';

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

describe('an outline', () => {
  const outline = new Outline();
  outline.add({
    cursor: 'a',
    lines: [3, 4, 1, 2, 9],
    kinds: ['prompt', 'reply', 'prompt', 'reply', 'reply'],
    sizes: [1, 2, 3, 4, 5],
    sources: [
      { at: 2, source: 'agent' },
      { at: 4, source: 'main' },
    ],
  });
  outline.miss({ turns: 7, coming: true, overQuota: false });
  outline.add({ cursor: 'b', lines: [20], kinds: ['tool_use'], sizes: [6], sources: [] });

  it('is in reading order, each turn with its source and the cursor of its piece', () => {
    expect(outline.count).toBe(7);
    expect(outline.row(2)).toEqual({
      is: 'turn',
      source: 'agent',
      line: 1,
      kind: 'prompt',
      size: 3,
      cursor: 'a',
      offset: 2,
    });
    expect(outline.row(4)).toMatchObject({ source: 'main', line: 9 });
    expect(outline.row(5)).toMatchObject({ is: 'gap', turns: 7 });
    expect(outline.row(6)).toMatchObject({ source: 'main', line: 20, cursor: 'b' });
    expect(outline.row(7)).toBeUndefined();
  });

  it('finds a line, else the next one of the same source', () => {
    expect(outline.indexOf({ source: 'main', line: 4 })).toBe(1);
    expect(outline.indexOf({ source: 'main', line: 5 })).toBe(4);
    expect(outline.indexOf({ source: 'agent', line: 1 })).toBe(2);
    expect(outline.indexOf({ source: 'main', line: 21 })).toBe(-1);
    expect(outline.indexOf({ source: 'nobody', line: 1 })).toBe(-1);
  });
});

const row = (line: number, cursor = 'c0', offset = 0): TurnRow => ({
  is: 'turn',
  source: 'main',
  line,
  kind: 'reply',
  size: 1,
  cursor,
  offset,
});
const dumped = (line: number, text: string, omittedBefore = 0, omittedAfter = 0): Page['turns'][number] => {
  const content: ContentPart[] = [{ type: 'text', text }];
  return { source: 'main', line, uuid: '', time: '', role: '', kind: 'reply', content, omittedBefore, omittedAfter };
};
const textOf = (texts: Texts, line: number): string | null => {
  const state = texts.get(row(line));
  return state?.is === 'here' ? state.turn.content.map((part) => ('text' in part ? part.text : '')).join('|') : null;
};

describe('texts in view', () => {
  let asked: { cursor: string; slice: DumpSlice; signal: AbortSignal; answer: (page: Partial<Page>) => void }[];
  let now: number;
  let texts: Texts;
  beforeEach(() => {
    [asked, now] = [[], 0];
    texts = new Texts({
      fetch: (cursor, slice, signal) =>
        // An answer may be here already when it is not wanted any more.
        new Promise((resolve) => {
          asked.push({
            cursor,
            slice,
            signal,
            answer: (page) => resolve({ turns: [], missing: [], cursor: null, ...page }),
          });
        }),
      onChange: () => {},
      now: () => now,
    });
  });

  it('are fetched once, from the piece of the first that lacks, page by page until the last is here', async () => {
    texts.want([row(1, 'p1', 7), row(2, 'p1', 8), row(3, 'p2', 0)]);
    asked[0]?.answer({ turns: [dumped(1, 'one'), dumped(2, 'two')], cursor: 'next' });
    await settled();
    asked[1]?.answer({ turns: [dumped(3, 'three')], cursor: 'more' });
    await settled();
    expect(asked.map(({ cursor, slice }) => ({ cursor, ...slice }))).toEqual([
      { cursor: 'p1', skip: 7, turns: 3 },
      { cursor: 'next', skip: 0, turns: 1 },
    ]);
    expect([1, 2, 3].map((line) => textOf(texts, line))).toEqual(['one', 'two', 'three']);
    texts.want([row(2, 'p1'), row(3, 'p2')]);
    expect(asked).toHaveLength(2);
  });

  it('of a turn that is larger than a page are put together', async () => {
    texts.want([row(1)]);
    asked[0]?.answer({ turns: [dumped(1, 'aaa', 0, 6)], cursor: 'x' });
    await settled();
    asked[1]?.answer({ turns: [dumped(1, 'bbb', 3, 3)], cursor: 'y' });
    await settled();
    asked[2]?.answer({ turns: [dumped(1, 'ccc', 6, 0)], cursor: 'z' });
    await settled();
    expect(textOf(texts, 1)).toBe('aaabbbccc');
    expect(asked.map(({ slice }) => slice.turns)).toEqual([1, 1, 1]);
  });

  it('that are passed by while scrolling are not waited for, and that is no failure', async () => {
    texts.want([row(1), row(2)]);
    texts.want([row(2)]);
    expect(asked).toHaveLength(1);
    texts.want([row(500, 'far')]);
    await settled();
    expect(asked.map(({ cursor, signal }) => [cursor, signal.aborted])).toEqual([
      ['c0', true],
      ['far', false],
    ]);
    expect(texts.get(row(1))).toBeNull();
  });

  it('that did not come are absent, and asked for again after a while', async () => {
    texts.want([row(1)]);
    asked[0]?.answer({ missing: [{ before: 0, turns: 1, coming: true, overQuota: false }] });
    await settled();
    expect(texts.get(row(1))).toMatchObject({ is: 'absent', gap: { coming: true } });
    texts.want([row(1)]);
    expect(asked).toHaveLength(1);
    now = 10_000;
    texts.want([row(1)]);
    expect(asked).toHaveLength(2);
  });

  it('are forgotten at once, with what was on its way', async () => {
    texts.want([row(1)]);
    asked[0]?.answer({ turns: [dumped(1, 'secret')] });
    await settled();
    texts.want([row(2)]);
    texts.clear();
    asked[1]?.answer({ turns: [dumped(2, 'late')] });
    await settled();
    expect([textOf(texts, 1), textOf(texts, 2), asked[1]?.signal.aborted]).toEqual([null, null, true]);
  });

  it('are bounded: what was looked at least lately goes first', async () => {
    for (let line = 1; line <= 40; line++) {
      texts.want([row(line)]);
      asked.at(-1)?.answer({ turns: [dumped(line, 'x'.repeat(1024 * 1024))] });
      await settled();
      texts.get(row(1));
    }
    expect(textOf(texts, 1)).not.toBeNull();
    expect(textOf(texts, 2)).toBeNull();
    expect(textOf(texts, 40)).not.toBeNull();
  });

  it('that are refused say why, and are asked for again', async () => {
    let asks = 0;
    const refused = new Error('not yet');
    const failing = new Texts({
      fetch: () => {
        asks++;
        return Promise.reject(refused);
      },
      onChange: () => {},
      now: () => now,
    });
    failing.want([row(1)]);
    await settled();
    expect(failing.get(row(1))).toEqual({ is: 'absent', gap: null, failure: refused });
    failing.want([row(1)]);
    now = 10_000;
    failing.want([row(1)]);
    expect(asks).toBe(2);
  });
});
