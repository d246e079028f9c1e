/** What may lie among somebody's records: each is refused by its own name, and the good one goes on being used. */
import { expect, it } from 'vitest';
import { endorsementOf, makeRecord, recordFileName } from '../../src/identity/index.ts';
import { b64url } from '../../src/protocol/bytes.ts';
import { record } from '../identity/support.ts';
import { keysOf } from '../support/device.ts';
import { rounds } from '../support/world/rounds.ts';
import { furtherMachine, joined } from '../support/world/machines.ts';
import { type Person, people, reads, sharing, type World, useWorld } from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const fileOf = (name: string): string => recordFileName(keysOf(name).sign.publicKey);

it('names each in the status of others, tells it once, and believes none', async () => {
  const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
  const claude = await alice.claude();
  claude.say('one');
  await sharing(alice, claude, ['one'], bob);
  const { host } = alice.rooms.directory;
  const { uid, login, keys } = bob.rooms.self;
  const now = Math.floor(bob.clock.now() / 1000);
  const base = { host, uid, login, created: now, expires: now + 86_400 };
  const forged = (name: string, changes = {}, by = name): string =>
    record(name, { ...base, ...changes }, keysOf(by)).text;
  const weak = { sign: b64url(Buffer.from(`01${'00'.repeat(31)}`, 'hex')) };
  const older = makeRecord(keys, { host, uid, login }, bob.clock.now() - 3_600_000, null).text;
  const files = {
    [fileOf('f1')]: forged('f1', {}, 'f2'),
    [fileOf('f2')]: forged('f3'),
    [fileOf('f4')]: forged('f4', { expires: now - 1 }),
    [fileOf('f5')]: forged('f5', { created: now + 3600 }),
    [fileOf('f6')]: forged('f6').padEnd(8000, 'A'),
    [fileOf('f7')]: forged('f7', { uid: alice.rooms.self.uid }),
    [fileOf('f8')]: forged('f8', { host: 'git.example.org' }),
    [fileOf('f9')]: 'hello',
    [recordFileName(Buffer.from(weak.sign, 'base64url'))]: forged('f10', weak),
    [recordFileName(keys.sign.publicKey)]: older,
  };
  const [gist] = world.github.gistsOf(bob.login);
  if (!gist) throw new Error('no gist');
  world.github.putGist({ owner: bob.login, id: gist.id, description: gist.description, files });
  const wanted = [
    ...['BAD_SIGNATURE', 'COPIED', 'EXPIRED', 'FROM_FUTURE', 'TOO_LARGE', 'WRONG_OWNER', 'WRONG_HOST', 'MALFORMED'],
    ...['WEAK_KEY', 'ROLLBACK'],
  ].map((name) => `RECORD_${name}`);
  const codes = async (): Promise<string[]> => (await alice.client.call('status', {})).errors.map((e) => e.code);
  await rounds(world, 'each named', async () => {
    const seen = await codes();
    return wanted.every((code) => seen.includes(code));
  });
  expect((await codes()).toSorted()).toEqual(wanted.toSorted());
  expect(alice.rooms.people.get(uid)?.devices.map((d) => d.state)).toEqual(['good']);
  claude.say('two');
  await reads(bob, alice, claude, ['one', 'two']);
});

it('a stolen device of one’s own takes those with it that it vouched for, once it is revoked', async () => {
  const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
  const stolen = await furtherMachine(world, bob);
  await joined(bob, stolen);
  // The thief, who holds it, lets it vouch for a device of theirs.
  const thief = keysOf('thief');
  const { host } = alice.rooms.directory;
  const { uid, login } = bob.rooms.self;
  const now = Math.floor(bob.clock.now() / 1000);
  const [sign, box] = [b64url(thief.sign.publicKey), b64url(thief.box.publicKey)];
  const sig = endorsementOf(stolen.rooms.self.keys, { host, uid, sign, box });
  const published = { host, uid, login, created: now, expires: now + 86_400 };
  const text = record('thief', { ...published, endorse: { by: stolen.rooms.self.signKey, sig } }).text;
  world.github.putGist({ owner: bob.login, files: { [fileOf('thief')]: text } });
  const stateAt = (at: Person, of: string): string =>
    at.rooms.people.get(uid)?.devices.find((d) => d.sign === of)?.state ?? 'unknown';
  await rounds(world, 'believed', () => stateAt(alice, sign) === 'good' && stateAt(bob, sign) === 'good');

  const { code } = await stolen.client.call('whoami', {});
  const { fallen } = await bob.client.call('revoke', { body: { code } });
  expect(fallen).toHaveLength(1);
  expect(stateAt(bob, sign)).toBe('blocked');
  const { errors } = await bob.client.call('status', {});
  const alarm = errors.find((e) => e.code === 'OWN_DEVICE_UNKNOWN');
  expect(alarm?.message).toContain(fallen[0]?.code);
  expect(alarm?.hint).toContain(`teammate-sync trust ${login} ${fallen[0]?.code}`);
  expect(alarm?.hint).toContain(`teammate-sync revoke ${fallen[0]?.code}`);
  await rounds(world, 'fallen', () => stateAt(alice, sign) === 'blocked');
  expect(stateAt(alice, stolen.rooms.self.signKey)).toBe('revoked');
  expect(alice.rooms.people.goodDevices(uid).map((d) => d.sign)).toEqual([bob.rooms.self.signKey]);
});
