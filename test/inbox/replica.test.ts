/** Real connections to an owner who may be hostile: what is shown, what is refused, by which name, and what is left. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import HyperDHT from 'hyperdht';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openCoreFolder } from '../../src/platform/core-storage.ts';
import { encodeBlock, encodeEntry } from '../../src/protocol/core-block.ts';
import { BLOCK_MAX_BYTES } from '../../src/protocol/limits.ts';
import { b64of, turn } from '../protocol/samples.ts';
import { makeSelf } from '../support/device.ts';
import { connectLinks, type Links } from '../support/links.ts';
import { Noise } from '../support/noise.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { OwnerCore, Rig } from './support.ts';

let noise: Noise;
beforeAll(async () => {
  noise = await Noise.start();
});
afterAll(() => noise.close());

interface Scene {
  rig: Rig;
  links: Links;
}

async function scene(): Promise<Scene> {
  const rig = new Rig();
  await rig.inbox.start();
  const links = await connectLinks(noise, { self: rig.owner, clock: rig.clock }, { self: rig.me, clock: rig.clock });
  onTestFinished(() => links.close());
  return { rig, links };
}

const block = (...numbers: number[]): Buffer => encodeBlock(numbers.map((n) => encodeEntry(turn(n))));

/** The owner serves this core and grants it. */
function offer({ rig, links }: Scene, owner: OwnerCore): void {
  owner.core.replicate(links.a.mux);
  rig.inbox.granted(links.b, owner.grant);
}
const replica = (rig: Rig) => rig.inbox.of(1001)[0]?.replica;
const proved = (rig: Rig): Promise<unknown> => until(() => replica(rig)?.header, { what: 'the header' });
/** It is refused by this name, nothing of it can be read, and nothing of it stays. */
async function refused(rig: Rig, code: string): Promise<void> {
  await until(() => rig.problems.length > 0, { what: 'the refusal' });
  expect(rig.problems).toEqual([code]);
  expect(rig.inbox.of(1001)).toEqual([]);
  await until(() => fs.readdirSync(rig.folder).length === 1, { what: 'the wipe' });
}

describe('an honest owner', () => {
  it('is read, live, and the key is nowhere on the disk', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(block(1, 2));
    offer(at, owner);
    await proved(at.rig);
    expect((await replica(at.rig)?.read(1, 3000))?.map((t) => t.line)).toEqual([1, 2]);
    await owner.core.append(block(3));
    await until(() => replica(at.rig)?.length === 3);
    expect((await replica(at.rig)?.read(2, 3000))?.map((t) => t.line)).toEqual([3]);
    await until(() => replica(at.rig)?.fetched.turns === 3, { what: 'all turns' });
    const held = replica(at.rig);
    await at.rig.inbox.stop();
    expect(await held?.read(1, 0)).toBeNull();
    const key = Buffer.from(owner.grant.key, 'base64url');
    for (const file of fs
      .readdirSync(at.rig.folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())) {
      const content = fs.readFileSync(`${file.parentPath}/${file.name}`);
      for (const secret of [key, owner.grant.key, 'line 1', 'teammate-sync/core'])
        expect(content.includes(secret)).toBe(false);
    }
  });

  it('who unshares while it is read is gone in that tick', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(block(1));
    offer(at, owner);
    await proved(at.rig);
    const held = replica(at.rig);
    at.rig.inbox.ended(at.rig.end());
    expect(await held?.read(1, 1000)).toBeNull();
    await until(() => fs.readdirSync(at.rig.folder).length === 1, { what: 'the wipe' });
    expect(at.rig.problems).toEqual([]);
  });

  it('who shares the same core again at once is read again', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(block(1));
    offer(at, owner);
    await proved(at.rig);
    at.rig.inbox.ended(at.rig.end());
    const { core, key, gid } = owner.grant;
    at.rig.inbox.granted(at.links.b, at.rig.grant({ core, key, gid }));
    await proved(at.rig);
    expect((await replica(at.rig)?.read(1, 3000))?.map((t) => t.line)).toEqual([1]);
  });

  it('is not served on: a recipient gives nothing to a third', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(block(1));
    offer(at, owner);
    await proved(at.rig);
    await until(() => replica(at.rig)?.fetched.blocks === 1);
    const eve = makeSelf({ uid: 3003, login: 'eve', clock: at.rig.clock });
    const third = await connectLinks(
      noise,
      { self: at.rig.me, clock: at.rig.clock },
      { self: eve, clock: at.rig.clock },
    );
    onTestFinished(() => third.close());
    const copy = await openCoreFolder(
      `${tempDir()}/eve`,
      { key: owner.core.key },
      Buffer.from(owner.grant.key, 'base64url'),
    );
    onTestFinished(() => copy.close());
    copy.core.replicate(third.b.mux);
    await expect(copy.core.get(0, { timeout: 700 })).rejects.toThrow();
    expect(copy.core.length).toBe(0);
  });
});

