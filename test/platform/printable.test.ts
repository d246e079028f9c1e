import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, printable } from '../../src/platform/printable.ts';

const ESC = '\u001b';
const BEL = '\u0007';

/** Written from Unicode's categories, not from the code: no control, format, separator, surrogate, noncharacter. */
const ALLOWED =
  /^(?:[\n\t]|[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}])*$/u;

const payloads: Readonly<Record<string, string>> = {
  'OSC 8 link': `${ESC}]8;;https://evil.example${ESC}\\here${ESC}]8;;${ESC}\\`,
  'OSC 52 clipboard': `${ESC}]52;c;cm0gLXJmIH4=${BEL}`,
  'window title': `${ESC}]0;owned${BEL}`,
  'cursor moves': `safe${ESC}[2K${ESC}[1A${ESC}[1Gfake`,
  'C1 CSI': 'a\u009b31mb\u009d0;t\u009c',
  DECRQSS: `${ESC}P$q"p${ESC}\\`,
  'DCS, APC, PM, SOS': `${ESC}Pq${ESC}\\${ESC}_x${ESC}\\${ESC}^y${ESC}\\${ESC}Xz${ESC}\\`,
  'answers of the terminal': `${ESC}[6n${ESC}[c${ESC}[21t`,
  'trojan source': 'if (admin\u202e \u2066// check\u2069 \u2066) {',
  'zero width': 'pay\u200bpal\u200c.\u200dexample\u2060\ufeff',
  marks: 'a\u200eb\u200fc\u061cd',
  tags: `x\u{e0041}\u{e0042}\u{e007f}`,
  'variation selectors': 'x\u{e0100}\u{e01ef}',
  separators: 'a\u2028b\u2029c',
  'overwriting the line': 'rm -rf ~\rls      ',
  'lone surrogates': 'a\ud800b\udc00c',
  noncharacters: 'a\uffff\ufdd0\u{1fffe}b',
  'backspaces and nul': 'a\b\b\u0000\u007fb',
};

describe('printable', () => {
  it.each(Object.entries(payloads))('makes inert: %s', (_name, payload) => {
    for (const multiline of [true, false]) {
      const out = printable(payload, { multiline });
      expect(out).toMatch(ALLOWED);
      expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
    expect(printable(payload)).not.toContain('\n');
  });

  it('shows where something was', () => {
    expect(printable(`${ESC}[31mred`)).toBe('␛[31mred');
    expect(printable('a\u202eb\u009bc\u{e0041}')).toBe('a\\u{202e}b\\u{9b}c\\u{e0041}');
    expect(printable('a\ud800b\u007f')).toBe('a\ufffdb␡');
  });

  it('keeps line breaks and tabs when they may stand, and makes spaces of them otherwise', () => {
    expect(printable('a\tb\r\nc\rd\n', { multiline: true })).toBe('a\tb\nc␍d\n');
    expect(printable('a\tb\r\nc\rd\n')).toBe('a b c␍d ');
  });

  it('leaves languages and emoji alone', () => {
    const text = 'Grüße, Привет, 你好, नमस्ते, مرحبا, ❤️ 👍🏽 café\u0301';
    expect(printable(text)).toBe(text);
  });

  it('lets nothing else out, whatever comes in', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((b) => new TextDecoder().decode(b));
    const latin = fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b).toString('latin1'));
    const units = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
      .map((u) => String.fromCharCode(...u));
    const points = fc
      .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 100 })
      .map((p) => String.fromCodePoint(...p));
    fc.assert(
      fc.property(fc.oneof(bytes, latin, units, points), fc.boolean(), (text, multiline) => {
        const out = printable(text, { multiline });
        expect(out).toMatch(ALLOWED);
        expect(printable(out, { multiline })).toBe(out);
        if (!multiline) expect(out).not.toMatch(/[\n\t]/);
      }),
      { numRuns: 5000 },
    );
  });

  it('treats every code point by itself as the allow-list says', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!ALLOWED.test(printable(character, { multiline: true }))) expect.fail(`U+${code.toString(16)}`);
    }
  });
});

describe('clip', () => {
  it('counts code points and marks the cut', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('👍👍👍', 3)).toBe('👍👍👍');
    expect(clip('👍👍👍', 2)).toBe('👍…');
    expect(clip('abc', 1)).toBe('…');
    expect(clip('abc', 0)).toBe('');
    expect(clip('', 5)).toBe('');
  });

  it('never gives more than asked for, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat({ max: 70 }), (text, columns) => {
        const out = Array.from(clip(text, columns));
        const all = Array.from(text);
        expect(out).toEqual(all.length <= columns ? all : columns === 0 ? [] : [...all.slice(0, columns - 1), '…']);
      }),
    );
  });
});
