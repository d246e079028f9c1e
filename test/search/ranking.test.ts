import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ranked, readQuestion } from '../../src/search/index.ts';
import { anyBlocks, indexOf, NOW, printed, rank, rankedBy, said } from './samples.ts';

/** What does not depend on the order in which things came. */
const told = (hits: ReturnType<typeof rank>): unknown[] => hits.map(({ score, line, text }) => [score, line, text]);

describe('an index', () => {
  it('ranks the same in whatever order its blocks came, also with questions in between', () => {
    fc.assert(
      fc.property(anyBlocks, fc.infiniteStream(fc.nat()), (blocks, random) => {
        const order = blocks
          .map((_, i) => [random.next().value as number, i] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, i]) => i);
        const whole = indexOf(blocks);
        const shuffled = indexOf(blocks, order);
        for (const question of ['why postgres', 'latest port in feed.ts', 'retryLimit', '漢字']) {
          expect(told(rank(question, shuffled))).toEqual(told(rank(question, whole)));
        }
        expect([...shuffled.order].map((place) => shuffled.text(place))).toEqual(
          [...whole.order].map((place) => whole.text(place)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('finds nothing of a block before all of it is there, nor after it was wiped', () => {
    const index = indexOf([]);
    const steps = index.adding(1, [said(1, 'postgres'), said(2, 'more')]);
    steps.next();
    expect(rank('postgres', index)).toEqual([]);
    while (steps.next().done !== true);
    expect(rank('postgres', index)).toHaveLength(2);
    const cut = index.adding(2, [said(3, 'postgres'), said(4, 'postgres')]);
    cut.next();
    index.wipe();
    while (cut.next().done !== true);
    expect(rank('postgres', index)).toEqual([]);
    expect({ bytes: index.textBytes, places: index.order.length, text: index.text(0) }).toEqual({
      bytes: 0,
      places: 0,
      text: '',
    });
  });

  it('says nothing of what is wiped while it ranks, and ranks what there was when it began', () => {
    const index = indexOf([[said(1, 'postgres'), said(2, 'postgres and more')]]);
    const question = readQuestion('postgres', [], NOW);
    const begun = (count: number): Generator<void, Ranked[]> => {
      const steps = index.ranking(question, index.statistics(question), 50);
      for (let i = 0; i < count; i++) steps.next();
      return steps;
    };
    const grown = begun(1);
    for (const step of index.adding(9, [said(3, 'postgres'), said(4, 'more postgres')])) void [step];
    expect(rankedBy(grown)).toHaveLength(2);
    // One step before its end.
    const wiped = begun(3);
    index.wipe();
    expect(rankedBy(wiped)).toEqual([]);
  });

  it('keeps what is said twice once, with every place', () => {
    const same = 'the same long output of a tool '.repeat(20);
    const index = indexOf([[printed(1, same), said(2, 'x'), printed(3, same)], [printed(4, same)]]);
    expect(index.textBytes).toBe(same.length + 1);
    const [first, ...others] = rank('long output of a tool', index);
    expect(others.filter(({ text }) => text === same)).toEqual([]);
    expect(
      index
        .same(first?.place ?? -1)
        .map((place) => index.at(place).line)
        .toSorted(),
    ).toEqual([1, 3, 4]);
  });
});

describe('ranking', () => {
  const lineOf = (question: string, turns: Parameters<typeof indexOf>[0][number]): number | undefined =>
    rank(question, indexOf([turns]))[0]?.line;
  const far = Array.from({ length: 10 }, (_, i) => said(10 + i, `nothing of that kind ${i}`));

  it('finds a rare identifier in a long output before short texts with the other words', () => {
    const output = printed(40, `${'some line of output\n'.repeat(60)}retryLimitMax = 7\n${'another one\n'.repeat(20)}`);
    const turns = [said(1, 'what is the value?'), ...far, output, said(60, 'value of it')];
    expect(lineOf('what value has retryLimitMax?', turns)).toBe(40);
  });

  it('prefers what holds more of what is asked', () => {
    const turns = [said(1, 'postgres postgres postgres postgres'), ...far, said(40, 'postgres for the orders'), ...[]];
    expect(lineOf('postgres orders', turns)).toBe(40);
  });

  it('prefers what holds two of the words to what holds the rarest one', () => {
    const common = Array.from({ length: 40 }, (_, i) =>
      said(100 + i, ['postgres', 'orders', 'x', 'y', 'z'][i % 5] ?? ''),
    );
    const turns = [said(1, 'zookeeper'), ...far, said(40, 'postgres orders'), ...far, ...common];
    expect(lineOf('zookeeper postgres orders', turns)).toBe(40);
  });

  it('gives the newest of many equals', () => {
    const equal = Array.from({ length: 400 }, (_, i) =>
      said(1 + ((i * 7) % 401), `postgres w${i}`, { source: `s${i}` }),
    );
    const newest = rank('postgres', indexOf([equal.slice(200), equal.slice(0, 200)])).map(({ line }) => line);
    expect(newest).toEqual(
      equal
        .map(({ line }) => line)
        .sort((a, b) => b - a)
        .slice(0, 50),
    );
  });

  it('counts what stands around', () => {
    const turns = [said(1, 'the cache'), ...far, said(40, 'which cache?'), said(41, 'the cache is redis')];
    expect(lineOf('cache', turns)).toBeGreaterThanOrEqual(40);
  });

  it('prefers the newest only when that is asked for', () => {
    const turns = [said(1, 'the port is 4000'), ...far, said(50, 'the port is 5000 everywhere')];
    expect(lineOf('what is the port?', turns)).toBe(1);
    expect(lineOf('what is the latest port?', turns)).toBe(50);
  });

  it('knows days', () => {
    const yesterday = new Date(NOW - 24 * 3_600_000).toISOString();
    const turns = [said(1, 'the port is 4000', { time: yesterday }), ...far, said(50, 'the port is the port')];
    expect(lineOf('port', turns)).toBe(50);
    expect(lineOf('which port yesterday?', turns)).toBe(1);
    expect(lineOf(`port on ${yesterday.slice(0, 10)}`, turns)).toBe(1);
  });

  it('knows who speaks, and reasons', () => {
    const reply = { role: 'assistant', kind: 'reply' };
    const turns = [said(1, 'use redis'), ...far, said(40, 'use redis', reply), ...far, printed(70, 'redis is used')];
    expect(lineOf('what did marie say about redis?', turns)).toBe(1);
    expect(lineOf('what did claude say about redis?', turns)).toBe(40);
    expect(lineOf('why redis?', [printed(1, 'redis'), ...far, said(40, 'redis, because it is there', reply)])).toBe(40);
  });

  it('is one over several sessions', () => {
    const one = indexOf([[said(1, 'postgres and orders'), ...far]]);
    const other = indexOf([[said(1, 'postgres alone'), ...far, ...far]]);
    expect(rank('postgres orders', other, one)[0]?.text).toBe('postgres and orders');
  });
});
