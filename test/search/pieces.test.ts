import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesOf, split } from '../../src/search/pieces.ts';
import { PIECE_CHARS } from '../../src/search/settings.ts';
import { anyText, printed, said } from './samples.ts';

it('splits any text into bounded pieces that are the text again', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const pieces = split(text);
      expect(pieces.length === 0).toBe(text.trim() === '');
      if (pieces.length === 0) return;
      expect(pieces.join('')).toBe(text);
      expect(pieces.filter((piece) => piece === '' || piece.length > PIECE_CHARS)).toEqual([]);
    }),
  );
});

it('splits no character', () => {
  for (const piece of split(`a${'\u{1f600}'.repeat(3000)}`)) expect(() => encodeURIComponent(piece)).not.toThrow();
});

it('splits at the ends of lines where there are any', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i} ${'x'.repeat(40)}\n`);
  const pieces = split(lines.join(''));
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
});

it('takes each content block for itself, and of what a tool was asked its name and values', () => {
  const input = { command: 'npm test', env: { CI: true, list: ['a', 'b'] }, nothing: null };
  const turn = said(1, '', {
    kind: 'tool_use',
    content: [
      { type: 'text', text: 'first' },
      { type: 'tool_use', id: 't', name: 'Bash', input },
      { type: 'image', media: 'image/png' },
    ],
  });
  expect(piecesOf(turn)).toEqual([
    { text: 'first', part: 0, piece: 0, pieces: 1, tool: '' },
    { text: 'Bash\ncommand: npm test\nCI: true\nlist: a\nlist: b', part: 1, piece: 0, pieces: 1, tool: 'Bash' },
  ]);
  expect(piecesOf(printed(2, 'x'.repeat(PIECE_CHARS * 2 + 1))).map(({ piece, pieces }) => [piece, pieces])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(piecesOf(said(3, 'the title', { kind: 'title' }))).toEqual([]);
});
