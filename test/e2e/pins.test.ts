/** What happens to what is shared when GitHub leaves a device out, or says nothing clear. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FORMER_TOPIC_MS, GITHUB_SECOND_NO_MS, GITHUB_STALE_MAX_MS } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import { rounds } from '../support/world/rounds.ts';
import {
  connected,
  type FakeClaude,
  invited,
  type Person,
  people,
  reads,
  refusedRead,
  sharing,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const stateAt = (at: Person, of: Person): string =>
  at.rooms.people
    .get(of.rooms.self.uid)
    ?.devices.map((d) => d.state)
    .join() ?? 'nobody';

/** Takes the person's records off GitHub; returns what puts them there again. */
function takeOff(person: Person): () => void {
  const gists = world.github.gistsOf(person.login);
  for (const { id } of gists) world.github.deleteGist(id);
  return () => {
    for (const { id, files, description } of gists)
      world.github.putGist({ owner: person.login, id, files, description });
  };
}

const codes = async (at: Person): Promise<string[]> => (await at.client.call('status', {})).errors.map((e) => e.code);
const generations = (of: Person, claude: FakeClaude): number =>
  of.rooms.sharing.get(claude.session)?.stored.generations.length ?? 0;
const told = (owner: Person, claude: FakeClaude, to: Person): number | null =>
  owner.rooms.sharing.leases.until(to.rooms.self.uid, claude.session);

async function talk(of: Person, project: string, text: string): Promise<FakeClaude> {
  const claude = await of.claude(project);
  claude.say(text);
  return claude;
}

describe('a device that GitHub leaves out', () => {
  it('once: gets nothing new and keeps what it has; listed again: nothing was lost; twice: an alarm, and it is out', async () => {
    const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
    const both = [alice, bob];
    const first = await talk(alice, 'first', 'one');
    await sharing(alice, first, ['one'], bob);
    const before = generations(alice, first);

    const putBack = takeOff(bob);
    await rounds(world, 'left out once', () => stateAt(alice, bob) === 'missing');
    const second = await talk(alice, 'second', 'new');
    await alice.share(second, bob.login);
    expect(told(alice, second, bob)).toBeNull();
    first.say('two');
    await reads(bob, alice, first, ['one', 'two']);
    expect(bob.rooms.inbox.of(alice.rooms.self.uid)).toHaveLength(1);
    // Also on a new link nothing is granted, and nothing is taken back.
    await bob.rooms.swarm.stop();
    await bob.restart();
    await until(() => alice.rooms.swarm.linksOf(bob.rooms.self.uid).length > 0, { what: 'bob back' });
    expect([stateAt(alice, bob), await codes(alice)]).toEqual(['missing', []]);
    putBack();
    await rounds(world, 'listed again', () => stateAt(alice, bob) === 'good');
    await reads(bob, alice, first, ['one', 'two']);
    await reads(bob, alice, second, ['new']);
    expect(generations(alice, first)).toBe(before);

    // His daemon started anew, and may still be about to publish: that is taken off, too.
    const taken: (() => void)[] = [];
    const stays = (state: string): boolean => {
      taken.push(takeOff(bob));
      return stateAt(alice, bob) === state;
    };
    await rounds(world, 'left out once more', () => stays('missing'));
    const keys = alice.transportKeys();
    for (const person of both) person.clock.pass(GITHUB_SECOND_NO_MS);
    await rounds(world, 'left out twice', () => stays('unlisted'));
    await until(() => generations(alice, first) > before, { what: 'a new generation' });
    await until(() => alice.rooms.swarm.linksOf(bob.rooms.self.uid).length === 0, { what: 'its link cut' });
    expect(alice.transportKeys()).not.toEqual(keys);
    expect(await codes(alice)).toContain('DEVICE_UNLISTED');

    for (const back of taken) back();
    await rounds(world, 'listed after all', () => stateAt(alice, bob) === 'good');
    expect(await codes(alice)).not.toContain('DEVICE_UNLISTED');
    first.say('three');
    await reads(bob, alice, first, ['one', 'two', 'three']);
  });

  it('with its whole account, is out, too', async () => {
    const [alice, carol] = [await world.person('alice-g'), await world.person('carol-g')];
    onTestFinished(async () => {
      await Promise.all([alice.close(), carol.close()]);
      world.github.removeMember('acme', alice.login);
    });
    const claude = await talk(alice, 'proj', 'one');
    await sharing(alice, claude, ['one'], carol);
    world.github.deleteUser(carol.login);
    alice.clock.pass(61_000);
    await rounds(world, 'the account missed', () => stateAt(alice, carol) === 'missing');
    const other = await talk(alice, 'other', 'new');
    await alice.rooms.sharing.share(
      { session: other.session, project: 'other', cwd: other.cwd, transcriptPath: other.transcriptPath },
      [{ uid: carol.rooms.self.uid, login: carol.login }],
      { fromNow: false, withThinking: false },
    );
    expect(told(alice, other, carol)).toBeNull();
    for (const person of [alice, carol]) person.clock.pass(GITHUB_SECOND_NO_MS + 61_000);
    await rounds(world, 'gone', () => alice.rooms.sharing.get(claude.session) === null);
    expect(await codes(alice)).toContain('NOT_A_MEMBER');
    await until(() => carol.rooms.inbox.of(alice.rooms.self.uid).length === 0, { what: 'her copy gone' });
  });
});

