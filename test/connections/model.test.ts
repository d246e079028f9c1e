import fs from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTempDir } from '../support/tmp-dir.ts';
import { Model, type Step, steps } from './model.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 250);
/** Always the same without one: what fails in `npm test` was done just now. */
const SEED = Number(process.env['MODEL_SEED'] ?? 1);

it('two persons never connect without both, and agree once everything has arrived', () => {
  const temp = makeTempDir();
  let n = 0;
  try {
    fc.assert(
      fc.property(steps, fc.boolean(), fc.boolean(), (all: Step[], connected, loseFirst) => {
        const folder = `${temp.path}/${n++}`;
        fs.mkdirSync(folder, { mode: 0o700 });
        try {
          const model = new Model(folder);
          if (connected) model.connect();
          for (const step of all) model.run(step);
          model.settle(loseFirst);
          model.agree();
        } finally {
          fs.rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: 240_000 },
    );
  } finally {
    temp.remove();
  }
  expect(n).toBeGreaterThan(0);
}, 300_000);
