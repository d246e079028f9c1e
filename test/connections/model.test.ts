import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Model, steps } from './model.ts';
import { runModel } from './model-runs.ts';

it('two persons never connect without both, and agree once everything has arrived', () => {
  const choices = fc.tuple(steps, fc.boolean(), fc.boolean());
  const lives = runModel(150, choices, (folder, [all, connected, loseFirst]) => {
    const model = new Model(folder);
    if (connected) model.connect();
    for (const step of all) model.run(step);
    model.settle(loseFirst);
    model.agree();
  });
  expect(lives).toBeGreaterThan(0);
}, 300_000);
