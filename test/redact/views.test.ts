import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewsOf } from '../../src/redact/views.ts';

/** Encodes a text character by character, so that the place of each is known. */
const encoders: Readonly<Record<string, (character: string) => string>> = {
  'a JSON string': (c) => JSON.stringify(c).slice(1, -1),
  'a JSON string in a JSON string': (c) => JSON.stringify(JSON.stringify(c).slice(1, -1)).slice(1, -1),
  'unicode escapes': (c) => (/\w/.test(c) ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'percent encoding': (c) => (/\w/.test(c) ? c : `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
};

describe('a view', () => {
  it.each(Object.entries(encoders))('leads from %s back to the encoded form', (_name, encode) => {
    const characters = fc.array(fc.constantFrom('a', 'B', '7', '"', '\n', '\t', '/', "'", ' '), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(characters, fc.nat(), fc.nat(), (text, a, b) => {
        const encoded = text.map(encode);
        const view = viewsOf(encoded.join('')).find((v) => v.text === text.join(''));
        if (!view) return expect(encoded.join('')).toBe('no view of it');
        const start = Math.min(a % text.length, b % text.length);
        const end = Math.max(a % text.length, b % text.length) + 1;
        const before = encoded.slice(0, start).join('').length;
        const inside = encoded.slice(start, end).join('').length;
        expect(view.toSource(start, end)).toEqual([before, before + inside]);
      }),
    );
  });

  it('takes colours off and leaves those that follow a secret', () => {
    const views = viewsOf('\u001b[1mgh\u001b[0mp\u001b[m!');
    expect(views.map((v) => v.text)).toEqual(['\u001b[1mgh\u001b[0mp\u001b[m!', 'ghp!']);
    expect(views[1]?.toSource(0, 3)).toEqual([4, 11]);
  });

  it('of plain text is the text alone', () => {
    expect(viewsOf('plain text, 100 %').map((v) => v.text)).toEqual(['plain text, 100 %']);
  });
});
