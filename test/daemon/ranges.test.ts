/** Lines that were read, as a few ranges: nothing that was read is left out of them. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined, Runs } from '../../src/daemon/receipts/ranges.ts';
import type { LineRange } from '../../src/protocol/local-api.ts';

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 5 }))
  .map(([from, more]): LineRange => ({ from, to: from + more }));
const linesOf = (ranges: readonly LineRange[]): Set<number> =>
  new Set(ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i)));

it('are in order, apart from each other, and exactly what was read while there is room', () => {
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (a, b) => {
      const ranges = joined(a, b, 1000);
      expect([...linesOf(ranges)].toSorted((x, y) => x - y)).toEqual(
        [...linesOf([...a, ...b])].toSorted((x, y) => x - y),
      );
      for (const [i, { from }] of ranges.slice(1).entries()) expect(from).toBeGreaterThan((ranges[i]?.to ?? 0) + 1);
    }),
  );
});

it('are no more than so many, the nearest as one, and nothing that was read is missing', () => {
  fc.assert(
    fc.property(fc.array(range), fc.array(range), fc.integer({ min: 1, max: 4 }), (a, b, most) => {
      const ranges = joined(a, b, most);
      expect(ranges.length).toBeLessThanOrEqual(most);
      const told = linesOf(ranges);
      for (const line of linesOf([...a, ...b])) expect(told.has(line)).toBe(true);
    }),
  );
  const far = [1, 2, 40, 90, 92].map((line) => ({ from: line, to: line }));
  expect(joined(far, [], 3)).toEqual([
    { from: 1, to: 2 },
    { from: 40, to: 40 },
    { from: 90, to: 92 },
  ]);
});

it('of turns one after another are one, whatever lines between them are left out', () => {
  const runs = new Runs();
  const read = [1, 4, 9].map((line) => runs.add({ source: 'main', line }));
  expect(runs.add({ source: 'a1', line: 3 })).toEqual({ from: 3, to: 3 });
  expect(read.at(-1)).toEqual({ from: 1, to: 9 });
  runs.break();
  expect(runs.add({ source: 'main', line: 40 })).toEqual({ from: 40, to: 40 });
});
