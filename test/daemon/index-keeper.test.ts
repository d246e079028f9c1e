/** When indexing begins, in which order, and what is there meanwhile; with replicas whose reads are let through one by one. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { IndexKeeper } from '../../src/daemon/answers/index-keeper.ts';
import type { ReadableCore } from '../../src/inbox/index.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { readQuestion, type SearchIndex } from '../../src/search/index.ts';
import { NOW, rankedBy, said } from '../search/samples.ts';
import { until } from '../support/until.ts';

const OWNER = 7;

class HeldSession {
  readonly grant: { core: string; session: string; from: { uid: number } };
  readonly header = {};
  readonly taken = { has: (block: number) => block < this.length, lacks: () => false };
  /** Blocks that were read, and the reads that wait. */
  readonly reads: number[] = [];
  readonly #waiting: (() => void)[] = [];
  length: number;
  /** Reads are answered at once. */
  open = false;

  constructor(session: string, blocks: number) {
    this.grant = { core: `core of ${session}`, session, from: { uid: OWNER } };
    this.length = blocks + 1;
  }

  get fetched(): { blocks: number } {
    return { blocks: this.length - 1 };
  }

  async read(block: number): Promise<Turn[]> {
    this.reads.push(block);
    if (!this.open) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return [said(block, `block ${block} of postgres`)];
  }

  /** One read is answered, or from now on all. */
  next(all = false): void {
    this.open = all;
    for (const resolve of all ? this.#waiting.splice(0) : this.#waiting.splice(0, 1)) resolve();
  }
}

function keeping(...sessions: HeldSession[]): { keeper: IndexKeeper; inbox: EventEmitter; held: HeldSession[] } {
  const held = [...sessions];
  const inbox = new EventEmitter();
  const keeper = new IndexKeeper((_uid, session) => {
    return held.filter(({ grant }) => grant.session === session) as unknown as ReadableCore[];
  });
  inbox.on('changed', (uid, session) => keeper.changed(uid, session));
  return { keeper, inbox, held };
}

const indexOf = (keeper: IndexKeeper, session: HeldSession): SearchIndex | null => keeper.of(session as never);
const linesFound = (index: SearchIndex | null): number[] => {
  if (!index) return [];
  const question = readQuestion('postgres', [], NOW);
  const ranked = rankedBy(index.ranking(question, index.statistics(question), 50));
  return ranked.map(({ place }) => index.at(place).line);
};

it('reads nothing before somebody asks, then the newest first, and what is there can be found meanwhile', async () => {
  const session = new HeldSession('a', 5);
  const { keeper, inbox } = keeping(session);
  inbox.emit('changed', OWNER, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(session.reads).toEqual([]);
  keeper.want(OWNER, 'a');
  await until(() => session.reads.length === 1, { what: 'the first read' });
  session.next();
  await until(() => session.reads.length === 2, { what: 'the second read' });
  expect(session.reads).toEqual([5, 4]);
  expect(linesFound(indexOf(keeper, session))).toEqual([5]);
  expect(keeper.isWhole(session as never)).toBe(false);
  // What comes meanwhile is newer than all that waits.
  session.length++;
  inbox.emit('changed', OWNER, 'a');
  session.next(true);
  await keeper.whole(OWNER, 'a', 10_000);
  expect(session.reads).toEqual([5, 4, 6, 3, 2, 1]);
  expect(linesFound(indexOf(keeper, session))).toHaveLength(6);
  keeper.stop();
});

it('takes from each session in turn, and only from those that are asked about', async () => {
  const [long, short, other] = [new HeldSession('long', 4), new HeldSession('short', 2), new HeldSession('other', 1)];
  const order: string[] = [];
  for (const one of [long, short, other]) {
    one.open = true;
    const read = one.read.bind(one);
    one.read = (block) => {
      order.push(`${one.grant.session} ${block}`);
      return read(block);
    };
  }
  const { keeper } = keeping(long, short, other);
  for (const one of [long, short]) keeper.want(OWNER, one.grant.session);
  await Promise.all([keeper.whole(OWNER, 'long', 10_000), keeper.whole(OWNER, 'short', 10_000)]);
  expect(order.slice(0, 2).toSorted()).toEqual(['long 4', 'short 2']);
  expect(order).toHaveLength(6);
  expect(indexOf(keeper, other)).toBeNull();
  keeper.stop();
});

it('overwrites an index in the tick in which its session is not held any more, and then waits to be asked again', async () => {
  const session = new HeldSession('a', 3);
  const { keeper, inbox, held } = keeping(session);
  keeper.want(OWNER, 'a');
  await until(() => session.reads.length === 1, { what: 'the first read' });
  session.next();
  await until(() => session.reads.length === 2, { what: 'the second read' });
  const index = indexOf(keeper, session);
  expect(index?.textBytes).toBeGreaterThan(0);
  held.length = 0;
  inbox.emit('changed', OWNER, 'a');
  expect([index?.textBytes, keeper.bytes, indexOf(keeper, session)]).toEqual([0, 0, null]);
  session.next(true);
  // Held again: nobody has asked since.
  held.push(session);
  inbox.emit('changed', OWNER, 'a');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([session.reads.length, linesFound(index), keeper.bytes]).toEqual([2, [], 0]);
  keeper.stop();
});
