/** Runs a model of connections many times, each in a folder of its own; MODEL_RUNS and MODEL_SEED say how often and with what. */
import fs from 'node:fs';
import fc from 'fast-check';
import { makeTempDir } from '../support/tmp-dir.ts';

/** Always the same without one: what fails in `npm test` was done just now. */
const SEED = Number(process.env['MODEL_SEED'] ?? 1);
const LONGEST_MS = 240_000;

/** Returns how many lives were lived. @throws what `live` throws first, with the choices that led there */
export function runModel<C>(
  runs: number,
  choices: fc.Arbitrary<C>,
  live: (folder: string, choices: C) => void,
): number {
  const temp = makeTempDir();
  let lives = 0;
  const property = fc.property(choices, (chosen) => {
    const folder = `${temp.path}/${lives++}`;
    fs.mkdirSync(folder, { mode: 0o700 });
    try {
      live(folder, chosen);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
  const numRuns = Number(process.env['MODEL_RUNS'] ?? runs);
  try {
    fc.assert(property, { numRuns, seed: SEED, interruptAfterTimeLimit: LONGEST_MS });
  } finally {
    temp.remove();
  }
  return lives;
}
