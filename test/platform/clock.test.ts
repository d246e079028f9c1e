import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { every, systemClock } from '../../src/platform/clock.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SteerableClock } from '../support/steerable-clock.ts';
import { until } from '../support/until.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the system clock', () => {
  it('tells the wall clock, and an elapsed time that counts sleep', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
    expect(Math.abs(systemClock.elapsed() - os.uptime() * 1000)).toBeLessThan(1000);
  });

  it('calls once, not before its time, and not when cancelled', async () => {
    const calls: string[] = [];
    const begun = performance.now();
    systemClock.after(120, () => calls.push('120'));
    systemClock.after(0, () => calls.push('0'));
    systemClock.after(-5, () => calls.push('past'));
    const cancelled = systemClock.after(20, () => calls.push('cancelled'));
    cancelled.cancel();
    cancelled.cancel();
    await until(() => calls.includes('120'));
    // os.uptime() counts in hundredths of a second on some systems.
    expect(performance.now() - begun).toBeGreaterThan(100);
    expect(calls).toEqual(['0', 'past', '120']);
  });

  it('can wait for longer than a timer can hold', async () => {
    let called = false;
    const timer = systemClock.after(2 ** 40, () => {
      called = true;
    });
    await settled();
    timer.cancel();
    expect(called).toBe(false);
  });
});

describe('every', () => {
  it('repeats at its distance until cancelled', async () => {
    const clock = new ManualClock();
    let calls = 0;
    const timer = every(
      clock,
      1000,
      () => void calls++,
      () => {},
    );
    for (let i = 1; i <= 3; i++) {
      clock.pass(999);
      await settled();
      expect(calls).toBe(i - 1);
      clock.pass(1);
      await settled();
      expect(calls).toBe(i);
    }
    timer.cancel();
    clock.pass(10_000);
    await settled();
    expect([calls, clock.nextIn]).toEqual([3, null]);
  });

  it('goes on after a throw and after a rejection, and tells both', async () => {
    const clock = new ManualClock();
    const errors: unknown[] = [];
    let calls = 0;
    every(
      clock,
      10,
      () => {
        calls++;
        if (calls === 1) throw new Error('thrown');
        return calls === 2 ? Promise.reject(new Error('rejected')) : undefined;
      },
      (error) => errors.push(error),
    );
    for (let i = 0; i < 3; i++) {
      clock.pass(10);
      await settled();
    }
    expect([calls, errors.map(String)]).toEqual([3, ['Error: thrown', 'Error: rejected']]);
  });

  it('never runs twice at once, and not again when it was cancelled while it ran', async () => {
    const clock = new ManualClock();
    let running = 0;
    let most = 0;
    let finish = (): void => {};
    const timer = every(
      clock,
      10,
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        running--;
      },
      () => {},
    );
    clock.pass(10);
    await settled();
    clock.pass(100);
    await settled();
    expect([running, most]).toEqual([1, 1]);
    timer.cancel();
    finish();
    await settled();
    clock.pass(100);
    await settled();
    expect([running, clock.nextIn]).toEqual([0, null]);
  });
});

describe('the clock that tests steer', () => {
  it('makes all that lies in a jump due, in order; setting the wall makes nothing due', () => {
    const clock = new SteerableClock(Date.UTC(2026, 10, 22));
    const calls: string[] = [];
    clock.after(2000, () => calls.push('2 s'));
    clock.after(1000, () => calls.push('1 s'));
    clock.after(3_600_000, () => calls.push('1 h'));
    clock.setWall(clock.now() + 86_400_000);
    expect(calls).toEqual([]);
    clock.pass(5000);
    expect(calls).toEqual(['1 s', '2 s']);
    clock.pass(3_600_000);
    expect(calls).toEqual(['1 s', '2 s', '1 h']);
  });
});
