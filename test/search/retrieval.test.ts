/**
 * What `npm run bench:retrieval` measures on new transcripts each time, on a small one that is always the same: a change
 * that answers worse fails here. The floors stand below what was measured by about one question in ten, which is what
 * other words in the same templates make of it.
 */
import { expect, it } from 'vitest';
import { makeCorpus } from '../bench/retrieval/corpus.ts';
import { type Kind, KINDS, makeFacts } from '../bench/retrieval/facts.ts';
import { miniSearch } from '../bench/retrieval/floors.ts';
import { product } from '../bench/retrieval/product.ts';
import { type Recall, score } from '../bench/retrieval/score.ts';
import { randomNumbers } from '../bench/random.ts';
import { tempDir } from '../support/tmp-dir.ts';

const SEED = 20_261_122;
const NOON = new Date(2026, 10, 22, 12).getTime();

/** Of ten questions of each kind: how many answers stand first, among the first five, and in an answer at all. */
const FLOORS: Readonly<Record<Kind, Pick<Recall, 'at1' | 'at5' | 'inBudget'>>> = {
  exact: { at1: 0.9, at5: 1, inBudget: 1 },
  split: { at1: 0.8, at5: 0.9, inBudget: 0.9 },
  paraphrased: { at1: 0.3, at5: 0.4, inBudget: 0.9 },
  superseded: { at1: 0.9, at5: 0.9, inBudget: 1 },
  why: { at1: 0.7, at5: 0.9, inBudget: 0.9 },
  dated: { at1: 0.9, at5: 1, inBudget: 1 },
  who: { at1: 0.9, at5: 1, inBudget: 1 },
};

it('answers questions of every kind, and more of them than a library with its defaults', async () => {
  const facts = makeFacts(randomNumbers(SEED), 10);
  const options = { folder: tempDir(), seed: SEED, now: NOON, largestBytes: 600_000, otherBytes: 100_000 };
  const sessions = await makeCorpus(facts, options);
  const [own, library] = [product(), miniSearch()];
  await own.index(sessions);
  await library.index(sessions);
  const ours = await score(own, 0, facts, NOON);
  const theirs = await score(library, 0, facts, NOON);
  for (const kind of KINDS) {
    const { at1, at5, inBudget } = ours.kinds[kind];
    const floor = FLOORS[kind];
    expect.soft({ kind, at1 }).toEqual({ kind, at1: expect.toSatisfy((part: number) => part >= floor.at1) as number });
    expect.soft({ kind, at5 }).toEqual({ kind, at5: expect.toSatisfy((part: number) => part >= floor.at5) as number });
    expect
      .soft({ kind, inBudget })
      .toEqual({ kind, inBudget: expect.toSatisfy((part: number) => part >= floor.inBudget) as number });
  }
  expect(ours.all.at1).toBeGreaterThan(theirs.all.at1 + 0.2);
  expect(ours.all.inBudget).toBeGreaterThan(theirs.all.inBudget + 0.1);
});
