/** More devices of contacts than are announced to: the others are looked for in turn, and whoever invites is met. */
import fs from 'node:fs';
import path from 'node:path';
import HyperDHT from 'hyperdht';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesOf, epochAt, pairKeys, pairRoot } from '../../src/identity/index.ts';
import { CONTACT_LOOKUP_MS } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import { invited, linked, type Person, reads, sharing, World } from '../support/world/index.ts';

/** Devices that each announces to, of the four others. */
const MAX = 1;

let world: World;
let dht: HyperDHT;
const all: Person[] = [];
beforeAll(async () => {
  world = await World.start();
  dht = new HyperDHT({ bootstrap: world.bootstrap.split(','), host: '127.0.0.1' });
  for (const name of ['ana', 'ben', 'cleo', 'dan', 'eva']) all.push(world.member(name));
  for (const person of all) {
    person.contactDevicesMax = MAX;
    await person.init();
  }
  for (const person of all) await person.start();
  await until(() => all.every((p) => p.rooms.people.all().length === all.length - 1), { what: 'all to know all' });
});
afterAll(async () => {
  await dht.destroy({ force: true });
  await world.close();
});

/** Where these two meet today. */
function topic(a: Person, b: Person): Buffer {
  const { self } = a.rooms;
  const { record } = b.rooms.self.record;
  const party = { uid: record.uid, login: record.login, sign: bytesOf(record.sign), box: bytesOf(record.box) };
  const root = pairRoot(self.party, self.keys.box, party, self.workspace);
  if (!root) throw new Error('no root');
  return pairKeys(root, epochAt(a.clock.now())).topic;
}

const others = (person: Person): Person[] => all.filter((p) => p !== person);

/** Everybody for whom this person is announced, as the DHT itself says. */
async function announcedFor(person: Person): Promise<Person[]> {
  const keys = person.transportKeys();
  const found: Person[] = [];
  for (const other of others(person)) {
    for await (const { peers } of dht.lookup(topic(person, other))) {
      if (found.includes(other)) continue;
      if (peers.some((peer) => keys.includes(peer.publicKey.toString('hex')))) found.push(other);
    }
  }
  return found;
}

/** Looks for one more, each of them. */
function nextTurn(): void {
  for (const person of all) person.clock.pass(CONTACT_LOOKUP_MS);
}

it('nobody beyond is announced, and all of them are looked for', async () => {
  const soughtBy = new Map(all.map((person) => [person, new Set<string>()]));
  const looked = (): boolean => {
    nextTurn();
    for (const [person, sought] of soughtBy) for (const hex of person.joined()) sought.add(hex);
    return all.every((a) => others(a).every((b) => soughtBy.get(a)?.has(topic(a, b).toString('hex'))));
  };
  await until(looked, { what: 'everybody to have looked for everybody' });
  const near = new Map<Person, Person[]>();
  const settled = async (): Promise<boolean> => {
    for (const person of all) near.set(person, await announcedFor(person));
    return [...near.values()].every((list) => list.length === MAX);
  };
  await until(settled, { what: 'one each to be announced' });
  const far = (a: Person, b: Person): boolean => !near.get(a)?.includes(b) && !near.get(b)?.includes(a);
  const strangers = all.flatMap((a) => others(a).flatMap((b) => (far(a, b) ? [[a, b] as const] : [])));
  expect(strangers.length).toBeGreaterThan(0);
  // Announced for a moment only, they would have found each other.
  expect(strangers.filter(([a, b]) => a.rooms.swarm.linksOf(b.rooms.self.uid).length > 0)).toEqual([]);
});

it('who is beyond on both sides is met when one invites, and read when the other has accepted', async () => {
  const far = await until(async () => {
    for (const a of all) {
      const near = await announcedFor(a);
      for (const b of others(a)) if (!near.includes(b) && !(await announcedFor(b)).includes(a)) return [a, b];
    }
    return null;
  });
  const [owner, reader] = far as [Person, Person];
  const claude = await owner.claude();
  claude.say('from afar');
  await owner.share(claude, reader.login);
  await until(() => (nextTurn(), reader.rooms.connections.list().some((p) => p.relation === 'pendingIn')), {
    what: 'the invite',
  });
  await invited(reader, owner);
  await reader.accept(owner.login);
  await reads(reader, owner, claude, ['from afar']);
  expect([await announcedFor(owner), await announcedFor(reader)]).toEqual([[reader], [owner]]);
});

it('all with whom there is a tie are joined, however many, also after a restart', async () => {
  const [owner, ...readers] = all as [Person, ...Person[]];
  const claude = await owner.claude();
  claude.say('to all');
  const turns = setInterval(nextTurn, 100);
  try {
    await sharing(owner, claude, ['to all'], ...readers);
  } finally {
    clearInterval(turns);
  }
  const announced = async (): Promise<boolean> => (await announcedFor(owner)).length === readers.length;
  await until(announced, { what: 'all of them to be announced' });
  await owner.restart();
  await until(announced, { what: 'all of them to be announced after the restart' });
  for (const reader of readers) await linked(owner, reader);
});

it('when there is room for one link only, who has nothing to say leaves it to who invites', async () => {
  const [seeker, ...askers] = ['fay', 'gus', 'hal'].map((name) => world.member(name)) as [Person, Person, Person];
  seeker.contactDevicesMax = 0;
  for (const person of [seeker, ...askers]) await person.init();
  const file = path.join(seeker.home, 'config.json');
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
  fs.writeFileSync(file, JSON.stringify({ ...config, limits: { devices: 1 } }), { mode: 0o600 });
  for (const person of [seeker, ...askers]) await person.start();
  all.push(seeker, ...askers);
  const { swarm, connections } = seeker.rooms;
  const linkedTo = await until(() => (nextTurn(), swarm.links()[0]?.uid), { what: 'the only link to be taken' });
  const inviter = askers.find((asker) => asker.rooms.self.uid !== linkedTo) as Person;
  const claude = await inviter.claude();
  claude.say('a word');
  await inviter.share(claude, seeker.login);
  const hears = (): boolean => connections.relation(inviter.rooms.self.uid) === 'pendingIn';
  await until(() => (nextTurn(), hears()), { what: 'the invite' });
  expect(swarm.links()).toHaveLength(1);
});
