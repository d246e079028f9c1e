/** Parts of a turn that is larger than a page: together they are the turn, and each keeps within its bytes. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/daemon/dump/cursor.ts';
import { endWithin, partOf, sizeOf, startWithin, unitsOf } from '../../src/daemon/dump/turn-parts.ts';
import type { DumpedTurn } from '../../src/protocol/local-api.ts';
import type { ContentPart, Turn } from '../../src/protocol/turn.ts';

const text = fc.string({ unit: fc.constantFrom('a', '\n', '"', 'é', '🦔', '\u0000'), maxLength: 60 });
const part: fc.Arbitrary<ContentPart> = fc.oneof(
  text.map((value): ContentPart => ({ type: 'text', text: value })),
  text.map((value): ContentPart => ({ type: 'tool_result', id: 't1', text: value, error: false })),
  text.map((value): ContentPart => ({ type: 'tool_use', id: 't1', name: 'Write', input: { file: value } })),
  fc.constant<ContentPart>({ type: 'image', media: 'image/png' }),
);
const turnOf = (content: ContentPart[]): Turn => ({
  ...{ source: 'main', line: 7, uuid: '', time: '', role: 'user', kind: 'prompt' },
  content,
});
const turns = fc.array(part, { maxLength: 6 }).map(turnOf);
const BYTES = 330;

/** All text in its order; of a tool's input its JSON. */
function textOf({ content }: Turn): string {
  const words = content.map((one) => {
    if (one.type === 'tool_use') return typeof one.input === 'string' ? one.input : JSON.stringify(one.input);
    return 'text' in one ? one.text : '';
  });
  return words.join('');
}

function partsOf(turn: Turn, newest: boolean): DumpedTurn[] {
  const all = unitsOf(turn);
  const parts: DumpedTurn[] = [];
  for (let at = newest ? all : 0; newest ? at > 0 : at < all;) {
    const next = newest ? startWithin(turn, at, BYTES) : endWithin(turn, at, BYTES);
    parts.push(newest ? partOf(turn, next, at) : partOf(turn, at, next));
    at = next;
  }
  return newest ? parts.toReversed() : parts;
}

it.each([false, true])('cut into parts (from the end: %s), says it all again and what is left out', (newest) => {
  fc.assert(
    fc.property(turns, (turn) => {
      const parts = partsOf(turn, newest);
      expect(parts.map(textOf).join('')).toBe(textOf(turn));
      let before = 0;
      const bytes = Buffer.byteLength(textOf(turn));
      for (const one of parts) {
        expect(one.omittedBefore).toBe(before);
        before += Buffer.byteLength(textOf(one));
        expect(one.omittedAfter).toBe(bytes - before);
        expect(sizeOf(one)).toBeLessThanOrEqual(BYTES);
        // No half of a character.
        expect(Buffer.from(textOf(one)).toString()).toBe(textOf(one));
      }
    }),
    { numRuns: 300 },
  );
});

it('a cursor comes back as it was, and what is none is refused', () => {
  const spot = { core: 'A'.repeat(43), block: 3, entry: 2, unit: 9 };
  const session = '0b6f2f5e-6f0f-4a52-9f0e-1f4f3f3f8f11';
  const cursor = { uid: 7, session, from: 1, to: null, newest: true, ...spot };
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  const max = Number.MAX_SAFE_INTEGER;
  const longest = { ...cursor, uid: max, from: max, to: max, core: spot.core, block: max, entry: max, unit: max };
  expect(encodeCursor(longest).length).toBeLessThanOrEqual(512);
  for (const odd of ['', 'x', '****', Buffer.from('{}').toString('base64url'), `${encodeCursor(cursor)}=`]) {
    expect(() => decodeCursor(odd)).toThrow();
  }
});
