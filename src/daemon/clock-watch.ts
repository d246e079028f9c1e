/** Says so when GitHub's clock shows that ours is wrong: machines whose days differ do not even meet to find it out. */
import { TeammateSyncError } from '../errors.ts';
import { every, type Timer } from '../platform/clock.ts';
import { CLOCK_SKEW_MAX_MS } from '../protocol/limits.ts';
import type { Rooms } from './rooms.ts';

/** Costs nothing: GitHub is not asked, its last answer is. */
const LOOK_MS = 10_000;

export function watchClock({ directory, surroundings, notes }: Rooms): Timer {
  const look = (): void => {
    const skewMs = directory.dateSkewMs() ?? 0;
    if (Math.abs(skewMs) <= CLOCK_SKEW_MAX_MS) return;
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    const what = `this machine's clock is ${minutes} minutes ${skewMs < 0 ? 'ahead of' : 'behind'} GitHub's`;
    notes.add(
      new TeammateSyncError('CLOCK_SKEW', what, { hint: 'set the clock; what is shared comes back by itself' }),
      '',
    );
  };
  return every(surroundings.clock, LOOK_MS, look, (error) => notes.add(error, ''));
}
