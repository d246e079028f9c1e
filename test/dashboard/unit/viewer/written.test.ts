/** An answer that a model writes, as it comes. */
import { describe, expect, it } from 'vitest';
import { historyWords } from '../../../../src/dashboard/model/history.ts';
import { begunBy, cutOff, type Written, writtenAfter } from '../../../../src/dashboard/viewer/written.ts';
import type { AnswerEvent, AskResponse } from '../../../../src/protocol/local-api.ts';

const excerpt = { id: 'e1', handle: 'marie', session: 's1', source: 'agent', from: 7 };
const found = { answer: { excerpts: [excerpt] } as unknown as AskResponse, model: { name: 'm', base: 'b' } };
const after = (...events: AnswerEvent[]): Written =>
  events.reduce((written, event) => writtenAfter(written, event, found), begunBy(found));
const cited = (mark: number, citation = '@marie · shop · 7f3c…:L120-131'): AnswerEvent => ({
  type: 'citation',
  mark,
  citation,
  excerpt: 'e1',
});

describe('an answer that a model writes', () => {
  it('is text with marks, and each mark leads to its lines', () => {
    const written = after(
      { type: 'text', text: 'It is ' },
      { type: 'text', text: 'so.' },
      cited(1),
      cited(1),
      cited(2, 'odd'),
    );
    expect(written.pieces).toEqual([
      { is: 'text', text: 'It is so.' },
      { is: 'mark', mark: 1 },
      { is: 'mark', mark: 1 },
      { is: 'mark', mark: 2 },
    ]);
    expect(written.sources).toMatchObject([
      { mark: 1, handle: 'marie', session: 's1', source: 'agent', line: 120 },
      { mark: 2, line: 7 },
    ]);
    expect(written.isDone).toBe(false);
  });

  it('cites nothing that was not found', () => {
    const unknown: AnswerEvent = { type: 'citation', mark: 3, citation: 'x:L1', excerpt: 'other' };
    expect(after(unknown)).toMatchObject({ pieces: [{ is: 'mark', mark: 3 }], sources: [] });
  });

  it('says what was struck, and why it is not whole', () => {
    const done: AnswerEvent = { type: 'done', stop: 'end_turn', usage: { input: 1, output: 1 } };
    expect(after({ type: 'struck', why: 'other words' }, done)).toMatchObject({
      struck: 1,
      isDone: true,
      fallback: null,
    });
    expect(cutOff(after({ type: 'text', text: 'half' }))).toMatchObject({
      fallback: expect.stringContaining('cut off'),
    });
    expect(cutOff(after(done)).fallback).toBeNull();
    expect(after({ type: 'fallback', reason: 'no key' })).toMatchObject({ fallback: 'no key', isDone: true });
  });
});

it('what began and ended is told from the side of the user', () => {
  expect(historyWords({ mine: true, what: 'began', reason: null })).toBe('began: I share it with');
  expect(historyWords({ mine: false, what: 'ended', reason: 'unshared' })).toBe('ended (unshared): shared with me by');
});
