/**
 * Random lives of two to four people against plain rules of who may read what: nobody ever reads more, and everybody reads
 * all of it once all is mended. CONTRIBUTING.md says how to run more of it, and the same one again.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { World } from '../support/world/index.ts';
import { Life } from './model/life.ts';
import { type Step, steps } from './model/steps.ts';

const LIVES = Number(process.env['SOAK_LIVES'] ?? 6);
/** Without one it is always the same: what fails in `npm test` was done just now. The soak takes new ones. */
const SEED = Number(process.env['SOAK_SEED'] ?? 578_024_882);
const PATH = process.env['SOAK_PATH'];
const SHOWN = process.env['SOAK_SHOW'] !== undefined;
const PER_LIFE_MS = 60_000;

/** Lives at the same time; each lane has a world and a seed of its own. */
const LANES = 3;

const worlds: World[] = [];
beforeAll(async () => {
  for (let i = 0; i < LANES; i++) worlds.push(await World.start());
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

const somePeople = fc.noBias(fc.integer({ min: 2, max: 4 }));
const perhapsAcquainted = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);

async function live(world: World, people: number, acquainted: boolean, all: Step[]): Promise<void> {
  const life = new Life(world, people);
  try {
    await life.start(acquainted);
    for (const step of all) await life.run(step);
    await life.settle();
    if (SHOWN) console.log(life.trace.join('\n'));
  } catch (error) {
    throw new Error(`${people} people:\n  ${life.trace.join('\n  ')}\n${String(error)}`, { cause: error });
  } finally {
    await life.close();
  }
}

it(
  `${LIVES} lives, seed ${SEED}`,
  async () => {
    let lives = 0;
    const lanes = (PATH === undefined ? worlds : worlds.slice(0, 1)).map(async (world, lane) => {
      const property = fc.asyncProperty(somePeople, perhapsAcquainted, steps, async (...life) => {
        await live(world, ...life);
        lives++;
      });
      // Shrinking would live hundreds of lives more: the trace says enough.
      const parameters = { numRuns: Math.ceil(LIVES / LANES), seed: SEED + lane, endOnFailure: true };
      await fc.assert(property, PATH === undefined ? parameters : { ...parameters, path: PATH });
    });
    await Promise.all(lanes);
    console.log(`seed ${SEED}: ${lives} lives`);
    expect(lives).toBeGreaterThan(0);
  },
  60_000 + LIVES * PER_LIFE_MS,
);
