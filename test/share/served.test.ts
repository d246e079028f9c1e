/** Generations that are closed while nobody needs them, on real connections. */
import fs from 'node:fs';
import path from 'node:path';
import type Hypercore from 'hypercore';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { endChannels } from '../../src/platform/core-channels.ts';
import { CorePool } from '../../src/platform/core-pool.ts';
import { openCoreFolder } from '../../src/platform/core-storage.ts';
import type { ServedCore } from '../../src/platform/served-cores.ts';
import type { Generation } from '../../src/share/generation.ts';
import { makeSelf } from '../support/device.ts';
import { connectLinks, type Links } from '../support/links.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { Noise } from '../support/noise.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { lines, linesOf, newGeneration } from './support.ts';

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });
const tomas = makeSelf({ uid: 2002, login: 'tomas', clock });
const bytes = (key: string): Buffer => Buffer.from(key, 'base64url');

let noise: Noise;
beforeAll(async () => {
  noise = await Noise.start();
});
afterAll(() => noise.close());

interface Scene {
  cores: CorePool;
  generations: Generation[];
  links: Links;
  lost: unknown[];
  folder: string;
}

/** `count` generations with a line each, of which one is open at a time. */
async function scene(count: number): Promise<Scene> {
  const cores = new CorePool(1);
  const folder = tempDir();
  const lost: unknown[] = [];
  const generations: Generation[] = [];
  for (let gen = 1; gen <= count; gen++) {
    const made = await newGeneration(folder, marie, { cores, gen, onLost: (_, error) => lost.push(error) });
    await made.append(lines(gen));
    generations.push(made);
  }
  const links = await connectLinks(noise, { self: marie, clock }, { self: tomas, clock });
  onTestFinished(async () => {
    await links.close();
    await Promise.all(generations.map((generation) => generation.close()));
  });
  return { cores, generations, links, lost, folder };
}

/** Somebody's copy, which has nothing yet. */
async function copyOf(generation: Generation): Promise<Hypercore> {
  const { core, key } = generation.stored;
  const opened = await openCoreFolder(`${tempDir()}/copy`, { key: bytes(core) }, bytes(key));
  onTestFinished(() => opened.close());
  return opened.core;
}

/** One that asks for it on this connection. */
async function asking(of: Generation, links: Links): Promise<Hypercore> {
  const core = await copyOf(of);
  core.replicate(links.b.mux);
  return core;
}

/** As a reader does who was not answered. */
function askAgain(core: Hypercore, links: Links): void {
  core.core.replicator.detachFrom(links.b.mux);
  core.replicate(links.b.mux);
}

it('what is asked for is opened, one after the other, and what is appended meanwhile is there', async () => {
  const { cores, generations, links } = await scene(4);
  for (const generation of generations) generation.attach(links.a);
  const copies = await Promise.all(generations.map((generation) => asking(generation, links)));
  const blocks = await Promise.all(copies.flatMap((core) => [core.get(0), core.get(1)]));
  expect(blocks.every((block) => block !== null)).toBe(true);
  for (const [i, generation] of generations.entries()) await generation.append(lines(10 + i));
  expect(generations.map((generation) => generation.blocks)).toEqual([3, 3, 3, 3]);
  for (const [i, generation] of generations.entries()) expect(await linesOf(generation)).toEqual([i + 1, 10 + i]);
  expect(cores.mostOpen).toBe(1);
});

it('a closed one that is not granted here is not opened, whoever knows its keys', async () => {
  const { cores, generations, links } = await scene(2);
  const [closed, granted] = generations as [Generation, Generation];
  granted.attach(links.a);
  const core = await asking(closed, links);
  await expect(core.get(0, { timeout: 500 })).rejects.toThrow();
  expect([core.length, cores.open]).toEqual([0, 1]);
  expect(await (await asking(granted, links)).get(0)).not.toBeNull();
});

it('taken away while it waits to be opened, it is not served when it is open', async () => {
  const { cores, generations, links } = await scene(1);
  const [asked] = generations as [Generation];
  asked.attach(links.a);
  // Somebody has the only place: what is asked for has to wait.
  const somebody = { idle: false, closing: false, evict() {} };
  await cores.enter(somebody, true);
  const core = await asking(asked, links);
  await until(() => cores.waiting === 1, { what: 'it to be asked for' });
  asked.detach(links.a);
  cores.leave(somebody);
  await until(() => cores.open === 1 && cores.waiting === 0, { what: 'it to be open' });
  await expect(core.get(0, { timeout: 500 })).rejects.toThrow();
  expect(core.length).toBe(0);
});

