/** What ends is gone: on the live connection in the same tick, on the recipient's disk soon after. */
import Corestore from 'corestore';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesWith, spellings } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  people,
  type Person,
  reads,
  refusedRead,
  sharedWith,
  sharing,
  uid,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

/** Keys of the generations that the recipient was granted, as the owner has them. */
async function keysOf(owner: Person, claude: FakeClaude, recipient: Person): Promise<(string | Buffer)[]> {
  const generations = owner.rooms.sharing.get(claude.session)?.readableBy(await uid(recipient)) ?? [];
  expect(generations.length).toBeGreaterThan(0);
  return generations.flatMap((g) => [...spellings(g.stored.key), ...spellings(g.stored.core)]);
}

/** Nothing of the session is left at the recipient, on disk or by any command. */
async function gone(recipient: Person, owner: Person, claude: FakeClaude, keys: (string | Buffer)[]): Promise<void> {
  await refusedRead(recipient, owner, claude);
  await until(() => filesWith(recipient.home, [claude.session, ...keys]).length === 0, {
    what: 'nothing left on disk',
  });
  const inbox = path.join(recipient.home, 'state', 'inbox');
  await until(() => fs.readdirSync(inbox).every((name) => name === 'inbox.json'), { what: 'no folder left' });
  expect(recipient.rooms.inbox.of(await uid(owner))).toEqual([]);
  await expect(recipient.client.call('inbox', { params: { handle: owner.login } })).rejects.toThrow();
}

/** Every way in which a share ends. */
const ENDS: Record<string, (owner: Person, claude: FakeClaude, recipient: Person) => Promise<unknown>> = {
  unshare: (owner, claude) =>
    owner.client.call('unshare', { body: { session: claude.session.slice(0, 9), cwd: '/', from: [], all: false } }),
  'unshare --all': (owner) => owner.client.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } }),
  'disconnect by the owner': (owner, _, recipient) =>
    owner.client.call('disconnect', { body: { handle: recipient.login } }),
  'disconnect by the recipient': (owner, _, recipient) =>
    recipient.client.call('disconnect', { body: { handle: owner.login } }),
  'block by the owner': (owner, _, recipient) => owner.client.call('block', { body: { handle: recipient.login } }),
  'block by the recipient': (owner, _, recipient) => recipient.client.call('block', { body: { handle: owner.login } }),
  SessionEnd: (_, claude) => claude.exit(),
  'kill -9 of the Claude Code process': async (_, claude) => claude.kill(),
};

describe.each(Object.keys(ENDS))('%s', (name) => {
  it('leaves no key, replica or index at the recipient', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('needle-in-the-text');
    await sharing(marie, claude, ['needle-in-the-text'], sam);
    const keys = await keysOf(marie, claude, sam);
    // The replica is there before, as ciphertext, and its key is not: what is looked for can be found.
    expect(
      filesWith(sam.home, spellings(marie.rooms.sharing.list()[0]?.readableBy(await uid(sam))[0]?.stored.core ?? ''))
        .length,
    ).toBeGreaterThan(0);
    expect(filesWith(sam.home, ['needle-in-the-text'])).toEqual([]);
    await ENDS[name]?.(marie, claude, sam);
    await gone(sam, marie, claude, keys);
    // Nor does the owner keep anything of it.
    await until(() => filesWith(path.join(marie.home, 'state', 'share'), keys).length === 0, {
      what: "owner's cores gone",
    });
    await sam.restart();
    await gone(sam, marie, claude, keys);
  });
});

describe('unshare in a folder', () => {
  it('where two conversations are shared ends neither and names both; a link to the folder is the folder', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const other = await marie.claude();
    other.say('two');
    await marie.share(other, sam.login);
    const link = path.join(marie.folder, 'link');
    fs.symlinkSync(claude.cwd, link);
    const body = { session: null, cwd: link, from: [], all: false };
    const candidates = [claude, other].map((c) => ({ session: c.session, project: 'proj' }));
    await expect(marie.client.call('unshare', { body })).rejects.toMatchObject({
      code: 'AMBIGUOUS_SESSION',
      details: { candidates },
    });
    expect((await marie.client.call('shared', {})).sessions.length).toBe(2);
    await marie.client.call('unshare', { body: { ...body, session: other.session } });
    expect((await marie.client.call('unshare', { body })).ended[0]?.session).toBe(claude.session);
  });
});

