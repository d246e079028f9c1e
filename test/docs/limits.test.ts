/** docs/LIMITS.md against src/protocol/limits.ts. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as limits from '../../src/protocol/limits.ts';
import { ROOT, rowsOf } from './markdown.ts';

const UNITS: Readonly<Record<string, number>> = {
  ...{ B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  ...{ s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 },
};
const TIME = new Set(['s', 'min', 'h', 'd']);

const rows = rowsOf('LIMITS.md', 'Name', 'Value', 'What happens at the bound');

/** `1.5 s` in milliseconds, `64 KiB` in bytes, `32` as it is. */
function valueOf(text: string): number {
  const [amount = '', unit] = text.split(' ');
  return Number(amount) * (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN));
}

describe('docs/LIMITS.md', () => {
  it('has every constant once, with its value', () => {
    const documented = rows.map(([name = '', value = '']) => [name, valueOf(value)]);
    expect(documented.toSorted()).toEqual(Object.entries(limits).toSorted());
  });

  it('gives each value the unit that its name says', () => {
    const wrong = rows.filter(([name = '', value = '']) => {
      const unit = value.split(' ')[1] ?? '';
      const wanted = name.endsWith('_MS') ? 'time' : name.endsWith('_BYTES') ? 'bytes' : 'none';
      return wanted !== (unit === '' ? 'none' : TIME.has(unit) ? 'time' : 'bytes');
    });
    expect(wrong).toEqual([]);
  });

  it('says what happens, of numbers that something looks at', () => {
    const used = new Set<string>();
    for (const file of fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('limits.ts')) continue;
      const source = fs.readFileSync(path.join(ROOT, 'src', file), 'utf8');
      for (const [name] of source.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)) used.add(name);
    }
    expect(rows.filter(([name = '', , effect = '']) => !used.has(name) || effect === '')).toEqual([]);
  });
});