it('asked for and closed again before it could be answered, whoever asks next on that link gets it', async () => {
  const { generations, links } = await scene(1);
  const [asked] = generations as [Generation];
  asked.attach(links.a);
  const core = await copyOf(asked);
  const { mux } = links.b;
  for (let round = 0; round < 3; round++) {
    // In one frame, as one tick at the other side sees it.
    mux.cork();
    core.replicate(mux);
    await until(() => [...mux].length > 1, { what: 'the channel that asks' });
    endChannels(core, mux);
    mux.uncork();
  }
  core.replicate(mux);
  expect(await core.get(0, { timeout: 3000 })).not.toBeNull();
});

it('taken away in the tick in which it is asked for, it is not served; granted again, it is', async () => {
  const { cores, generations, links } = await scene(1);
  const [asked] = generations as [Generation];
  const serve = vi.spyOn(cores.served, 'serve');
  asked.attach(links.a);
  const slot = serve.mock.calls[0]?.[1] as ServedCore;
  const answer = slot.answer.bind(slot);
  let taken = 0;
  vi.spyOn(slot, 'answer').mockImplementationOnce((mux, allowed) => {
    answer(mux, allowed);
    asked.detach(links.a);
    taken++;
  });
  const core = await asking(asked, links);
  await until(() => taken === 1, { what: 'it to be asked for' });
  await expect(core.get(0, { timeout: 500 })).rejects.toThrow();
  expect([core.length, asked.reached().size, links.a.closed]).toEqual([0, 0, false]);
  asked.attach(links.a);
  askAgain(core, links);
  expect(await core.get(0, { timeout: 3000 })).not.toBeNull();
});

it('closed for another while the one who asked has not answered, it is opened for whoever asks then', async () => {
  const { cores, generations, links } = await scene(2);
  const [first, second] = generations as [Generation, Generation];
  first.attach(links.a);
  const core = await asking(first, links);
  // Refused while it is closed, and opened from there: that word is held back on its way.
  links.a.mux.cork();
  await until(() => [...links.a.mux].some((channel) => channel.protocol === 'hypercore/alpha'), {
    what: 'its channel',
  });
  await second.read(1);
  expect([[...links.a.mux].length, cores.mostOpen]).toEqual([1, 1]);
  links.a.mux.uncork();
  const got = until(() => (core.peers.length === 0 && askAgain(core, links), core.get(0, { timeout: 500 })));
  expect([await got, links.a.closed]).toEqual([expect.anything(), false]);
});

it('one whose last reader left with less than there is has somebody to tell', async () => {
  const behind: number[] = [];
  const made = await newGeneration(tempDir(), marie, { onBehind: ({ gen }) => behind.push(gen) });
  await made.append(lines(1));
  const links = await connectLinks(noise, { self: marie, clock }, { self: tomas, clock });
  onTestFinished(async () => {
    await links.close();
    await made.close();
  });
  made.attach(links.a);
  const core = await asking(made, links);
  await core.get(1);
  await until(() => made.reached().has(links.a.mux), { what: 'the channel' });
  await made.append(lines(2));
  // It leaves in that tick: the word of the line is on its way.
  core.core.replicator.detachFrom(links.b.mux);
  for (const peer of core.peers.slice()) peer.channel.close();
  await until(() => !made.reached().has(links.a.mux), { what: 'the channel to be closed' });
  await until(() => behind.length > 0, { what: 'the word that somebody is behind' });
});

it('a core that was set back on disk while it was closed is not appended to, and said to be lost', async () => {
  const { generations, lost, folder } = await scene(2);
  const [first, second] = generations as [Generation, Generation];
  const store = path.join(folder, '1');
  const backup = `${tempDir()}/backup`;
  fs.cpSync(store, backup, { recursive: true });
  await first.append(lines(3));
  await second.append(lines(4));
  // In place, file by file, as a restore does it; the file that names the device stays.
  for (const name of fs.readdirSync(path.join(store, 'db'))) fs.rmSync(path.join(store, 'db', name));
  fs.cpSync(path.join(backup, 'db'), path.join(store, 'db'), { recursive: true });
  await expect(first.append(lines(5))).rejects.toMatchObject({ code: 'CORE_LOST' });
  expect(lost).toHaveLength(1);
});
