/** Copies that are closed while nobody needs them: what is known of them stays, and what comes is not missed. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { encodeBlock, encodeEntry } from '../../src/protocol/core-block.ts';
import { turn } from '../protocol/samples.ts';
import { connectLinks, type Links } from '../support/links.ts';
import { Noise } from '../support/noise.ts';
import { until } from '../support/until.ts';
import { OwnerCore, Rig } from './support.ts';

let noise: Noise;
beforeAll(async () => {
  noise = await Noise.start();
});
afterAll(() => noise.close());

const block = (...numbers: number[]): Buffer => encodeBlock(numbers.map((n) => encodeEntry(turn(n))));
const session = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

interface Scene {
  rig: Rig;
  links: Links;
  owners: OwnerCore[];
  head: (final: boolean, ...which: OwnerCore[]) => void;
}

/** Sessions of a line each, granted to somebody who may have so many cores open. */
async function scene(sessions: number, coresOpenMax: number): Promise<Scene> {
  const rig = new Rig(coresOpenMax);
  await rig.inbox.start();
  const links = await connectLinks(noise, { self: rig.owner, clock: rig.clock }, { self: rig.me, clock: rig.clock });
  onTestFinished(() => links.close());
  const owners: OwnerCore[] = [];
  for (let i = 0; i < sessions; i++) {
    const owner = await OwnerCore.make(rig, { header: { session: session(i) }, grant: { session: session(i) } });
    await owner.core.append(block(i + 1));
    owner.core.replicate(links.a.mux);
    owners.push(owner);
  }
  const head = (final: boolean, ...which: OwnerCore[]): void => {
    const generations = which.map(({ core, grant }) => ({
      gid: grant.gid,
      blocks: core.length,
      turns: core.length - 1,
      final,
    }));
    rig.inbox.announced(links.b, { generations });
  };
  return { rig, links, owners, head };
}

const replicas = (rig: Rig) => rig.inbox.of(1001).map((held) => held.replica);
const fetched = (rig: Rig, turns: number): Promise<unknown> =>
  until(() => replicas(rig).every((r) => r.header && r.fetched.turns === turns), { what: `${turns} turns of each` });
async function lines(rig: Rig, blocks: number): Promise<number[][]> {
  const read: number[][] = [];
  for (const replica of replicas(rig)) {
    const all: number[] = [];
    for (let i = 1; i <= blocks; i++) all.push(...((await replica.read(i, 3000)) ?? []).map((t) => t.line));
    read.push(all);
  }
  return read;
}

it('more sessions than may be open are all fetched, and hear of what comes although their cores are closed', async () => {
  const { rig, links, owners, head } = await scene(7, 2);
  for (const { grant } of owners) rig.inbox.granted(links.b, grant);
  await fetched(rig, 1);
  expect(await lines(rig, 1)).toEqual(owners.map((_, i) => [i + 1]));
  for (const [i, owner] of owners.entries()) await owner.core.append(block(100 + i));
  head(false, ...owners);
  await fetched(rig, 2);
  const known = replicas(rig).map((r) => [r.length, r.fetched.turns, r.taken.bytes > 0, r.live]);
  expect(known).toEqual(owners.map(() => [3, 2, true, true]));
  expect(await lines(rig, 2)).toEqual(owners.map((_, i) => [i + 1, 100 + i]));
  expect(rig.cores.mostOpen).toBe(2);
});

it('what is whole and never written again is closed at once, and opened when it is read', async () => {
  const { rig, links, owners, head } = await scene(3, 128);
  // Larger than what is kept in memory for an index.
  const long = encodeBlock([encodeEntry(turn(9, 'x'.repeat(50_000)))]);
  for (const { core } of owners) await core.append(long);
  for (const { grant } of owners) rig.inbox.granted(links.b, grant);
  head(true, ...owners);
  await fetched(rig, 2);
  await until(() => rig.cores.open === 0, { what: 'all to be closed' });
  expect(await lines(rig, 2)).toEqual(owners.map((_, i) => [i + 1, 9]));
  expect([rig.cores.open, links.a.closed]).toEqual([3, false]);
});

it('an index of the newest lines opens nothing', async () => {
  const { rig, links, owners, head } = await scene(3, 128);
  for (const { grant } of owners) rig.inbox.granted(links.b, grant);
  head(true, ...owners);
  await fetched(rig, 1);
  await until(() => rig.cores.open === 0, { what: 'all to be closed' });
  expect(await lines(rig, 1)).toEqual([[1], [2], [3]]);
  expect(rig.cores.open).toBe(0);
});

it('an owner who grants and never answers keeps nobody out', async () => {
  const { rig, links, owners } = await scene(1, 2);
  for (let i = 10; i < 16; i++) rig.inbox.granted(links.b, rig.grant({ session: session(i) }));
  await until(() => rig.cores.open === 2, { what: 'the silent ones to take all places' });
  const [good] = owners as [OwnerCore];
  rig.inbox.granted(links.b, good.grant);
  const replica = replicas(rig).at(-1);
  await until(() => replica?.header && replica.fetched.turns === 1, { what: 'the good one' });
  expect((await replica?.read(1, 3000))?.map((t) => t.line)).toEqual([1]);
});

it('one that ended while it was closed is gone, and so is one that waits to be opened', async () => {
  const { rig, links, owners, head } = await scene(4, 1);
  for (const { grant } of owners) rig.inbox.granted(links.b, grant);
  for (const { grant } of owners) rig.inbox.ended(rig.end(grant.session));
  expect(rig.inbox.of(1001)).toEqual([]);
  head(false, ...owners);
  await rig.inbox.wipePerson(1001, 'test');
  expect([rig.cores.open, rig.inbox.waiting(1001)]).toEqual([0, []]);
});
