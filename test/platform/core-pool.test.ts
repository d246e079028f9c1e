import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import HyperDHT from 'hyperdht';
import { expect, it, onTestFinished } from 'vitest';
import { CorePool } from '../../src/platform/core-pool.ts';
import { CoreSlot, type CoreSlotOptions } from '../../src/platform/core-slot.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

interface Cores {
  pool: CorePool;
  folder: string;
  slots: CoreSlot[];
}

/** Slots of cores that can be written, in folders of their own. */
function cores(max: number, count: number, options: Partial<CoreSlotOptions> = {}): Cores {
  const pool = new CorePool(max);
  const folder = tempDir();
  const slots = Array.from({ length: count }, (_, i) => {
    const which = { keyPair: HyperDHT.keyPair(randomBytes(32)) };
    return new CoreSlot({ pool, folder: `${folder}/${i}`, which, blockKey: randomBytes(32), ...options });
  });
  onTestFinished(async () => {
    await Promise.all(slots.map((slot) => slot.close()));
    expect(pool.open).toBe(0);
  });
  return { pool, folder, slots };
}

async function append(slot: CoreSlot | undefined, text: string): Promise<void> {
  await slot?.use((core) => core.append(Buffer.from(text)));
}
const openOnes = (slots: CoreSlot[]): number[] => slots.flatMap((slot, i) => (slot.core ? [i] : []));

/** Resolves when `go` is called. */
function gate(): { passed: Promise<void>; go: () => void } {
  let go = (): void => {};
  const passed = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { passed, go };
}

it('never has more open than it may, and each is written and read as if it were open all the time', async () => {
  const { pool, slots } = cores(3, 10);
  for (let round = 0; round < 3; round++)
    await Promise.all(slots.map((slot, i) => append(slot, `round ${round} of ${i}`)));
  for (const [i, slot] of slots.entries()) {
    const blocks = await slot.use((core) => Promise.all([0, 1, 2].map((n) => core.get(n))));
    expect(blocks.map(String)).toEqual([0, 1, 2].map((round) => `round ${round} of ${i}`));
  }
  expect([pool.mostOpen, pool.open]).toEqual([3, 3]);
});

it('closes the one that was used longest ago', async () => {
  const { slots } = cores(3, 4);
  for (const i of [0, 1, 2, 0]) await append(slots[i], 'x');
  // Nothing is closed right after it was used; all of them may be by now.
  await until(() => slots.slice(0, 3).every((slot) => slot.idle));
  await append(slots[3], 'x');
  expect(openOnes(slots)).toEqual([0, 2, 3]);
});

it('never closes one that is in use: whoever wants its place waits, and a reader is served first', async () => {
  const { pool, slots } = cores(1, 3);
  const { passed, go } = gate();
  const order: number[] = [];
  const first = slots[0]?.use(() => passed);
  await until(() => slots[0]?.core, { what: 'the first to be open' });
  const background = slots[1]?.use(() => void order.push(1));
  const reader = slots[2]?.use(() => void order.push(2), true);
  // Longer than anything that is looked at again.
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  expect([order, openOnes(slots)]).toEqual([[], [0]]);
  go();
  await Promise.all([first, background, reader]);
  expect([order, pool.mostOpen]).toEqual([[2, 1], 1]);
});

it('leaves open what something is under way with, but not for ever when nothing comes of it', async () => {
  const { slots } = cores(1, 2, { busy: () => true });
  await append(slots[0], 'x');
  const began = performance.now();
  await append(slots[1], 'x');
  expect(openOnes(slots)).toEqual([1]);
  expect(performance.now() - began).toBeGreaterThan(1500);
});

it('ended while it waits, while it is opened, or while it is in use is gone, and nobody gets it', async () => {
  const { pool, folder, slots } = cores(2, 3);
  const { passed, go } = gate();
  const [used, opened, waiting] = slots as [CoreSlot, CoreSlot, CoreSlot];
  const use = used.use(() => passed);
  await until(() => used.core !== null);
  const got: string[] = [];
  const tasks = [opened, waiting].map((slot) => slot.use(() => void got.push('core')).catch(() => 'refused'));
  const wiped = Promise.all([opened.wipe(), waiting.wipe(), used.wipe()]);
  expect([used.core, opened.core, waiting.core]).toEqual([null, null, null]);
  go();
  await wiped;
  expect([await Promise.all(tasks), got]).toEqual([['refused', 'refused'], []]);
  await use;
  expect([fs.readdirSync(folder), pool.open]).toEqual([[], 0]);
  await expect(used.use(() => 1)).rejects.toThrow('closed');
});

it('that cannot be opened takes no place and says so', async () => {
  const failures: unknown[] = [];
  const { pool, folder, slots } = cores(1, 2, { onFailed: (error) => failures.push(error) });
  fs.writeFileSync(`${folder}/0`, 'not a folder');
  await expect(append(slots[0], 'x')).rejects.toThrow();
  expect([failures.length, pool.open]).toEqual([1, 0]);
  await append(slots[1], 'x');
});
