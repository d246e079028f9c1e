/** Whatever others say, a model sees where it begins and ends, whose it is, and all of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heading, line, name } from '../../src/mcp/text/line.ts';
import { BEGINNING, pageOf, type Position } from '../../src/mcp/text/pages.ts';
import { bytesOf, type Quoted, quotedLines, render, visible } from '../../src/mcp/text/render.ts';
import { ANSWER_MAX_CHARS, ANSWER_MAX_TOKENS, TOKEN_BYTES } from '../../src/protocol/limits.ts';
import type { AskResponse, Excerpt, Passage } from '../../src/protocol/local-api.ts';
import type { ContentPart, Turn } from '../../src/protocol/turn.ts';
import { type Answers, called } from './support/in-process.ts';
import { CANARY, HOSTILE, hostileText } from './support/hostile.ts';
import { HIDDEN, parse, type Parsed } from './support/parse.ts';

const RUNS = 800;
const MOST_BYTES = ANSWER_MAX_TOKENS * TOKEN_BYTES;
const SESSION = '7f3c1a2b-0000-4000-8000-000000000001';

const passage: fc.Arbitrary<Passage> = fc.record({
  line: fc.integer({ min: 1, max: 9999 }),
  time: fc.oneof(fc.constant('2026-11-22T10:00:00Z'), hostileText),
  role: fc.oneof(fc.constantFrom('user', 'assistant'), hostileText),
  kind: fc.oneof(fc.constantFrom('prompt', 'reply', 'tool_use'), hostileText),
  tool: fc.oneof(fc.constant(''), hostileText),
  text: hostileText,
  hit: fc.boolean(),
  omittedBefore: fc.nat(3),
  omittedAfter: fc.nat(3),
});

const excerpt: fc.Arbitrary<Excerpt> = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{16}$/),
  citation: hostileText,
  handle: fc.constantFrom('marie', 'bob'),
  session: fc.constant(SESSION),
  project: hostileText,
  source: fc.oneof(fc.constant('main'), hostileText),
  from: fc.nat(),
  to: fc.nat(),
  time: fc.constant('2026-11-22T10:00:00Z'),
  score: fc.constant(1),
  passages: fc.array(passage, { minLength: 1, maxLength: 3 }),
  also: fc.array(hostileText, { maxLength: 2 }),
  more: fc.nat(2),
});

function answerWith(excerpts: Excerpt[]): AskResponse {
  return {
    people: [{ handle: 'marie', online: true, heard: null, fresh: 'yes', waiting: 0 }],
    sessions: [
      {
        ...{ handle: 'marie', session: SESSION, project: HOSTILE[0] ?? '', title: CANARY, newest: null },
        ...{ searched: 1, turns: 1, live: true },
      },
    ],
    message: excerpts.length === 0 ? 'Not found in shared context.' : null,
    excerpts,
    found: excerpts.length,
    more: false,
    cursor: 'next-page',
  };
}

/** What holds for every text. */
function sound(text: string): Parsed {
  expect(HIDDEN.exec(text.replaceAll('\n', ''))?.[0]).toBeUndefined();
  expect(bytesOf(text)).toBeLessThanOrEqual(MOST_BYTES);
  expect(text.length).toBeLessThanOrEqual(ANSWER_MAX_CHARS);
  const parsed = parse(text);
  for (const own of [...parsed.head, ...parsed.foot]) expect(own).not.toContain(CANARY);
  return parsed;
}

