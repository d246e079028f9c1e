import { describe, expect, it } from 'vitest';
import { Wake } from '../../src/swarm/wake.ts';
import { ManualClock } from '../support/manual-clock.ts';

const TICK_MS = 5000;

describe('noticing sleep', () => {
  it('a tick that comes in time or a little late is no wake', () => {
    const clock = new ManualClock();
    const wake = new Wake(clock, TICK_MS);
    for (const ms of [TICK_MS, TICK_MS + 900, 20, TICK_MS + 9000]) {
      clock.pass(ms);
      expect(wake.slept()).toBe(false);
    }
  });

  it('time that passed without a tick is one wake, however long it was', () => {
    const clock = new ManualClock();
    const wake = new Wake(clock, TICK_MS);
    for (const ms of [16_000, 60_000, 8 * 3_600_000]) {
      clock.pass(ms);
      expect(wake.slept()).toBe(true);
      clock.pass(TICK_MS);
      expect(wake.slept()).toBe(false);
    }
  });

  it('a wall clock that is set is no wake', () => {
    const clock = new ManualClock();
    const wake = new Wake(clock, TICK_MS);
    clock.setWall(Date.UTC(2040, 0, 1));
    clock.pass(TICK_MS);
    expect(wake.slept()).toBe(false);
  });
});
