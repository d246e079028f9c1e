/** A diff that is to be trusted: applied to the one text it gives the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/claude-code/diff.ts';

/** What `patch` makes of it. */
function patched(before: string, diff: readonly string[]): string {
  const lines = before.split('\n').slice(0, -1);
  const result: string[] = [];
  let at = 0;
  for (const line of diff) {
    const head = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line);
    if (head) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (at < start) result.push(lines[at++] ?? '?');
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(lines[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...lines.slice(at)].map((line) => `${line}\n`).join('');
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('a unified diff', () => {
  it('leads from any text to any other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}', ''), { maxLength: 40 }).map(textOf);
    fc.assert(
      fc.property(text, text, (a, b) => patched(a, unifiedDiff(a, b)) === b),
      { numRuns: 1000 },
    );
  });

  it('has two hunks for two places, counts its lines, and is nothing for the same text', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const changed = [...lines.slice(0, 5), 'new', ...lines.slice(5, 30), ...lines.slice(31)];
    const diff = unifiedDiff(textOf(lines), textOf(changed));
    expect(diff.filter((line) => line.startsWith('@@'))).toEqual(['@@ -3,6 +3,7 @@', '@@ -28,7 +29,6 @@']);
    expect(diff.filter((line) => /^[+-]/.test(line))).toEqual(['+new', '-line 30']);
    expect(unifiedDiff('a\n', 'a\n')).toEqual([]);
    expect(unifiedDiff('', 'a\n')).toEqual(['@@ -0,0 +1,1 @@', '+a']);
    expect(unifiedDiff('a\n', '')).toEqual(['@@ -1,1 +0,0 @@', '-a']);
  });

  it('shows the beginning of a line of megabytes, and comes to an end for texts that share nothing', () => {
    const [, line = ''] = unifiedDiff('', 'x'.repeat(5_000_000));
    expect(line.length).toBeLessThan(300);
    const different = (mark: string): string => textOf(Array.from({ length: 5000 }, (_, i) => `${mark}${i}`));
    expect(unifiedDiff(different('a'), different('b'))).toHaveLength(10_001);
  });
});
