/** Asks every question and counts where its answer came. */
import { type Distribution, distribution } from '../statistics.ts';
import { now as clock } from '../now.ts';
import type { Engine, Found } from './engine.ts';
import { type Fact, type Kind, KINDS, PEOPLE } from './facts.ts';

export interface Recall {
  n: number;
  /** Parts of the questions, 0 to 1. */
  at1: number;
  at5: number;
  at10: number;
  inBudget: number;
}

export interface Score {
  engine: string;
  indexMs: number;
  ms: Distribution;
  kinds: Record<Kind, Recall>;
  all: Recall;
  /** Questions whose answer was not in the budget. */
  missed: string[];
}

interface Asked {
  fact: Fact;
  /** From 1; Infinity: not found. */
  rank: number;
  inBudget: boolean;
}

export async function score(engine: Engine, indexMs: number, facts: readonly Fact[], now: number): Promise<Score> {
  const times: number[] = [];
  const asked: Asked[] = [];
  for (const fact of facts) {
    const began = clock();
    const { found, inBudget } = await engine.ask(fact.question, now);
    times.push(clock() - began);
    const at = found.findIndex((one) => answers(one, fact));
    asked.push({
      fact,
      rank: at < 0 ? Number.POSITIVE_INFINITY : at + 1,
      inBudget: inBudget.some((one) => answers(one, fact)),
    });
  }
  const of = (kind: Kind): Recall => recallOf(asked.filter(({ fact }) => fact.kind === kind));
  return {
    engine: engine.name,
    indexMs,
    ms: distribution(times),
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<Kind, Recall>,
    all: recallOf(asked),
    missed: asked
      .filter(({ inBudget }) => !inBudget)
      .map(({ fact }) => `${fact.kind}: ${fact.question} → ${fact.gold}`),
  };
}

/** In a transcript file as it is, a quote has a backslash before it. */
function answers({ handle, text }: Found, { gold, person }: Fact): boolean {
  return text.includes(gold) && (person === null || PEOPLE[person] === handle);
}

function recallOf(asked: readonly Asked[]): Recall {
  const part = (fits: (one: Asked) => boolean): number => asked.filter(fits).length / Math.max(1, asked.length);
  return {
    n: asked.length,
    at1: part(({ rank }) => rank <= 1),
    at5: part(({ rank }) => rank <= 5),
    at10: part(({ rank }) => rank <= 10),
    inBudget: part(({ inBudget }) => inBudget),
  };
}
