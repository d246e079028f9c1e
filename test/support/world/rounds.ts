/** Waiting until GitHub was asked often enough. */
import { until } from '../until.ts';
import type { Person } from './person.ts';

/** What lets each person of a small org be asked about once more, milliseconds. */
const ROUND_MS = 11_000;
/** Not faster than answers come: their clocks must not run away from GitHub's, and from one another's. */
const PACE_MS = 500;

/** Rounds of the rotation pass on all these machines until it is so. */
export async function rounds(all: Person[], what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  let last = 0;
  await until(
    async () => {
      if (await done()) return true;
      if (performance.now() - last < PACE_MS) return false;
      last = performance.now();
      for (const person of all) person.clock.pass(ROUND_MS);
      return false;
    },
    { what },
  );
}
