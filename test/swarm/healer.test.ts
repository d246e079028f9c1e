import { describe, expect, it } from 'vitest';
import { Healer, healDelayMs } from '../../src/swarm/healer.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** After half a second, 6 times every 10 s, 10 times every minute, then every 10 min. */
const SCHEDULE = [
  0.5 * SECOND,
  ...Array.from({ length: 6 }, () => 10 * SECOND),
  ...Array.from({ length: 10 }, () => MINUTE),
  10 * MINUTE,
  10 * MINUTE,
];

function healer(): {
  clock: ManualClock;
  healer: Healer;
  looks: string[][];
  missing: Set<string>;
  next: () => Promise<number | null>;
} {
  const clock = new ManualClock();
  const missing = new Set(['a', 'b']);
  const looks: string[][] = [];
  const one = new Healer(
    clock,
    () => missing,
    async (signs) => {
      looks.push([...signs]);
      if (looks.length % 2 === 0) throw new Error('the network is away');
    },
  );
  return {
    clock,
    healer: one,
    looks,
    missing,
    /** Lets the next timer come, which is armed once the look before it is over. */
    async next() {
      await until(() => clock.nextIn !== null, { what: 'the next look' });
      const wait = clock.nextIn;
      clock.pass(wait ?? 0);
      return wait;
    },
  };
}

describe('healing', () => {
  it('looks for who is missing ever more rarely, also when a look fails', async () => {
    const { healer: one, next, looks } = healer();
    one.restart();
    const waits: (number | null)[] = [];
    for (let i = 0; i < SCHEDULE.length; i++) waits.push(await next());
    expect(waits).toEqual(SCHEDULE);
    expect(looks).toHaveLength(SCHEDULE.length);
    expect(looks[0]).toEqual(['a', 'b']);
    expect(SCHEDULE.map((_, i) => healDelayMs(i))).toEqual(SCHEDULE);
  });

  it('begins from the start after a wake or a network change, with one timer', async () => {
    const { healer: one, next } = healer();
    one.restart();
    for (let i = 0; i < 9; i++) await next();
    one.restart();
    one.restart();
    expect(await next()).toBe(0.5 * SECOND);
    expect(await next()).toBe(10 * SECOND);
  });

  it('rests when nobody is missing, until it is asked again', async () => {
    const { healer: one, next, looks, missing, clock } = healer();
    missing.clear();
    one.restart();
    await next();
    expect([looks.length, clock.nextIn]).toEqual([0, null]);
    missing.add('c');
    one.restart();
    await next();
    expect(looks).toEqual([['c']]);
  });

  it('does nothing after it was stopped', async () => {
    const { healer: one, clock, looks } = healer();
    one.restart();
    one.stop();
    one.restart();
    clock.pass(MINUTE);
    expect([looks, clock.nextIn]).toEqual([[], null]);
  });
});
