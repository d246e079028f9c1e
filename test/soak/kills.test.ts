/**
 * kill -9 of either daemon at any moment: nothing that was acknowledged is lost or repeated, no end is forgotten, no state
 * is unreadable, and both are connected again without a back-off. CONTRIBUTING.md says how to run more of it, and the same
 * choices again.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDaemonEntry, World } from '../support/world/index.ts';
import { Pair } from './pair.ts';
import { Choices } from './random.ts';
import { Side } from './side.ts';

const KILLS = Number(process.env['SOAK_KILLS'] ?? 100);
/** Without one it is always the same: what fails in `npm test` was done just now. The soak takes new ones. */
const SEED = process.env['SOAK_SEED'] ?? '671137693';
const PAIRS = 3;
/** How many of the meetings may need a back-off: a machine under load loses connections that have just come. */
const LATE_MAX = 0.05;
const SHOWN_EVERY = 50;
const PER_KILL_MS = 10_000;

let build: Awaited<ReturnType<typeof buildDaemonEntry>>;
const worlds: World[] = [];

beforeAll(async () => {
  build = await buildDaemonEntry();
});
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  build.remove();
});

async function makePair(name: string): Promise<Pair> {
  const world = await World.start();
  worlds.push(world);
  const sides = ['marie', 'sam'].map((login) => new Side(world.member(login), build.entry));
  for (const { person } of sides) await person.init();
  return new Pair(sides as [Side, Side], new Choices(`${SEED} ${name}`));
}

it(
  `${KILLS} kills, seed ${SEED}`,
  async () => {
    const all = { deaths: new Map<string, number>(), kills: 0, meetings: 0, late: 0 };
    const failures: Error[] = [];
    const isOver = (): boolean => all.kills >= KILLS || failures.length > 0;
    const lives = Array.from({ length: PAIRS }, async (_, i) => {
      const pair = await makePair(String(i));
      try {
        await pair.begin();
        while (!isOver()) {
          const before = pair.kills;
          await pair.round();
          const shown = Math.floor(all.kills / SHOWN_EVERY);
          all.kills += pair.kills - before;
          if (Math.floor(all.kills / SHOWN_EVERY) > shown) console.log(`${all.kills} kills`);
        }
      } catch (error) {
        const history = pair.history.join('\n  ');
        const what = `pair ${i} of seed ${SEED}, after ${pair.kills} kills:\n  ${history}\n${String(error)}`;
        failures.push(new Error(what, { cause: error }));
      } finally {
        all.meetings += pair.meetings;
        all.late += pair.late;
        for (const [how, n] of pair.deaths) all.deaths.set(how, (all.deaths.get(how) ?? 0) + n);
        await pair.stop();
      }
    });
    await Promise.all(lives);
    const { deaths, kills, meetings, late } = all;
    console.log(`seed ${SEED}: ${kills} kills, by ${JSON.stringify(Object.fromEntries(deaths))}`);
    console.log(`${meetings} times they met again, ${late} times with a back-off`);
    if (failures[0]) throw failures[0];
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(late).toBeLessThanOrEqual(Math.max(1, meetings * LATE_MAX));
  },
  60_000 + KILLS * PER_KILL_MS,
);
