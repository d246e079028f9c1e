import { describe, expect, it } from 'vitest';
import {
  HELLO_HINT_SEARCHES_PER_SECOND,
  HELLO_PENDING_INBOUND_MAX,
  HELLO_PENDING_PER_ADDRESS_MAX,
} from '../../src/protocol/limits.ts';
import { Gate } from '../../src/swarm/gate.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('strangers', () => {
  it('of one address are few at a time, and each that is over makes room for one', () => {
    const gate = new Gate(new ManualClock());
    const admitted = Array.from({ length: 9 }, () => gate.admit('10.0.0.1'));
    expect(admitted.filter((release) => release !== null)).toHaveLength(HELLO_PENDING_PER_ADDRESS_MAX);
    expect(gate.admit('10.0.0.2')).not.toBeNull();
    admitted[0]?.();
    // Twice over is over once.
    admitted[0]?.();
    expect([gate.admit('10.0.0.1') !== null, gate.admit('10.0.0.1')]).toEqual([true, null]);
  });

  it('of many addresses are bounded, too', () => {
    const gate = new Gate(new ManualClock());
    const all = Array.from({ length: 100 }, (_, i) => gate.admit(`10.0.${i}.1`));
    expect(all.filter((release) => release !== null)).toHaveLength(HELLO_PENDING_INBOUND_MAX);
    for (const release of all) release?.();
    const again = Array.from({ length: 100 }, (_, i) => gate.admit(`10.1.${i}.1`));
    expect(again.filter((release) => release !== null)).toHaveLength(HELLO_PENDING_INBOUND_MAX);
  });

  it('cost so many searches a second, counted on a clock that no user sets', () => {
    const clock = new ManualClock();
    const gate = new Gate(clock);
    const searches = (): number => {
      let n = 0;
      while (gate.maySearch()) n++;
      return n;
    };
    expect(searches()).toBe(HELLO_HINT_SEARCHES_PER_SECOND);
    clock.setWall(clock.now() + 3_600_000);
    expect(searches()).toBe(0);
    clock.pass(500);
    expect(searches()).toBe(HELLO_HINT_SEARCHES_PER_SECOND / 2);
    clock.pass(3_600_000);
    expect(searches()).toBe(HELLO_HINT_SEARCHES_PER_SECOND);
  });
});
