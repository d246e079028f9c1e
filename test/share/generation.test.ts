import Corestore from 'corestore';
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openCoreFolder } from '../../src/platform/core-storage.ts';
import { parseBlock, parseHeader } from '../../src/protocol/core-block.ts';
import { BLOCK_TARGET_BYTES } from '../../src/protocol/limits.ts';
import type { Generation } from '../../src/share/generation.ts';
import { turn } from '../protocol/samples.ts';
import { makeSelf } from '../support/device.ts';
import { connectLinks, type Links } from '../support/links.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { Noise } from '../support/noise.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { lines, linesOf, newGeneration, redacted, reopened } from './support.ts';

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });
const tomas = makeSelf({ uid: 2002, login: 'tomas', clock });

let noise: Noise;
beforeAll(async () => {
  noise = await Noise.start();
});
afterAll(() => noise.close());

async function links(): Promise<Links> {
  const made = await connectLinks(noise, { self: marie, clock }, { self: tomas, clock });
  onTestFinished(() => made.close());
  return made;
}

async function generation(): Promise<Generation> {
  const made = await newGeneration(tempDir(), marie);
  onTestFinished(() => made.close());
  return made;
}

const bytes = (key: string): Buffer => Buffer.from(key, 'base64url');

/** A core in a folder of its own that asks for everything on this link, as any client can. */
async function replica(of: Generation, link: Links['b'], key = bytes(of.stored.key)) {
  const opened = await openCoreFolder(`${tempDir()}/copy`, { key: bytes(of.stored.core) }, key);
  onTestFinished(() => opened.close());
  opened.core.replicate(link.mux);
  return opened.core;
}

describe('a generation', () => {
  it('begins with its signed header and holds what was appended', async () => {
    const made = await generation();
    expect(made.blocks).toBe(1);
    await made.append(lines(1, 2, 3));
    expect([made.blocks, await linesOf(made)]).toEqual([2, [1, 2, 3]]);
    await made.append([]);
    expect(made.blocks).toBe(2);
  });

  it('packs small entries into blocks of about 64 KiB, and gives a large one its own', async () => {
    const made = await generation();
    const text = 'word '.repeat(400);
    await made.append(redacted(...Array.from({ length: 100 }, (_, i) => turn(i + 1, text))));
    expect(made.blocks).toBeGreaterThan(3);
    expect(made.blocks).toBeLessThan(8);
    expect(await linesOf(made)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    await made.append(redacted(turn(101, 'x'.repeat(BLOCK_TARGET_BYTES * 2)), turn(102)));
    expect((await made.read(made.blocks - 2)).map((t) => t.line)).toEqual([101]);
    expect((await made.read(made.blocks - 1)).map((t) => t.line)).toEqual([102]);
  });

  it('lies on disk as ciphertext only', async () => {
    const folder = tempDir();
    const made = await newGeneration(folder, marie);
    await made.append(redacted(turn(1, 'a canary in a coal mine')));
    await made.close();
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const content = fs.readFileSync(`${file.parentPath}/${file.name}`);
      for (const word of ['canary', 'teammate-sync/core', 'proj"', made.stored.key])
        expect(content.includes(word), file.name).toBe(false);
    }
  });

  it('that was reopened is read and served, and never appended to', async () => {
    const folder = tempDir();
    const first = await newGeneration(folder, marie);
    await first.append(lines(1));
    await first.close();
    const again = await reopened(folder, first.stored);
    onTestFinished(() => again.close());
    await again.append(lines(2));
    expect([again.blocks, await linesOf(again)]).toEqual([2, [1]]);
    const { a, b } = await links();
    again.attach(a);
    const core = await replica(again, b);
    expect(parseBlock((await core.get(1)) ?? Buffer.alloc(0)).map((t) => t.line)).toEqual([1]);
  });

  it('takes nothing after it was closed, and leaves nothing once wiped', async () => {
    const folder = tempDir();
    const made = await newGeneration(folder, marie);
    const closing = made.close();
    await made.append(lines(1));
    await closing;
    const again = await reopened(folder, made.stored);
    expect(again.blocks).toBe(1);
    await again.close();
    await made.wipe();
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('on a connection', () => {
  it('serves whom it is attached to, live', async () => {
    const made = await generation();
    await made.append(lines(1, 2));
    const { a, b } = await links();
    made.attach(a);
    const core = await replica(made, b);
    const { header } = parseHeader((await core.get(0)) ?? Buffer.alloc(0));
    expect(header).toMatchObject({ core: made.stored.core, owner: { uid: 1001, sign: marie.signKey } });
    await made.append(lines(3));
    await until(() => core.length === 3, { what: 'the live block' });
    expect(parseBlock((await core.get(2)) ?? Buffer.alloc(0)).map((t) => t.line)).toEqual([3]);
  });

  it('gives a wrong block key nothing that can be read', async () => {
    const made = await generation();
    await made.append(lines(1));
    const { a, b } = await links();
    made.attach(a);
    const core = await replica(made, b, Buffer.alloc(32, 9));
    const block = await core.get(0);
    expect(() => parseHeader(block ?? Buffer.alloc(0))).toThrow(/core header/);
    expect(() => parseBlock(Buffer.from('x'))).toThrow(/block/);
    expect(block?.includes('teammate-sync')).toBe(false);
  });

  it('gives nothing to a peer that knows the core key and the block key but is not attached', async () => {
    const made = await generation();
    await made.append(lines(1));
    const granted = await links();
    made.attach(granted.a);
    const hostile = await links();
    // A hostile client replicates whatever it likes: a single core, or everything that it has.
    const core = await replica(made, hostile.b);
    const store = new Corestore(`${tempDir()}/hostile`);
    onTestFinished(() => store.close());
    const all = store.get({ key: bytes(made.stored.core), encryption: { key: bytes(made.stored.key) } });
    await all.ready();
    (store as unknown as { replicate(mux: unknown): void }).replicate(hostile.b.mux);
    await expect(core.get(0, { timeout: 700 })).rejects.toThrow();
    await expect(all.get(1, { timeout: 700 })).rejects.toThrow();
    expect([core.length, all.length]).toEqual([0, 0]);
    // The granted one beside it is served all the while.
    const good = await replica(made, granted.b);
    expect(await good.get(1)).not.toBeNull();
  });

  it('taken away gives nothing more in that very tick, whatever the peer does, and may be given again', async () => {
    const made = await generation();
    await made.append(lines(1));
    await made.append(lines(2));
    const { a, b } = await links();
    made.attach(a);
    const core = await replica(made, b);
    await core.get(1);
    made.detach(a);
    void made.append(lines(3));
    // Asks again on the same connection, for what it never had and for what is new.
    core.replicate(b.mux);
    const other = await replica(made, b);
    await expect(core.get(2, { timeout: 700 })).rejects.toThrow();
    await expect(other.get(0, { timeout: 700 })).rejects.toThrow();
    expect([core.length, other.length]).toEqual([3, 0]);
    made.attach(a);
    core.replicate(b.mux);
    await until(() => core.length === 4, { what: 'the grant again' });
    expect(await core.get(2)).not.toBeNull();
  });

  it('taken away from one connection stays on the others', async () => {
    const made = await generation();
    const one = await links();
    const two = await links();
    made.attach(one.a);
    made.attach(two.a);
    const [first, second] = [await replica(made, one.b), await replica(made, two.b)];
    await Promise.all([first.get(0), second.get(0)]);
    made.detach(one.a);
    await made.append(lines(1));
    await until(() => second.length === 2);
    await expect(first.get(1, { timeout: 500 })).rejects.toThrow();
  });
});