describe('while GitHub says nothing clear', () => {
  it('what was shared and who was connected goes on for a week; then nothing new, and leases end; its word heals it', async () => {
    const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
    const both = [alice, bob];
    const stale = async (): Promise<boolean> =>
      (await alice.client.call('connections', {})).accepted.some((p) => p.staleSince !== null);
    const first = await talk(alice, 'first', 'one');
    await sharing(alice, first, ['one'], bob);
    expect(await stale()).toBe(false);
    world.github.addFault({ status: 503, times: null });
    onTestFinished(() => world.github.clearFaults());
    await rounds(world, 'stale', stale);
    expect((await alice.client.call('status', {})).people[0]?.staleSince).not.toBeNull();
    const second = await talk(alice, 'second', 'new');
    expect((await alice.share(second, bob.login)).people[0]?.outcome).toBe('shared');
    await reads(bob, alice, second, ['new']);

    // The word is a few seconds old when the silence begins, and is kept over a restart.
    for (const person of both) person.clock.pass(GITHUB_STALE_MAX_MS - 60 * 60_000);
    first.say('two');
    await reads(bob, alice, first, ['one', 'two']);
    for (const person of both) person.clock.pass(60 * 60_000);
    const third = await talk(alice, 'third', 'late');
    await expect(alice.share(third, bob.login)).rejects.toMatchObject({ code: 'STALE' });
    expect(alice.rooms.sharing.get(third.session)).toBeNull();
    expect(await refusedRead(bob, alice, first)).toBe('NO_LONGER_SHARED');
    await alice.restart();
    await until(() => alice.rooms.swarm.linksOf(bob.rooms.self.uid).length > 0, { what: 'linked again' });
    for (const person of both) person.clock.pass(6 * 60_000);
    await until(async () => (await codes(alice)).includes('STALE'), { what: 'STALE in the status' });
    expect(told(alice, first, bob)).toBeNull();

    world.github.clearFaults();
    await rounds(world, 'clear again', async () => !(await stale()));
    await reads(bob, alice, first, ['one', 'two']);
    expect(await codes(alice)).not.toContain('STALE');
  });

  it('a connection that comes about meanwhile waits for its word', async () => {
    const [alice, tess] = (await people(world, 'alice', 'tess')) as [Person, Person];
    const claude = await talk(alice, 'proj', 'one');
    await alice.share(claude, tess.login);
    await invited(tess, alice);
    // Only about her: what she asks herself is answered.
    world.github.addFault({ path: `/users/${tess.login}/gists`, status: 503, times: null });
    onTestFinished(() => world.github.clearFaults());
    await rounds(world, 'stale', () => alice.rooms.people.staleSince(tess.rooms.self.uid) !== null);
    await tess.accept(alice.login);
    await connected(alice, tess);
    expect(told(alice, claude, tess)).toBeNull();
    world.github.clearFaults();
    await rounds(world, 'clear', () => alice.rooms.people.staleSince(tess.rooms.self.uid) === null);
    await reads(tess, alice, claude, ['one']);
  });
});

describe('a device with another box key', () => {
  /** The key is lost, and another one is made; the daemon publishes it and is stopped again. */
  async function rekey(person: Person): Promise<void> {
    const texts = (): string => JSON.stringify(world.github.gistsOf(person.login));
    const before = texts();
    await person.stop();
    fs.writeFileSync(path.join(person.home, 'keys', 'box.seed'), randomBytes(32), { mode: 0o600 });
    await person.start();
    await until(() => texts() !== before, { what: 'the new key published' });
    await person.stop();
  }
  const topics = (of: Person): number => of.joined().length / of.rooms.swarm.nodes.length;

  it('is believed and told; the topic of the old one stays until it is met on the new one, or for a week', async () => {
    const [alice, bob, carol] = (await people(world, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    const claude = await talk(alice, 'proj', 'one');
    await sharing(alice, claude, ['one'], bob, carol);
    await until(() => topics(alice) === 2, { what: 'both met' });
    for (const person of [bob, carol]) await rekey(person);
    await rounds(world, 'both topics of both', () => topics(alice) === 4);
    expect(await codes(alice)).toContain('DEVICE_REKEYED');
    await alice.restart();
    expect(topics(alice)).toBe(4);
    await bob.start();
    await reads(bob, alice, claude, ['one']);
    expect(topics(alice)).toBe(3);
    alice.clock.pass(FORMER_TOPIC_MS + 6 * 60_000);
    await until(() => topics(alice) === 2, { what: 'the other one left' });
  });
});
