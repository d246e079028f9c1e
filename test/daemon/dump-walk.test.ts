/** Pages over generations as an owner whose disk was set back leaves them: lines that come twice are given once. */
import { expect, it } from 'vitest';
import { Filling } from '../../src/daemon/dump/filling.ts';
import { type Walk, walk } from '../../src/daemon/dump/walk.ts';
import type { Rooms } from '../../src/daemon/rooms.ts';
import type { HeldGeneration } from '../../src/inbox/index.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { turn } from '../protocol/samples.ts';
import { ManualClock } from '../support/manual-clock.ts';

const clock = new ManualClock();
const unindexed = { isWhole: () => false, of: () => null };
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a walk looks at
const rooms = { indexes: unindexed, surroundings: { clock } } as unknown as Rooms;

/** One block for each list of turns, behind the header. */
function generation(core: string, blocks: Turn[][]): HeldGeneration {
  const turns = blocks.flat().length;
  const replica = {
    grant: { core },
    length: blocks.length + 1,
    live: true,
    announced: { turns, blocks: blocks.length + 1, final: true },
    fetched: { turns, blocks: blocks.length },
    taken: { lacks: () => false, overQuota: false },
    read: async (block: number) => blocks[block - 1] ?? null,
  };
  const lease = { untilElapsed: 1e12, untilWall: clock.now() + 1e12, skewMs: 0 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return { replica, lease, gid: core, seq: 1 } as unknown as HeldGeneration;
}

const of = (...lines: number[]): Turn[] => lines.map((line) => turn(line));

it.each([
  [
    false,
    [
      ['main 3', 'main 4'],
      ['main 5', 'main 6', 'a1 2', 'main 7', 'main 8'],
    ],
  ],
  [
    true,
    [
      ['a1 2', 'main 7'],
      ['main 1', 'main 2', 'main 3', 'main 4', 'main 5', 'main 6'],
    ],
  ],
] as const)('a slice, and what comes behind it (newest first: %s)', async (newest, expected) => {
  const sub = { ...turn(2), source: 'a1' };
  const generations = [
    generation('one', [of(1, 2), of(3, 4)]),
    generation('two', [of(3, 4, 5), [...of(6), sub], of(7, 8)]),
  ];
  const route = { generations, from: null, to: null, newest };
  const slice = { skip: newest ? 1 : 2, turns: 2 };
  const [first, rest] = [new Filling(newest, 1e6, slice), new Filling(newest, 1e6)];
  const at = await walk(rooms, { ...route, at: null }, first);
  expect(at).not.toBe(null);
  expect(await walk(rooms, { ...route, at }, rest)).toBe(null);
  const named = [first, rest].map(({ page }) => page.turns.map(({ source, line }) => `${source} ${line}`));
  expect(named).toEqual(expected);
  // As given: a page that is asked for again is the same.
  expect(slice).toEqual({ skip: newest ? 1 : 2, turns: 2 });
});

it.each([false, true])('each line once, from one place to the next (newest first: %s)', async (newest) => {
  const sub = { ...turn(2), source: 'a1' };
  const generations = [
    generation('one', [of(1, 2), of(3, 4)]),
    generation('two', [of(3, 4, 5), [...of(6), sub]]),
    generation('three', [of(6, 7), [sub, ...of(8)]]),
  ];
  const route: Omit<Walk, 'at'> = { generations, from: null, to: null, newest };
  const pages: Turn[][] = [];
  let at: Walk['at'] = null;
  do {
    const page = new Filling(newest, 400);
    at = await walk(rooms, { ...route, at }, page);
    pages.push(page.page.turns);
    expect(page.page.missing).toEqual([]);
  } while (at !== null && pages.length < 50);
  const all = (newest ? pages.toReversed() : pages).flat().map(({ source, line }) => `${source} ${line}`);
  expect(all).toEqual(['main 1', 'main 2', 'main 3', 'main 4', 'main 5', 'main 6', 'a1 2', 'main 7', 'main 8']);
  expect(pages.length).toBeGreaterThan(3);
});
