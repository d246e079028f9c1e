/** Several devices of one person: added, read on, revoked; and that a word typed on one holds on all. */
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { codeOf, furtherMachine, joined, stateOf, trust } from '../support/world/machines.ts';
import { rounds } from '../support/world/rounds.ts';
import {
  type FakeClaude,
  connected,
  invited,
  linked,
  type Person,
  people,
  reads,
  sharing,
  uid,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const further = (person: Person): Promise<Person> => furtherMachine(world, person);

/** Resolves when `at` takes this device for good. */
async function goodAt(at: Person, device: Person): Promise<void> {
  const { uid: id, signKey } = device.rooms.self;
  await rounds(world, `${device.login}'s device good at ${at.login}`, () =>
    at.rooms.people.goodDevices(id).some((d) => d.sign === signKey),
  );
}

async function relationAt(at: Person, other: Person, relation: string): Promise<void> {
  const id = await uid(other);
  await until(() => at.rooms.connections.relation(id) === relation, { what: `${relation} at ${at.login}` });
}

/** Resolves when the person's status shows this code; rounds of the rotation pass meanwhile. */
async function notes(person: Person, code: string): Promise<void> {
  await rounds(world, `${code} at ${person.login}`, async () =>
    (await person.client.call('status', {})).errors.some((e) => e.code === code),
  );
}

async function shareBody(of: Person) {
  const claude = await of.claude();
  claude.say('hello');
  return { session: claude.session, cwd: claude.cwd, note: null, fromNow: false, withThinking: false };
}

async function someone(...names: string[]): Promise<Person[]> {
  return people(world, ...names);
}

describe('a further machine', () => {
  it('is used by contacts once an older one vouches for it: accept on one, read on the other', async () => {
    const [alice, bob] = (await someone('alice', 'bob')) as [Person, Person];
    await linked(alice, bob);
    const bob2 = await further(bob);
    await joined(bob, bob2);
    await goodAt(alice, bob2);
    await until(() => alice.rooms.swarm.linksOf(bob.rooms.self.uid).length === 2, { what: 'both of his linked' });
    const claude = await alice.claude();
    claude.say('one');
    await alice.share(claude, bob.login);
    await invited(bob2, alice);
    await bob.accept(alice.login);
    await reads(bob, alice, claude, ['one']);
    await connected(alice, bob2);
    await reads(bob2, alice, claude, ['one']);
    expect(await stateOf(bob, bob2)).toBe('good');
  });
});

describe('an unendorsed device', () => {
  it('gets nothing, is an alarm on both sides, and works once it is trusted', async () => {
    const [alice, bob] = (await someone('alice', 'bob')) as [Person, Person];
    const claude = await alice.claude();
    claude.say('one');
    await sharing(alice, claude, ['one'], bob);
    const bob2 = await further(bob);
    await notes(alice, 'DEVICE_BLOCKED');
    await notes(bob, 'OWN_DEVICE_UNKNOWN');
    await notes(bob2, 'OWN_DEVICE_UNKNOWN');
    expect(await stateOf(bob, bob2)).toBe('blocked');
    expect(alice.rooms.swarm.linksOf(bob.rooms.self.uid)).toHaveLength(1);

    const listed = await trust(alice, bob.login, null);
    expect([listed.trusted, listed.waiting.map((d) => d.code)]).toEqual([null, [await codeOf(bob2)]]);
    await expect(trust(alice, bob.login, 'AAAA-BBBB-CCCC')).rejects.toMatchObject({ code: 'WRONG_CODE' });
    expect(alice.rooms.people.goodDevices(bob.rooms.self.uid)).toHaveLength(1);

    await trust(alice, `@${bob.login.toUpperCase()}`, (await codeOf(bob2)).replaceAll('-', '').toLowerCase());
    // It is believed on her side; itself it knows no other device of its person whose accept would count there.
    await invited(bob2, alice);
    await bob2.accept(alice.login);
    await reads(bob2, alice, claude, ['one']);
    expect((await alice.client.call('status', {})).errors.map((e) => e.code)).not.toContain('DEVICE_BLOCKED');
  });
});

describe('a word typed on one device', () => {
  it('holds on the other one, whichever way it comes there; the safety number is the same on all four', async () => {
    const [alice, bob] = (await someone('alice', 'bob')) as [Person, Person];
    const alice2 = await further(alice);
    const bob2 = await further(bob);
    await joined(alice, alice2);
    await joined(bob, bob2);
    for (const [at, device] of [
      [alice, bob2],
      [alice2, bob2],
      [bob, alice2],
      [bob2, alice2],
    ] as const) {
      await goodAt(at, device);
    }
    const claude = await alice2.claude();
    claude.say('from the second');
    await alice2.share(claude, bob.login);
    await invited(bob, alice);
    const { safetyNumber } = await bob2.client.call('accept', { body: { handle: alice.login } });
    for (const reader of [bob, bob2]) await reads(reader, alice2, claude, ['from the second']);
    await relationAt(alice, bob, 'connected');
    const other = await alice.client.call('trust', { body: { handle: bob.login, code: null } });
    expect(other.safetyNumber).toBe(safetyNumber);

    // Typed on the first while the second is off: it learns of it from the first.
    await alice2.stop();
    await alice.client.call('disconnect', { body: { handle: bob.login } });
    for (const side of [bob, bob2]) await relationAt(side, alice, 'none');
    await alice2.start();
    await relationAt(alice2, bob, 'none');
    expect(alice2.rooms.sharing.list()).toEqual([]);
    for (const reader of [bob, bob2]) expect(reader.rooms.inbox.of(alice.rooms.self.uid)).toEqual([]);

    // Connected anew, and typed on the second: the first hears it from Bob alone.
    await alice2.client.call('share', { body: { ...(await shareBody(alice2)), to: [bob.login] } });
    await invited(bob, alice);
    await invited(bob2, alice);
    await bob.accept(alice.login);
    await relationAt(alice, bob, 'connected');
    await alice.stop();
    await alice2.client.call('disconnect', { body: { handle: bob.login } });
    await relationAt(bob, alice2, 'none');
    await relationAt(bob2, alice2, 'none');
    await alice2.stop();
    await alice.start();
    await relationAt(alice, bob, 'none');

    // Blocked on one is blocked on the other.
    await alice2.start();
    await alice2.client.call('block', { body: { handle: bob.login } });
    await relationAt(alice, bob, 'blocked');
    await until(() => alice.rooms.swarm.linksOf(bob.rooms.self.uid).length === 0, { what: 'nobody of his linked' });
    await alice.client.call('unblock', { body: { handle: bob.login } });
    await relationAt(alice2, bob, 'none');
  });
});

/** Alice shares a conversation that bob reads on both of his machines. */
async function onBoth(): Promise<{ alice: Person; bob: Person; bob2: Person; claude: FakeClaude }> {
  const [alice, bob] = (await someone('alice', 'bob')) as [Person, Person];
  const bob2 = await further(bob);
  await joined(bob, bob2);
  await goodAt(alice, bob2);
  const claude = await alice.claude();
  claude.say('one');
  await sharing(alice, claude, ['one'], bob);
  await reads(bob2, alice, claude, ['one']);
  return { alice, bob, bob2, claude };
}

describe('a lost device', () => {
  it('that another one revokes loses the live link, everything granted, and itself; what it holds is useless', async () => {
    const { alice, bob, bob2, claude } = await onBoth();
    const bobs = bob.rooms.self.uid;
    const generations = (): number => alice.rooms.sharing.get(claude.session)?.stored.generations.length ?? 0;
    const before = generations();
    expect(alice.rooms.swarm.linksOf(bobs)).toHaveLength(2);
    const keys = alice.transportKeys();

    const code = await codeOf(bob2);
    await expect(bob.client.call('revoke', { body: { code: await codeOf(bob) } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    const { revoked, published } = await bob.client.call('revoke', { body: { code } });
    expect([revoked.code, revoked.state, published]).toEqual([code, 'revoked', true]);
    // The word over the link leads to a question to GitHub, and that to the cut.
    await rounds(world, 'its link cut', () => alice.rooms.swarm.linksOf(bobs).length === 1);
    await until(() => generations() > before, { what: 'a new generation' });
    expect(alice.transportKeys()).not.toEqual(keys);
    claude.say('two');
    await reads(bob, alice, claude, ['one', 'two']);

    await notes(bob2, 'OWN_DEVICE_REVOKED');
    await until(() => bob2.rooms.inbox.of(alice.rooms.self.uid).length === 0, { what: 'its copies gone' });
    await until(() => bob2.joined().length === 0, { what: 'its topics left' });
    expect(bob2.rooms.swarm.links()).toEqual([]);
    await expect(bob2.accept(alice.login)).rejects.toMatchObject({ code: 'OWN_DEVICE_REVOKED' });
    await bob2.restart();
    expect(bob2.joined()).toEqual([]);
    expect(world.github.gistsOf(bob.login).flatMap((g) => Object.keys(g.files))).toHaveLength(1);
    await expect(trust(bob, bob.login, code)).rejects.toMatchObject({ code: 'DEVICE_REVOKED' });
  });
});

describe('a disconnect while one of their devices is off', () => {
  it('is told to it when it is back within the hour, and not to who has confirmed it already', async () => {
    const { alice, bob, bob2 } = await onBoth();
    await bob2.stop();
    await alice.client.call('disconnect', { body: { handle: bob.login } });
    await relationAt(bob, alice, 'none');
    const [bobs, his, lost] = [bob.rooms.self.uid, bob.rooms.self.signKey, bob.rooms.swarm];
    await until(() => alice.rooms.swarm.linksOf(bobs).length === 0, { what: 'his first one left' });
    expect(alice.rooms.connections.mayMeet(bobs, his)).toBe(false);
    expect(lost.linksOf(alice.rooms.self.uid)).toEqual([]);
    // It must hear it from Alice herself.
    await bob.stop();
    alice.clock.pass(50 * 60_000);
    bob2.clock.pass(50 * 60_000);
    await bob2.start();
    const second = bob2.rooms.self.signKey;
    expect(alice.rooms.connections.mayMeet(bobs, second)).toBe(true);
    await relationAt(bob2, alice, 'none');
    expect(bob2.rooms.inbox.of(alice.rooms.self.uid)).toEqual([]);
    await until(() => !alice.rooms.connections.mayMeet(bobs, second), { what: 'it is left, too' });
    expect(alice.joined()).toEqual([]);
  });
});

describe('a good link', () => {
  it('carries nobody else: not a stranger, not a blocked device, not a contact that speaks as an own device', async () => {
    const [alice, bob, eve] = (await someone('alice', 'bob', 'eve')) as [Person, Person, Person];
    const claude = await alice.claude();
    claude.say('one');
    await sharing(alice, claude, ['one'], bob);
    const bob2 = await further(bob);
    await notes(alice, 'DEVICE_BLOCKED');
    const [toAlice] = bob.rooms.swarm.linksOf(alice.rooms.self.uid);
    const exp = Math.floor(alice.clock.now() / 1000) + 3600;
    const to = { uid: alice.rooms.self.uid };
    const refused = async (bytes: Buffer | undefined): Promise<void> => {
      alice.rooms.notes.clear('STATEMENT_WRONG_SENDER', bob.login);
      if (bytes) toAlice?.send('statement', bytes);
      await until(
        async () => (await alice.client.call('status', {})).errors.some((e) => e.code === 'STATEMENT_WRONG_SENDER'),
        { what: 'refused by name' },
      );
    };
    for (const by of [eve, bob2]) await refused(by.rooms.self.say({ t: 'disconnect', to, exp } as never).bytes);

    const device = { uid: to.uid, sign: alice.rooms.self.signKey, box: alice.rooms.self.boxKey };
    const standing = bob.rooms.connections.standing(to.uid);
    await refused(bob.rooms.self.say({ t: 'standing', to: device, exp, ...standing } as never).bytes);
    const keys = { sign: eve.rooms.self.signKey, box: eve.rooms.self.boxKey };
    await refused(bob.rooms.self.say({ t: 'trust', to: device, exp, person: to.uid, device: keys } as never).bytes);
    const sig = Buffer.alloc(64, 1).toString('base64url');
    await refused(bob.rooms.self.say({ t: 'vouch', to: device, exp, sig, as: 'founder' } as never).bytes);
    // As her own other device would have said it to him.
    const forged = eve.rooms.self.say({
      t: 'disconnect',
      to: { uid: bob.rooms.self.uid },
      exp,
      from: { uid: to.uid, sign: keys.sign },
    } as never);
    await refused(forged.bytes);

    expect(alice.rooms.connections.relation(bob.rooms.self.uid)).toBe('connected');
    expect(alice.rooms.self.record.record.endorse).toBeNull();
    await reads(bob, alice, claude, ['one']);
  });
});
