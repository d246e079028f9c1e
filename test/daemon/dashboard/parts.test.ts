/** The parts of the dashboard: looked at while somebody follows, told when they change, and never kept from a page by another part. */
import { describe, expect, it } from 'vitest';
import { type PartMakers, Parts } from '../../../src/daemon/dashboard/parts.ts';
import { PARTS, type PartName } from '../../../src/protocol/dashboard.ts';
import { PARTS_MS } from '../../../src/protocol/limits.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';

/** Parts that are numbers, and how often each was made. */
function made() {
  const values = Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<PartName, number>;
  const looks = { count: 0 };
  const errors: PartName[] = [];
  const make = Object.fromEntries(
    PARTS.map((part) => [
      part,
      async () => {
        if (part === 'status') looks.count++;
        if (values[part] < 0) throw new Error('it cannot be made');
        return values[part];
      },
    ]),
  ) as unknown as PartMakers;
  const clock = new ManualClock();
  const parts = new Parts({ make, clock, onError: (part) => errors.push(part) });
  const told: string[] = [];
  const follow = (): { stop(): void } => parts.follow((part, json) => told.push(`${part} ${json}`));
  return { parts, clock, values, looks, errors, told, follow };
}

const all = (told: readonly string[]): Promise<unknown> =>
  until(() => told.length >= PARTS.length, { what: 'all the parts' });

describe('parts', () => {
  it('come all at first, and then those that changed, a second later at most', async () => {
    const { clock, values, told, looks, follow } = made();
    follow();
    await all(told);
    expect(told.toSorted()).toEqual(PARTS.map((part) => `${part} 0`).toSorted());
    values.shared = 1;
    clock.pass(PARTS_MS);
    await until(() => told.length > PARTS.length, { what: 'the change' });
    expect(told.slice(PARTS.length)).toEqual(['shared 1']);
    const before = looks.count;
    clock.pass(PARTS_MS);
    await until(() => looks.count > before, { what: 'another look' });
    expect(told).toHaveLength(PARTS.length + 1);
  });

  it('come at once after something was done, also while they are looked at', async () => {
    const { parts, values, told, follow } = made();
    follow();
    values.connections = 1;
    parts.nudge();
    await until(() => told.includes('connections 1'), { what: 'the change, without any time' });
  });

  it('are not made while nobody follows', async () => {
    const { parts, clock, told, looks, follow } = made();
    parts.nudge();
    clock.pass(10 * PARTS_MS);
    expect(looks.count).toBe(0);
    const followed = follow();
    await all(told);
    followed.stop();
    const before = looks.count;
    clock.pass(10 * PARTS_MS);
    parts.nudge();
    expect(looks.count).toBe(before);
  });

  it('are told to a later one whole, and one that cannot be made keeps no other back', async () => {
    const { values, told, errors, clock, follow } = made();
    follow();
    await all(told);
    values.teammates = -1;
    follow();
    await until(() => told.length >= 2 * PARTS.length - 1, { what: 'the others' });
    expect(errors).toContain('teammates');
    expect(told.filter((one) => one === 'activity 0')).toHaveLength(2);
    values.teammates = 3;
    clock.pass(PARTS_MS);
    await until(() => told.filter((one) => one === 'teammates 3').length === 2, { what: 'it to be told to both' });
  });
});