describe('lost messages', () => {
  it('an end that is lost is healed by the state that follows', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const keys = await keysOf(marie, claude, sam);
    Object.assign(sam.rooms.inbox, { ended: () => {} });
    await marie.client.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } });
    await gone(sam, marie, claude, keys);
  });

  it('a share whose conversation is unknown after a restart ends', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await marie.stop();
    claude.kill();
    fs.rmSync(path.join(marie.home, 'state', 'sessions.json'));
    await marie.start();
    await refusedRead(sam, marie, claude);
    expect((await marie.client.call('shared', {})).sessions).toEqual([]);
  });
});

describe('removing one of two', () => {
  it('stops that one at once on the live connection, and the other goes on', async () => {
    const [marie, sam, tess] = await people(world, 'marie', 'sam', 'tess');
    if (!marie || !sam || !tess) return;
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam, tess);

    // A modified client: it ignores every end, and keeps asking on the connection that it has.
    const generation = marie.rooms.sharing
      .get(claude.session)
      ?.readableBy(await uid(sam))
      .at(-1);
    const [link] = sam.rooms.swarm.linksOf(await uid(marie));
    const [held] = sam.rooms.inbox.of(await uid(marie));
    if (!generation || !link || !held) throw new Error('nothing to keep');
    const ignore = { ended: () => {}, stated: () => {} };
    Object.assign(sam.rooms.inbox, ignore);
    const before = held.replica.length;

    await marie.client.call('unshare', {
      body: { session: claude.session, cwd: '/', from: [sam.login.toUpperCase()], all: false },
    });
    claude.say('two', 'three');
    await reads(tess, marie, claude, ['one', 'two', 'three']);
    expect(held.replica.length).toBe(before);
    expect(await held.replica.read(before, 500)).toBeNull();

    // Nor does another core with the same keys get anything on that connection.
    await held.replica.close();
    const store = new Corestore(path.join(sam.folder, 'kept'));
    const kept = store.get({
      key: Buffer.from(generation.stored.core, 'base64url'),
      encryption: { key: Buffer.from(generation.stored.key, 'base64url') },
    });
    await kept.ready();
    kept.replicate(link.mux);
    await expect(kept.get(1, { timeout: 1000 })).rejects.toThrow();
    expect(kept.length).toBe(0);
    await store.close();

    const shared = (await marie.client.call('shared', {})).sessions[0];
    expect(shared?.recipients.map((r) => r.handle)).toEqual([tess.login]);
    // What comes now is in a core that the removed one never had a key of.
    const now = marie.rooms.sharing
      .get(claude.session)
      ?.readableBy(await uid(tess))
      .at(-1);
    expect(now?.stored.core).not.toBe(generation.stored.core);
  });

  it('a person who is added later reads everything, one added from now on only what comes', async () => {
    const [marie, sam, tess] = await people(world, 'marie', 'sam', 'tess');
    if (!marie || !sam || !tess) return;
    const claude = await marie.claude();
    claude.say('old');
    await sharing(marie, claude, ['old'], sam);
    // Written in the moment before the share: it came before, too.
    claude.say('just before');
    const body = {
      session: claude.session,
      cwd: '/',
      to: [tess.login],
      note: null,
      fromNow: true,
      withThinking: false,
    };
    await marie.client.call('share', { body });
    await until(async () => (await tess.client.call('connections', {})).pendingIn.length === 1);
    await tess.accept(marie.login);
    claude.say('new');
    await reads(tess, marie, claude, ['new']);
    await reads(sam, marie, claude, ['old', 'just before', 'new']);

    // What replaces all generations holds everything again: still not for her.
    await marie.client.call('share', { body: { ...body, fromNow: false, withThinking: true } });
    await reads(sam, marie, claude, ['old', 'just before', 'new']);
    claude.say('newer');
    await reads(tess, marie, claude, ['newer']);
    await reads(sam, marie, claude, ['old', 'just before', 'new', 'newer']);
    const hers = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(tess)) ?? [];
    const read: unknown[] = [];
    for (const generation of hers) {
      for (let block = 1; block < generation.blocks; block++) read.push(await generation.read(block));
    }
    expect(JSON.stringify(read)).toContain('"newer"');
    expect(JSON.stringify(read)).not.toContain('"old"');
  });
});