describe('an answer of hostile excerpts', () => {
  it('keeps its form, every id in its order, and hides nothing', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(excerpt, { minLength: 1, maxLength: 5 }), async (excerpts) => {
        const { text, failed } = await called(
          'query_teammate_context',
          { question: 'x' },
          { ask: answerWith(excerpts) },
        );
        expect(failed).toBe(false);
        const { blocks, head, foot } = sound(text);
        const ids = blocks.flatMap(({ heading: h }) => /^\[([0-9a-f]{16})\] /.exec(h)?.[1] ?? []);
        const wanted = excerpts.map(({ id }) => id);
        expect(ids).toEqual(wanted.slice(0, ids.length));
        if (ids.length < wanted.length) expect(foot.join('\n')).toMatch(/\d+ places? did not fit/);
        expect(head.join('\n')).toContain('session 7f3c1a2b of @marie');
        expect(foot.join('\n')).toContain('cursor "next-page"');
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  it('says each text whole: what is between the marks is what was said, made visible', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 5 }), (texts) => {
        const quoted: Quoted[] = texts.flatMap((theirs, i) => [{ heading: line`heading ${i}` }, { theirs }]);
        const { blocks } = parse(render({ head: [], quoted, foot: [] }, (n) => new Uint8Array(n).fill(0x5a)));
        expect(blocks.map(({ heading: h }) => h)).toEqual(texts.map((_t, i) => `heading ${i}`));
        expect(blocks.map(({ lines }) => lines.join('\n'))).toEqual(texts.map((text) => visible(text)));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});

const part: fc.Arbitrary<ContentPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: hostileText }),
  fc.record({ type: fc.constant('thinking' as const), text: hostileText }),
  fc.record({ type: fc.constant('tool_use' as const), id: hostileText, name: hostileText, input: fc.jsonValue() }),
  fc.record({ type: fc.constant('tool_result' as const), id: hostileText, text: hostileText, error: fc.boolean() }),
  fc.record({ type: fc.constant('image' as const), media: hostileText }),
  fc.record({ type: fc.constant('omitted' as const), why: hostileText }),
);
const turn: fc.Arbitrary<Turn> = fc.record({
  source: fc.oneof(fc.constant('main'), hostileText),
  line: fc.integer({ min: 1, max: 99_999 }),
  uuid: hostileText,
  time: hostileText,
  role: hostileText,
  kind: fc.oneof(fc.constantFrom('prompt', 'reply', 'summary', 'boundary', 'notice'), hostileText),
  content: fc.array(part, { maxLength: 3 }),
});

/** Follows the cursors of a tool from page to page. @returns the number of pages */
async function toTheEnd(tool: string, given: Record<string, unknown>, answers: Answers): Promise<number> {
  let cursor: string | undefined;
  for (let page = 1; page < 40; page++) {
    const { text, failed } = await called(tool, cursor === undefined ? given : { ...given, cursor }, answers);
    expect(failed).toBe(false);
    cursor = /cursor "([\w~-]+)"/.exec(sound(text).foot.join('\n'))?.[1];
    if (cursor === undefined) return page;
  }
  throw new Error('it does not come to an end');
}

describe('hostile turns of a dump', () => {
  it('keep the form, on every page', { timeout: 120_000 }, async () => {
    const person = { handle: 'marie', online: true, heard: null, fresh: 'yes', waiting: 0 };
    const about = { handle: 'marie', session: SESSION, project: HOSTILE[4], title: HOSTILE[0], live: true, person };
    const missing = [{ before: 1, turns: 3, coming: true, overQuota: false }];
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 6 }), async (turns) => {
        const page = turns.map((one) => ({ ...one, omittedBefore: 0, omittedAfter: 1 }));
        const answers = { dump: { ...about, turns: page, missing, cursor: null } };
        await toTheEnd('dump_teammate_context', { teammate: 'marie', session: '7f3c', budget: 3000 }, answers);
      }),
      { numRuns: RUNS / 4, endOnFailure: true },
    );
  });
});

describe('hostile turns behind a citation', () => {
  it('keep the form, on every page', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 6 }), async (turns) => {
        const cite = {
          ...{ handle: 'marie', session: SESSION, project: HOSTILE[4], source: 'main', from: 1, to: 9 },
          ...{ citation: HOSTILE[4], replaced: false, proof: [], turns },
        };
        await toTheEnd('get_citation', { citation: '0123456789abcdef' }, { cite });
      }),
      { numRuns: RUNS / 4, endOnFailure: true },
    );
  });
});

describe('pages', () => {
  it('of any size hold all of it, in order and once', () => {
    fc.assert(
      fc.property(
        fc.array(hostileText, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 300, max: 3000 }),
        (texts, room) => {
          const parts: Quoted[] = texts.flatMap((theirs, i) => [{ heading: line`h${i}` }, { theirs }]);
          const seen = texts.map(() => '');
          let at: Position | null = BEGINNING;
          for (let pages = 0; at !== null; pages++) {
            expect(pages).toBeLessThan(500);
            const page = pageOf(parts, at, room);
            const bytes = bytesOf(quotedLines(page.quoted).join('\n'));
            // One character at least, whatever the room.
            expect(bytes).toBeLessThanOrEqual(room + 40);
            let of = -1;
            for (const one of page.quoted) {
              if ('heading' in one) of = Number(/^h(\d+)/.exec(one.heading)?.[1]);
              else seen[of] += one.theirs;
            }
            at = page.next;
          }
          expect(seen).toEqual(texts.map((text) => visible(text)));
        },
      ),
      { numRuns: 200, endOnFailure: true },
    );
  });
});

describe('names of others', () => {
  it('are one short piece without any mark of ours', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = heading`[id] ${name(text)}`;
        expect(shown).not.toMatch(/[\n\r|=<>[\]"'`]{2}|\n/);
        expect(HIDDEN.test(shown)).toBe(false);
        expect(shown.length).toBeLessThanOrEqual(170);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
