import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseFrom, leftMs } from '../../src/inbox/lease.ts';
import { LEASE_MS } from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An owner whose clock is `skewMs` ahead of ours grants an hour now. */
function leased(skewMs = 0, delayMs = 0) {
  const clock = new ManualClock();
  const iat = Math.floor((clock.now() + skewMs) / 1000);
  clock.pass(delayMs);
  const lease = leaseFrom(clock, { iat, exp: iat + LEASE_MS / 1000 }, skewMs);
  return { clock, lease, left: () => leftMs(lease, clock) };
}

describe('a lease', () => {
  it('runs out an hour after it was given, to the second', () => {
    const { clock, left } = leased();
    expect(left()).toBe(HOUR);
    clock.pass(HOUR - 1);
    expect(left()).toBe(1);
    clock.pass(1);
    expect(left()).toBe(0);
    clock.pass(1);
    expect(left()).toBeLessThan(0);
  });

  it.each([0, 9 * MINUTE, -9 * MINUTE])('with the owner %i ms ahead is as long', (skew) => {
    const { left } = leased(skew);
    expect(Math.abs(left() - HOUR)).toBeLessThan(1000);
  });

  it('that was under way for long is not longer for it', () => {
    expect(leased(0, 50 * MINUTE).left()).toBe(10 * MINUTE);
    expect(leased(0, 2 * HOUR).left()).toBeLessThanOrEqual(0);
  });

  it.each([-HOUR, -24 * HOUR, -365 * 24 * HOUR])('is not lengthened by a clock set back by %i ms', (back) => {
    const { clock, left } = leased();
    clock.setWall(clock.now() + back);
    expect(left()).toBe(HOUR);
    clock.pass(HOUR);
    expect(left()).toBeLessThanOrEqual(0);
  });

  it('ends at once when the clock is set forward past it', () => {
    const { clock, left } = leased();
    clock.setWall(clock.now() + HOUR);
    expect(left()).toBeLessThanOrEqual(0);
  });

  it('is never longer than it was given for, whatever is done to the clock', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ pass: fc.integer({ min: 0, max: 30 * MINUTE }) }),
        fc.record({ set: fc.integer({ min: -48 * HOUR, max: 48 * HOUR }) }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }), (all, skew) => {
        const { clock, left } = leased(skew);
        let passed = 0;
        let before = left();
        for (const step of all) {
          if ('pass' in step) {
            clock.pass(step.pass);
            passed += step.pass;
            expect(left()).toBeLessThanOrEqual(before);
          } else clock.setWall(clock.now() + step.set);
          expect(left()).toBeLessThanOrEqual(HOUR - passed);
          before = left();
        }
      }),
    );
  });
});
