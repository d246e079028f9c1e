import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTurn, cutText, jsonBytes } from '../../src/capture/bound-turn.ts';
import { createRecordMemory, parseRecord } from '../../src/capture/index.ts';
import { ENTRY_MAX_BYTES } from '../../src/protocol/limits.ts';
import { type ContentPart, MAIN_SOURCE, type Turn, turnDecoder } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';

function turnOf(content: ContentPart[]): Turn {
  return { source: MAIN_SOURCE, line: 1, uuid: 'u', time: '', role: 'user', kind: 'prompt', content };
}

function bound(content: ContentPart[]): Turn {
  const turn = boundTurn(turnOf(content));
  turnDecoder(structuredClone(turn), 'turn');
  expect(jsonBytes(turn)).toBeLessThanOrEqual(ENTRY_MAX_BYTES);
  return turn;
}

/** Bytes that the mark says are missing. */
function cutBytes(turn: Turn): number {
  const mark = turn.content.at(-1);
  return mark?.type === 'omitted' ? Number(/^cut: (\d+) bytes$/.exec(mark.why)?.[1]) : Number.NaN;
}

describe('a turn within the limit of an entry', () => {
  it('is not touched', () => {
    const turn = turnOf([{ type: 'text', text: 'x'.repeat(ENTRY_MAX_BYTES - 200) }]);
    expect(boundTurn(turn)).toBe(turn);
  });

  it('loses the end of its longest text, and says how much', () => {
    const content: ContentPart[] = [
      { type: 'text', text: 'short' },
      { type: 'tool_result', id: 't', text: 'word '.repeat(600_000), error: false },
      { type: 'text', text: 'm'.repeat(100_000) },
    ];
    const turn = bound(content);
    expect(turn.content[0]).toEqual(content[0]);
    expect(turn.content[2]).toEqual(content[2]);
    expect(jsonBytes(turn)).toBeGreaterThan(ENTRY_MAX_BYTES - 8192);
    const mark = turn.content.at(-1);
    expect(cutBytes(turn)).toBe(jsonBytes(turnOf(content)) - (jsonBytes(turn) - jsonBytes(mark) - 1));
  });

  it.each([
    ['control characters', '\u0001'],
    ['quotes', '"'],
    ['emoji', '😀'],
    ['halves of pairs', '\ud83d'],
    ['three-byte characters', '日'],
  ])('counts the bytes of %s as JSON writes them', (_what, unit) => {
    const turn = bound([{ type: 'text', text: unit.repeat(2_000_000) }]);
    expect(jsonBytes(turn)).toBeGreaterThan(ENTRY_MAX_BYTES - 8192);
  });

  it('cuts the strings of a call, keeping its shape', () => {
    const input = { file_path: '/a', content: 'line\n'.repeat(500_000), more: [{ deep: 'y'.repeat(900_000) }] };
    const part = bound([{ type: 'tool_use', id: 't', name: 'Write', input }]).content[0];
    expect(part).toMatchObject({
      input: {
        file_path: '/a',
        content: expect.stringMatching(/^(?:line\n){80000}(?:line\n)+$/),
        more: [{ deep: expect.stringMatching(/^y{400000,}$/) }],
      },
    });
  });

  it('drops the last entries of a call that is large without long strings', () => {
    const numbers = bound([
      { type: 'tool_use', id: 't', name: 'X', input: Array.from({ length: 900_000 }, (_, i) => i) },
    ]);
    const keys = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, `v${i}`]));
    const object = bound([{ type: 'tool_use', id: 't', name: 'X', input: { first: 1, keys } }]);
    for (const turn of [numbers, object]) {
      expect(turn.content[0]).toMatchObject({ type: 'tool_use', name: 'X' });
      expect(jsonBytes(turn)).toBeGreaterThan(ENTRY_MAX_BYTES / 4);
    }
  });

  it('drops the last of too many parts', () => {
    expect(bound(Array.from({ length: 9000 }, () => ({ type: 'text', text: 'x' }))).content).toHaveLength(4096);
    const big = Array.from({ length: 4096 }, (): ContentPart => ({ type: 'text', text: 'x'.repeat(9000) }));
    expect(bound(big).content.length).toBeGreaterThan(200);
  });

  it('does not halve what stands at the cut', () => {
    expect(cutText('one\ntwo secret-token-secret-token', 20)).toBe('one\n');
    expect(cutText('one two secret-token-secret-token', 20)).toBe('one two ');
    expect(cutText('x'.repeat(100), 20)).toBe('x'.repeat(20));
    expect(cutText('😀😀', 6)).toBe('😀');
  });

  it('holds for whatever is said', () => {
    const text = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(60_000))
      .map(([unit, times]) => unit.repeat(times));
    const part: fc.Arbitrary<ContentPart> = fc.oneof(
      text.map((t): ContentPart => ({ type: 'text', text: t })),
      text.map((t): ContentPart => ({ type: 'tool_result', id: 'i'.repeat(512), text: t, error: true })),
      fc
        .tuple(text, fc.jsonValue())
        .map(([t, v]): ContentPart => ({ type: 'tool_use', id: 't', name: 'n', input: { v, t, w: [t, { t }] } })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (content) => {
        const turn = bound(content);
        expect(turn.content.length === content.length || cutBytes(turn) > 0).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is what a long transcript line becomes', () => {
    const writer = new TranscriptWriter().tool('t', 'Bash', { command: 'yes' }, 'y\n'.repeat(3_000_000));
    const memory = createRecordMemory();
    const turns = writer.lines.flatMap((line, i) => parseRecord(line, { source: MAIN_SOURCE, line: i + 1 }, memory));
    expect(jsonBytes(turns[1])).toBeLessThanOrEqual(ENTRY_MAX_BYTES);
    expect(turns[1] && cutBytes(turns[1])).toBeGreaterThan(2_000_000);
  });
});
