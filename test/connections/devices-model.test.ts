import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DevicesModel, steps } from './devices-model.ts';
import { runModel } from './model-runs.ts';

it('the devices of two persons come to one standing, and nobody is connected whose last word was no', () => {
  const lives = runModel(40, fc.tuple(steps, fc.boolean()), (folder, [all, loseFirst]) => {
    const model = new DevicesModel(folder);
    for (const step of all) model.run(step);
    model.settle(loseFirst);
    model.agree();
  });
  expect(lives).toBeGreaterThan(0);
}, 300_000);
