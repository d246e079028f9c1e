/** Leases and restarts: what pauses comes back untyped, and what ran out is gone. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesWith, spellings } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  linked,
  people,
  reads,
  refusedRead,
  sharedWith,
  sharing,
  uid,
  type World,
  useWorld,
  pass,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const MINUTE = 60_000;

describe('a lease', () => {
  it('that is not renewed runs out at the recipient, and comes back untyped when the owner does', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const stored = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0]?.stored;
    await marie.stop();
    pass(59 * MINUTE, marie, sam);
    await reads(sam, marie, claude, ['one']);
    expect((await sam.client.call('inbox', { params: { handle: marie.login } })).sessions[0]?.state).toBe('offline');
    pass(2 * MINUTE, marie, sam);
    expect(await refusedRead(sam, marie, claude)).toBe('NO_LONGER_SHARED');
    await until(() => filesWith(sam.home, [claude.session, ...spellings(stored?.core ?? '')]).length === 0);

    claude.say('two');
    await marie.start();
    await reads(sam, marie, claude, ['one', 'two']);
  });

  it('is renewed while both are there', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const until0 = sam.rooms.inbox.of(await uid(marie))[0]?.lease.untilElapsed ?? 0;
    pass(21 * MINUTE, marie, sam);
    await until(async () => (sam.rooms.inbox.of(await uid(marie))[0]?.lease.untilElapsed ?? 0) > until0 + 20 * MINUTE);
    pass(21 * MINUTE, marie, sam);
    pass(21 * MINUTE, marie, sam);
    await reads(sam, marie, claude, ['one']);
  });
});

describe('restarts', () => {
  it('of the recipient: nothing is readable without the owner, and it comes back by itself', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await marie.stop();
    await sam.restart();
    // Ciphertext only: its key was in memory.
    expect(await refusedRead(sam, marie, claude)).toBe('NOT_HERE_YET');
    expect((await sam.client.call('inbox', { params: { handle: marie.login } })).sessions[0]?.state).toBe('waiting');
    await marie.start();
    await reads(sam, marie, claude, ['one']);
  });

  it('of the owner: a new generation continues where the old one ended, without a gap or a repeat', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('one', 'two');
    await sharing(marie, claude, ['one', 'two'], sam);
    for (const text of ['three', 'four']) {
      await marie.stop();
      claude.say(text);
      await marie.start();
    }
    claude.say('five');
    await reads(sam, marie, claude, ['one', 'two', 'three', 'four', 'five']);
    const generations = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam)) ?? [];
    expect(generations.length).toBe(3);
    expect(new Set(generations.map((g) => g.stored.key)).size).toBe(3);
  });

  it('of the owner after the conversation ended: the share is over', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await marie.stop();
    claude.kill();
    await marie.start();
    expect(await refusedRead(sam, marie, claude)).toBe('NO_LONGER_SHARED');
    await until(async () => (await marie.client.call('shared', {})).sessions.length === 0);
  });

  it('an end that the recipient missed is there when it comes back', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await sam.stop();
    await marie.client.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } });
    await sam.start();
    await linked(marie, sam);
    await until(() => filesWith(sam.home, [claude.session]).length === 0);
    expect(await refusedRead(sam, marie, claude)).toBe('NO_LONGER_SHARED');
  });

  it('a disconnect that the other missed is delivered when it comes back', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await sam.stop();
    await marie.client.call('disconnect', { body: { handle: sam.login } });
    await sam.start();
    await until(async () => (await sam.client.call('connections', {})).accepted.length === 0);
    await until(() => filesWith(sam.home, [claude.session]).length === 0);
    // Delivered: from now on the two do not meet any more.
    await until(() => marie.rooms.swarm.links().every((l) => l.sign !== sam.rooms.self.signKey));
  });
});

describe('a copied folder', () => {
  it('of session cores is not written to: what is shared is made anew, and readers see it once', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const share = path.join(marie.home, 'state', 'share');
    const before =
      marie.rooms.sharing
        .get(claude.session)
        ?.readableBy(await uid(sam))
        .map((g) => g.stored.core) ?? [];
    await marie.stop();
    // As a backup or a move to another disk leaves it.
    fs.cpSync(share, `${share}-copy`, { recursive: true });
    fs.rmSync(share, { recursive: true });
    fs.renameSync(`${share}-copy`, share);
    claude.say('two');
    await marie.start();
    await reads(sam, marie, claude, ['one', 'two']);
    const now =
      marie.rooms.sharing
        .get(claude.session)
        ?.readableBy(await uid(sam))
        .map((g) => g.stored.core) ?? [];
    expect(now.filter((core) => before.includes(core))).toEqual([]);
    const folders = (): string[] =>
      fs.readdirSync(path.join(share, claude.session)).filter((name) => /^\d+$/.test(name));
    await until(() => folders().length === now.length, { what: 'what cannot be opened to be removed' });
  });
});

describe('the source', () => {
  it('that was replaced replaces what recipients have', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('one', 'two', 'three');
    await sharing(marie, claude, ['one', 'two', 'three'], sam);
    const { TranscriptWriter } = await import('../support/transcript.ts');
    const other = new TranscriptWriter({ session: claude.session, seed: 'other' });
    other.prompt('quite different');
    fs.writeFileSync(claude.transcriptPath, other.text);
    await reads(sam, marie, claude, ['quite different']);
  });
});