describe('a header', () => {
  it.each([
    ['of another session', { header: { session: '11111111-2f31-4cb4-8ff0-01247f50c64c' } }],
    ['of another generation', { header: { gen: 7 } }],
    ['of another core', { header: { core: b64of(32, 50) } }],
    ['of another account', { header: { owner: { uid: 9, sign: b64of(32, 1) } } }],
    ['of another device', { header: { owner: { uid: 1001, sign: b64of(32, 50) } } }],
    ['of another host', { header: { host: 'git.example.org' } }],
    ['of another org', { header: { org: 1 } }],
    [
      'that is none',
      { first: Buffer.from('hello, this is no header of a session core, and it is not signed either. x') },
    ],
    ['that is too short', { first: Buffer.from('x') }],
    ['that is empty', { first: Buffer.alloc(0) }],
    ['that is huge', { first: Buffer.alloc(300_000, 1) }],
    ['under another block key', { grant: { key: b64of(32, 9) } }],
  ])('%s is refused', async (_what, options) => {
    const at = await scene();
    offer(at, await OwnerCore.make(at.rig, options));
    await refused(at.rig, 'HEADER_MISMATCH');
  });

  it('signed by somebody else is refused', async () => {
    const at = await scene();
    const mallory = makeSelf({ uid: 3003, login: 'mallory', clock: at.rig.clock });
    offer(at, await OwnerCore.make(at.rig, { signer: mallory }));
    await refused(at.rig, 'HEADER_MISMATCH');
  });

  it('of a core that is not encrypted, in blocks too short to be, is refused without a busy wait', async () => {
    const at = await scene();
    const { default: Corestore } = await import('corestore');
    const store = new Corestore(`${tempDir()}/plain`);
    onTestFinished(() => store.close());
    const core = store.get({ keyPair: HyperDHT.keyPair(), writable: true });
    await core.ready();
    await core.append([Buffer.from('a'), Buffer.from('b')]);
    core.replicate(at.links.a.mux);
    at.rig.inbox.granted(at.links.b, at.rig.grant({ core: core.key.toString('base64url') }));
    await refused(at.rig, 'HEADER_MISMATCH');
  });

  it('shows nothing before it is proved', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(block(1));
    at.rig.inbox.granted(at.links.b, owner.grant);
    const held = replica(at.rig);
    expect([held?.header, await held?.read(1, 100)]).toEqual([null, null]);
  });
});

describe('a hostile core', () => {
  it.each([
    ['a block over the limit', Buffer.concat([Buffer.from([1, 0, 0, 0, 1]), Buffer.alloc(BLOCK_MAX_BYTES)])],
    ['a block of another format', Buffer.from([9, 0, 0, 0, 1])],
    ['an empty block', Buffer.alloc(0)],
  ])('with %s is refused', async (_what, bad) => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(bad);
    offer(at, owner);
    await refused(at.rig, 'FRAME_MALFORMED');
  });

  it.each([
    ['entries that are not there', Buffer.from([1, 255, 255, 255, 255])],
    ['an entry that is none', encodeBlock([Buffer.from('{"line":1}')])],
    ['an entry nested deeply', encodeBlock([Buffer.from('['.repeat(100_000))])],
  ])('with %s is refused when it is read', async (_what, bad) => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append(bad);
    offer(at, owner);
    await proved(at.rig);
    expect(await replica(at.rig)?.read(1, 3000)).toEqual([]);
    await refused(at.rig, 'FRAME_MALFORMED');
  });

  it('that is rewritten is refused', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append([block(1), block(2)]);
    offer(at, owner);
    await proved(at.rig);
    await until(() => replica(at.rig)?.fetched.blocks === 2);
    await owner.core.truncate(2);
    await owner.core.append(block(3));
    await refused(at.rig, 'GENERATION_FORKED');
  });

  it('that was rewritten before it is granted is refused', async () => {
    const at = await scene();
    const owner = await OwnerCore.make(at.rig);
    await owner.core.append([block(1), block(2)]);
    await owner.core.truncate(2);
    await owner.core.append(block(3));
    expect(owner.core.fork).toBe(1);
    offer(at, owner);
    await refused(at.rig, 'GENERATION_FORKED');
  });

  it('of somebody else under a grant of the owner is refused', async () => {
    const at = await scene();
    const stolen = await OwnerCore.make(at.rig, {
      header: { owner: { uid: 3003, sign: createHash('sha256').update('x').digest('base64url') } },
    });
    offer(at, stolen);
    await refused(at.rig, 'HEADER_MISMATCH');
  });
});
