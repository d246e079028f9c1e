/** What devices tell of reading is bounded, whoever tells it. */
import { expect, it } from 'vitest';
import { ActivityLog, NO_ACTIVITY, type Served } from '../../src/daemon/receipts/activity.ts';
import { ACTIVITY_KEPT_MS, ACTIVITY_PER_PERSON_MAX, RECEIPTS_BURST } from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';

const SESSION = '0b6f2f5e-6f0f-4a52-9f0e-1f4f3f3f8f11';
const teller = (n: number): { uid: number; sign: string; skewMs: number } => ({
  ...{ uid: n, skewMs: 0 },
  sign: Buffer.alloc(32, n).toString('base64url'),
});
const served = (): Served => ({ project: 'proj', since: 0, lines: new Map([['main', 50]]) });

function log(): { activity: ActivityLog; clock: ManualClock; saves: () => number } {
  const clock = new ManualClock();
  let saves = 0;
  const file = { value: { ...NO_ACTIVITY, reads: [] }, save: () => void saves++ };
  const fail = (error: unknown): void => {
    throw error;
  };
  return { activity: new ActivityLog(file, clock, fail), clock, saves: () => saves };
}

const read = (clock: ManualClock, reader: string, line = 1) => ({
  ...{ session: SESSION, source: 'main', with: reader, at: clock.now() },
  ranges: [{ from: line, to: line }],
});

it('no more messages of one device than an honest one sends, and nobody else pays for it', () => {
  const { activity, clock, saves } = log();
  for (let i = 0; i < 4 * RECEIPTS_BURST; i++) activity.heard(teller(1), { reads: [read(clock, `w${i}`)] }, served);
  expect(activity.reads.length).toBe(RECEIPTS_BURST);
  activity.heard(teller(2), { reads: [read(clock, 'show')] }, served);
  expect(activity.reads[0]).toMatchObject({ uid: 2, with: 'show' });
  expect(saves()).toBe(0);
  activity.stop();
  expect(saves()).toBe(1);
});

it('so many entries of one person, the oldest going first, and none for ever', () => {
  const { activity, clock } = log();
  activity.heard(teller(2), { reads: [read(clock, 'show')] }, served);
  for (let i = 0; i < 30; i++) {
    const reads = Array.from({ length: 32 }, (_, n) => read(clock, `w${i}-${n}`));
    activity.heard(teller(1), { reads }, served);
  }
  expect(activity.reads.filter(({ uid }) => uid === 1).length).toBe(ACTIVITY_PER_PERSON_MAX);
  expect(activity.reads.filter(({ uid }) => uid === 2).length).toBe(1);
  expect(activity.reads[0]?.with).toBe('w29-31');
  clock.pass(ACTIVITY_KEPT_MS + 1);
  expect(activity.reads).toEqual([]);
});

it('what is read again with the same is one entry, as far as the lines go', () => {
  const { activity, clock } = log();
  for (const line of [3, 4, 60, 20]) activity.heard(teller(1), { reads: [read(clock, 'show', line)] }, served);
  expect(activity.reads).toMatchObject([
    {
      ranges: [
        { from: 3, to: 4 },
        { from: 20, to: 20 },
      ],
    },
  ]);
});
