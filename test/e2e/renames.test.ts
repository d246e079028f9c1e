/** Other names for the same ids: of a person, of the organisation; and the same name for another id. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/platform/config.ts';
import { until } from '../support/until.ts';
import { type Person, people, reads, sharing, World, useWorld } from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const notesOf = async (at: Person): Promise<string[]> =>
  (await at.client.call('status', {})).errors.filter((e) => e.code === 'RENAMED').map((e) => e.message);

/** The list of members is asked for anew. */
async function listed(all: Person[], done: () => boolean | Promise<boolean>): Promise<void> {
  for (const person of all) person.clock.pass(61_000);
  await until(done, { what: 'the new name known' });
}

/** What each verb that takes a handle is refused with. */
async function typed(at: Person, handle: string, session: { session: string; cwd: string }): Promise<string[]> {
  const { client } = at;
  const to = { ...session, note: null, fromNow: false, withThinking: false };
  const body = { handle };
  const attempts: (() => Promise<unknown>)[] = [
    () => client.call('share', { body: { ...to, to: [handle] } }),
    () => client.call('unshare', { body: { ...session, from: [handle], all: false } }),
    ...(['accept', 'decline', 'disconnect', 'block', 'unblock'] as const).map((v) => () => client.call(v, { body })),
    () => client.call('trust', { body: { handle, code: null } }),
    ...[true, false].map((match) => () => client.call('verify', { body: { handle, match } })),
    () => client.call('inbox', { params: { handle } }),
    () => at.read(handle, null),
  ];
  const codes: string[] = [];
  for (const attempt of attempts) {
    codes.push(
      await attempt().then(
        () => 'done',
        (error: unknown) => String((error as { code?: unknown }).code),
      ),
    );
  }
  return [...new Set(codes)];
}

describe('somebody who renamed their account', () => {
  it('is the same person, told once; the old handle says who it is now, and is nobody else’s', async () => {
    const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
    const claude = await alice.claude();
    claude.say('one');
    const here = { session: claude.session, cwd: claude.cwd };
    await sharing(alice, claude, ['one'], bob);
    const now = `${bob.login}-k`;
    // Typed before this machine knows.
    world.github.rename(bob.login, now);
    await expect(alice.share(claude, bob.login)).rejects.toMatchObject({ code: 'RENAMED' });
    await listed([alice, bob], async () => (await notesOf(bob)).length === 1);
    const told = [`${now}: ${bob.login} is now ${now}, the same account`];
    expect(await notesOf(alice)).toEqual(told);
    expect(await typed(alice, bob.login, here)).toEqual(['RENAMED']);

    const { accepted } = await alice.client.call('connections', {});
    const { sessions } = await alice.client.call('shared', {});
    expect([accepted[0]?.handle, sessions[0]?.recipients[0]?.handle]).toEqual([now, now]);
    claude.say('two');
    await reads(bob, alice, claude, ['one', 'two']);
    for (const person of [alice, bob]) await person.restart();
    claude.say('three');
    await reads(bob, alice, claude, ['one', 'two', 'three']);
    await listed([alice, bob], () => alice.rooms.directory.contact().answeredAt !== null);
    expect(await notesOf(alice)).toEqual([]);
    expect((await alice.share(claude, now)).people[0]?.outcome).toBe('already');

    // Somebody else takes the old name, and is in the org.
    world.github.addUser({ login: bob.login, id: 66_000 });
    world.github.addMember('acme', { login: bob.login });
    await listed([alice, bob], () => alice.rooms.people.get(66_000) !== null);
    expect(await typed(alice, bob.login.toUpperCase(), here)).toEqual(['HANDLE_REUSED']);
    expect((await alice.share(claude, now)).people[0]?.outcome).toBe('already');
  });
});

describe('an alias of somebody', () => {
  it('means their account, whoever has their handle by now and whatever was lost here', async () => {
    const [alice] = (await people(world, 'alice')) as [Person];
    const claude = await alice.claude();
    const here = { session: claude.session, cwd: claude.cwd };
    // A member without a device: nothing else is known of them.
    world.member('tomas');
    await alice.client.call('alias', { body: { name: 't', handle: 'tomas' } });
    world.github.rename('tomas', 'tomas-of-before');
    world.github.addUser({ login: 'tomas', id: 67_000 });
    world.github.addMember('acme', { login: 'tomas' });
    const attempts = async (): Promise<unknown> => {
      const to = { ...here, to: ['t'], note: null, fromNow: false, withThinking: false };
      return alice.client.call('share', { body: to });
    };
    await expect(attempts()).rejects.toMatchObject({ code: 'HANDLE_REUSED' });
    await alice.restart();
    await expect(attempts()).rejects.toMatchObject({ code: 'HANDLE_REUSED' });
    await alice.stop();
    fs.rmSync(path.join(alice.home, 'state', 'pins.json'));
    await alice.start();
    await expect(attempts()).rejects.toMatchObject({ code: 'HANDLE_REUSED' });
    expect((await alice.client.call('shared')).sessions).toEqual([]);
  });

  it('means nobody once another has come to be called like it, until it is given up', async () => {
    const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
    const claude = await alice.claude();
    const here = { session: claude.session, cwd: claude.cwd };
    await alice.client.call('alias', { body: { name: 'chief', handle: bob.login } });
    // An alias of an alias.
    await alice.client.call('alias', { body: { name: 'boss', handle: 'chief' } });
    expect(await alice.client.call('aliases')).toEqual({ aliases: [{ name: 'boss', handle: bob.login }] });
    world.github.addUser({ login: 'boss', id: 68_000 });
    world.github.addMember('acme', { login: 'boss' });
    await listed([alice], () => alice.rooms.people.members.members.some(({ login }) => login === 'boss'));
    expect(await typed(alice, 'boss', here)).toEqual(['ALIAS_TAKEN']);
    expect((await alice.client.call('shared')).sessions).toEqual([]);
    await alice.client.call('alias', { body: { name: 'boss', handle: null } });
    const to = { ...here, to: ['boss'], note: null, fromNow: false, withThinking: false };
    expect((await alice.client.call('share', { body: to })).people).toMatchObject([{ handle: 'boss' }]);
  });
});

describe('an organisation that was renamed', () => {
  it('is known by its id, told once, also when somebody else has taken the old name', async () => {
    const own = await World.start();
    onTestFinished(() => own.close());
    const [alice, bob] = [await own.person('alice'), await own.person('bob')];
    const claude = await alice.claude();
    claude.say('one');
    await sharing(alice, claude, ['one'], bob);
    own.github.rename('acme', 'acme-inc');
    own.github.addUser({ login: 'mallory', id: 66_000 });
    own.github.addOrg({ login: 'acme', id: 77_000, members: [{ login: 'mallory', public: true }] });
    await listed([alice, bob], async () => (await notesOf(alice)).length > 0);
    expect(await notesOf(alice)).toEqual(['workspace: acme is now acme-inc, the same organisation']);
    expect(alice.rooms.people.get(66_000)).toBeNull();
    expect((await alice.client.call('whoami', {})).org).toBe('acme-inc');
    claude.say('two');
    await reads(bob, alice, claude, ['one', 'two']);
    await alice.restart();
    expect(readConfig(alice.rooms.settings.paths.config)?.org).toBe('acme-inc');
    // A new connection needs its word of now.
    const late = own.machine('carol', own.github.addUser({ login: 'carol', id: 5005 }).token, own.folder);
    own.github.addMember('acme-inc', { login: 'carol' });
    expect((await alice.share(claude, late.login)).people[0]?.outcome).toBe('waiting');
    expect(await notesOf(alice)).toEqual([]);
  });
});
