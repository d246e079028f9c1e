import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVerbArgs } from '../../src/cli/args.ts';
import { nearest } from '../../src/platform/nearest.ts';
import { UsageError } from '../../src/cli/output/error.ts';
import { table } from '../../src/cli/output/table.ts';
import { bold, textOf } from '../../src/cli/output/piece.ts';
import { ago, span, until, when } from '../../src/cli/output/time.ts';
import { inRange, lineRange } from '../../src/cli/range.ts';
import { verbs } from '../../src/cli/verb-table.ts';

const show = verbs.find(({ name }) => name === 'show');
const unshare = verbs.find(({ name }) => name === 'unshare');
if (!show || !unshare) throw new Error('the table has lost a verb');

describe('arguments', () => {
  it('are words, flags, values and lists', () => {
    const args = parseVerbArgs(show, ['marie', '-f', '--lines', '-40', '1f0c', '--raw']);
    expect(args.words).toEqual(['marie', '1f0c']);
    expect([args.flag('follow'), args.flag('raw'), args.flag('full')]).toEqual([true, true, false]);
    expect(args.value('lines')).toBe('-40');
    expect(parseVerbArgs(show, ['marie', '--lines', '-1', '--lines=3-']).value('lines')).toBe('3-');
  });

  it('end a list at the next option and at --', () => {
    expect(parseVerbArgs(unshare, ['--from', 'a', 'b', '--all', '1f']).list('from')).toEqual(['a', 'b']);
    expect(parseVerbArgs(unshare, ['--from', 'a', 'b', '--all', '1f']).words).toEqual(['1f']);
    expect(parseVerbArgs(unshare, ['--from', 'a', '--', '1f']).words).toEqual(['1f']);
  });

  it('are taken or refused, never anything else', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('--from', '--lines', '-f', '--', '--all', '-', '-1', '--no-raw', '--__proto__', '--lines='),
    );
    fc.assert(
      fc.property(fc.constantFrom(...verbs), fc.array(word, { maxLength: 6 }), (spec, argv) => {
        try {
          const args = parseVerbArgs(spec, argv);
          for (const { name } of spec.options) args.list(name);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});

describe('nearest', () => {
  it('suggests what is close and nothing else', () => {
    const names = verbs.map(({ name }) => name);
    expect(nearest('SHRAE', names)).toBe('share');
    expect(nearest('sahred', names)).toBe('shared');
    expect(nearest('blokc', names)).toBe('block');
    expect(nearest('xyzzy', names)).toBeNull();
    expect(nearest('', names)).toBeNull();
    expect(nearest('x'.repeat(100_000), names)).toBeNull();
  });
});

describe('--lines', () => {
  it.each([
    ['3-9', 3, 9],
    ['3-', 3, null],
    ['-9', null, 9],
    ['7', 7, 7],
    [' 7 ', 7, 7],
  ])('%s', (typed, from, to) => {
    expect(lineRange(typed)).toEqual({ from, to });
  });

  it.each(['', '-', 'a', '0', '0-3', '9-3', '1-2-3', '1.5', '9999999999', '--3'])('refuses %j', (typed) => {
    expect(() => lineRange(typed)).toThrow(UsageError);
  });

  it('holds its ends', () => {
    expect([2, 3, 9, 10].map((line) => inRange({ from: 3, to: 9 }, line))).toEqual([false, true, true, false]);
    expect(inRange(lineRange(null), 1)).toBe(true);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it('are as long as they need to be', () => {
    expect(when('2026-11-22T12:00:00Z', now)).toMatch(/^\d\d:\d\d$/);
    expect(when('2026-11-10T12:00:00Z', now)).toMatch(/^2026-11-10 \d\d:\d\d$/);
    expect([30_000, 60_000, 7_199_000, 7_200_000, 172_800_000].map((ms) => span(ms))).toEqual([
      'less than a minute',
      '1 min',
      '119 min',
      '2 h',
      '2 days',
    ]);
    expect(ago('2026-11-22T13:00:00Z', now)).toBe('just now');
    expect(until('2026-11-22T11:00:00Z', now)).toMatch(/\(over\)$/);
  });

  it('that are none are a question mark', () => {
    for (const wrong of ['', 'yesterday', '\u001b[2J']) {
      expect([when(wrong, now), ago(wrong, now), until(wrong, now)]).toEqual(['?', '?', '?']);
    }
  });
});

describe('table', () => {
  it('aligns by what a terminal shows', () => {
    const lines = table([
      ['a', bold('漢字'), 'x'],
      ['\u001b', 'b', 'y'],
    ]).map((line) => line.map((piece) => textOf(piece)).join(''));
    expect(lines).toEqual(['a  漢字  x', '␛  b     y']);
  });
});
