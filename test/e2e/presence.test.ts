/** Who may find whom: nobody after a disconnect, a block or an exit, in this epoch and the next; and nobody waits for a retry. */
import HyperDHT from 'hyperdht';
import type { SecretStream } from 'hyperswarm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { bytesOf, epochAt, pairKeys, pairRoot } from '../../src/identity/index.ts';
import { EPOCH_MS, GITHUB_SECOND_NO_MS, HELLO_PENDING_INBOUND_MAX } from '../../src/protocol/limits.ts';
import { EpochNode } from '../../src/swarm/epoch-node.ts';
import { until } from '../support/until.ts';
import { linked, people, type Person, reads, sharing, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

function dhtNode(): HyperDHT {
  const dht = new HyperDHT({ bootstrap: world.bootstrap.split(','), host: '127.0.0.1' });
  onTestFinished(() => dht.destroy({ force: true }));
  return dht;
}

/** The points at which `seeker` would look for `sought`, computed with the seeker's own keys: today's and tomorrow's. */
function topicsFor(seeker: Person, sought: Person): Buffer[] {
  const { self } = seeker.rooms;
  const { record } = sought.rooms.self.record;
  const party = { uid: record.uid, login: record.login, sign: bytesOf(record.sign), box: bytesOf(record.box) };
  const root = pairRoot(self.party, self.keys.box, party, self.workspace);
  if (!root) throw new Error('no root');
  const today = epochAt(seeker.clock.now());
  return [today, today + 1].map((epoch) => pairKeys(root, epoch).topic);
}

/** Transport keys of `sought` that a raw look-up of those points gives, hex. */
async function found(dht: HyperDHT, topics: Buffer[], sought: Person): Promise<string[]> {
  const own = new Set([...sought.transportKeys()]);
  const keys: string[] = [];
  for (const topic of topics) {
    for await (const { peers } of dht.lookup(topic)) keys.push(...peers.map((p) => p.publicKey.toString('hex')));
  }
  return keys.filter((key) => own.has(key) || !known.has(key));
}

/** Transport keys of those who seek: that they find themselves is no wonder. */
const known = new Set<string>();

/** True when somebody answers under this transport key. */
function answers(dht: HyperDHT, key: string): Promise<boolean> {
  const stream = dht.connect(Buffer.from(key, 'hex'));
  return new Promise((resolve) => {
    stream.once('open', () => (stream.destroy(), resolve(true)));
    stream.once('error', () => resolve(false));
    stream.once('close', () => resolve(false));
  });
}

/** Ways to part. */
const PARTINGS: [string, (marie: Person, sam: Person) => Promise<unknown>][] = [
  ['a disconnect', (marie, sam) => marie.client.call('disconnect', { body: { handle: sam.login } })],
  ['a block', (marie, sam) => marie.client.call('block', { body: { handle: sam.login } })],
  [
    'leaving the org',
    async (marie, sam) => {
      world.github.removeMember('acme', sam.login);
      await until(() => {
        // The list of members is asked for every minute; the second no counts only after a while.
        marie.clock.pass(GITHUB_SECOND_NO_MS);
        return marie.rooms.people.get(sam.rooms.self.uid)?.left;
      });
    },
  ],
];

describe.each(PARTINGS)('after %s', (_, part) => {
  it('the other finds nothing, today and tomorrow, and the old key is not answered; contacts who stay are met', async () => {
    const [marie, sam, tess] = await people(world, 'marie', 'sam', 'tess');
    if (!marie || !sam || !tess) return;
    await linked(marie, sam);
    await linked(marie, tess);
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam, tess);
    for (const key of sam.transportKeys()) known.add(key);
    const dht = dhtNode();
    const topics = topicsFor(sam, marie);
    const old = marie.transportKeys();
    await until(async () => (await found(dht, topics, marie)).length > 0, { what: 'her to be found before' });
    expect(await answers(dht, old[0] ?? '')).toBe(true);

    await part(marie, sam);
    await until(() => marie.transportKeys().every((key) => !old.includes(key)), { what: 'another transport key' });
    await until(async () => (await found(dht, topics, marie)).length === 0, { what: 'nothing to be found' });
    await until(async () => !(await answers(dht, old[0] ?? '')), { what: 'the old key to be dead' });
    // Tomorrow, too: the day changes for both of them.
    for (const person of [marie, sam, tess]) person.clock.pass(EPOCH_MS);
    await until(() => marie.rooms.swarm.nodes.some((n) => n.epoch === epochAt(marie.clock.now())));
    await linked(marie, tess);
    for (const key of sam.transportKeys()) known.add(key);
    expect(await found(dht, [...topics, ...topicsFor(sam, marie)], marie)).toEqual([]);
    expect(marie.rooms.swarm.linksOf(sam.rooms.self.uid)).toEqual([]);
  });
});

describe('silent strangers', () => {
  it('in great number, under keys of their own, keep no contact out', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    await sam.stop();
    const key = Buffer.from(marie.transportKeys()[0] ?? '', 'hex');
    const dht = dhtNode();
    const streams: SecretStream[] = [];
    for (let n = 0; n < HELLO_PENDING_INBOUND_MAX * 2; n++) {
      const stream = dht.connect(key, { keyPair: HyperDHT.keyPair() });
      stream.on('error', () => {});
      streams.push(stream);
    }
    await sam.start();
    await linked(marie, sam);
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    for (const stream of streams) stream.destroy();
  });
});

describe('after a restart', () => {
  it('of either, of both, and of both at once, the two are connected at the first try, without anybody looking again', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    // No healer from now on, in any node: whatever is found, is found at once.
    const looks = vi.spyOn(EpochNode.prototype, 'refresh').mockResolvedValue();
    onTestFinished(() => looks.mockRestore());
    const rounds: Person[][] = [[sam], [marie], [marie, sam], [sam], [marie, sam]];
    for (const those of rounds) {
      await Promise.all(those.map((p) => p.stop()));
      const dials = new Map<Person, string[]>();
      await Promise.all(those.map((p) => p.start()));
      for (const person of those) dials.set(person, counted(person));
      await linked(marie, sam);
      for (const [person, keys] of dials) {
        // Once under each key at most: a second dial would be the first back-off's.
        expect(new Set(keys).size, person.login).toBe(keys.length);
      }
    }
    claude.say('two');
    await reads(sam, marie, claude, ['one', 'two']);
  });
});

/** Whom this person's nodes dial from now on, by transport key. */
function counted(person: Person): string[] {
  const keys: string[] = [];
  for (const { dht } of person.rooms.swarm.nodes) {
    const connect = dht.connect.bind(dht);
    dht.connect = (key, ...more) => {
      keys.push(Buffer.from(key).toString('hex'));
      return connect(key, ...more);
    };
  }
  return keys;
}
