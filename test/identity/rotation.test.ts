/** Who is asked about when, with a clock that is told. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/identity/index.ts';
import { Rotation } from '../../src/identity/rotation.ts';
import { GITHUB_KNOWN_MS, GITHUB_ROTATION_MS } from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MINUTE = 60_000;
const me: Account = { uid: 1, login: 'me' };
const known: Account = { uid: 2, login: 'known' };
const fresh: Account = { uid: 3, login: 'fresh' };

/** When each was asked about within `ms`, milliseconds since the start. @param unclear GitHub gives no answer about them */
async function asked(
  ms: number,
  act: (rotation: Rotation, atMs: number) => void = () => {},
  unclear: readonly Account[] = [],
): Promise<number[][]> {
  const clock = new ManualClock();
  const times = new Map<number, number[]>([me, known, fresh].map(({ uid }) => [uid, []]));
  const checked = new Map<number, number>();
  const rotation = new Rotation({
    ...{ me, clock },
    members: async () => [me, known, fresh],
    warn: (_what, error) => {
      throw error;
    },
    checkedAt: (uid) => checked.get(uid) ?? 0,
    isPinned: (uid) => uid !== fresh.uid,
    refresh: async ({ uid }) => {
      times.get(uid)?.push(clock.elapsed());
      if (!unclear.some((account) => account.uid === uid)) checked.set(uid, clock.now());
    },
    onMembers: async () => {},
  });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  rotation.start();
  await settled();
  for (let passed = 0; passed < ms; passed += GITHUB_ROTATION_MS) {
    act(rotation, passed);
    clock.pass(GITHUB_ROTATION_MS);
    await settled();
  }
  rotation.stop();
  return [me, known, fresh].map(({ uid }) => times.get(uid) ?? []);
}

it('asks seldom about whom it knows, oneself too, and often about who may have set up a device meanwhile', async () => {
  const times = await asked(20 * MINUTE);
  const gaps = times.map((all) => all.slice(1).map((at, i) => at - (all[i] ?? 0)));
  const [mine, knowns, freshs] = gaps as [number[], number[], number[]];
  for (const gap of [...mine, ...knowns]) {
    expect(gap).toBeGreaterThanOrEqual(GITHUB_KNOWN_MS);
    expect(gap).toBeLessThanOrEqual(GITHUB_KNOWN_MS + 2 * GITHUB_ROTATION_MS);
  }
  for (const gap of freshs) expect(gap).toBeLessThanOrEqual(10_000 + 2 * GITHUB_ROTATION_MS);
  for (const all of times.slice(0, 2)) expect(all.length).toBeLessThanOrEqual(5);
  expect(times[2]?.length).toBeGreaterThan(90);
});

it('asks about somebody known at the next turn when there is a reason', async () => {
  const [, times] = await asked(2 * MINUTE, (rotation, atMs) => {
    if (atMs === MINUTE) rotation.soon(known);
  });
  expect(times?.slice(0, 2)).toEqual([0, MINUTE + GITHUB_ROTATION_MS]);
});

it('asks about the others as often while there is always a reason to ask about whom GitHub never speaks of', async () => {
  const [mine, knowns, freshs] = await asked(20 * MINUTE, (rotation) => rotation.soon(known), [known]);
  expect(mine?.length).toBeGreaterThanOrEqual(4);
  expect(freshs?.length).toBeGreaterThan(80);
  expect(knowns?.length).toBeGreaterThan(200);
});
