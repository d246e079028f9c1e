/** Finding each other: at once, on loopback only, on points that only the two can compute. */
import { createHash } from 'node:crypto';
import HyperDHT from 'hyperdht';
import type { SecretStream } from 'hyperswarm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HELLO_PENDING_PER_ADDRESS_MAX } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import { linked, people, type Person, reads, sharedWith, sharing, uid, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

const bootstrap = (): string[] => world.bootstrap.split(',');

function topicsOf(person: Person): Buffer[] {
  // The joined topics, as the DHT sees them.
  return person.joined().map((hex) => Buffer.from(hex, 'hex'));
}

describe('meeting', () => {
  it('two that start at the same instant find each other without waiting for a retry', async () => {
    for (let round = 0; round < 3; round++) {
      const [marie, sam] = await people(world, 'marie', 'sam');
      if (!marie || !sam) return;
      await Promise.all([marie.stop(), sam.stop()]);
      await Promise.all([marie.start(), sam.start()]);
      await linked(marie, sam);
    }
  });

  it('a daemon that was killed and started again is found at once, under the same transport key', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    const before = sam.transportKeys();
    await sam.restart();
    await linked(marie, sam);
    expect(sam.transportKeys()).toEqual(before);
  });

  it('no topic can be computed from handles or ids, and published keys are not announced', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    const names = [marie.login, sam.login, String(await uid(marie)), String(await uid(sam))];
    const joined = names
      .flatMap((a) => names.map((b) => `${a}${b}`))
      .concat(
        names,
        names.map((n) => n.toLowerCase()),
      );
    const guesses = new Set(joined.map((n) => createHash('sha256').update(n).digest('hex')));
    const topics = topicsOf(marie).map((t) => t.toString('hex'));
    expect(topics.length).toBeGreaterThan(0);
    for (const topic of topics) expect(guesses.has(topic)).toBe(false);
    const published = [marie.rooms.self.signKey, marie.rooms.self.boxKey].map((k) =>
      Buffer.from(k, 'base64url').toString('hex'),
    );
    for (const key of marie.transportKeys()) expect(published).not.toContain(key);
  });

  it('after a disconnect the topic is left, and another transport key is used', async () => {
    const { marie, sam } = await sharedWith(world);
    const keys = marie.transportKeys();
    const shared = topicsOf(marie).filter((t) => sam.joined().includes(t.toString('hex')));
    expect(shared.length).toBeGreaterThan(0);
    await marie.client.call('block', { body: { handle: sam.login } });
    expect(marie.joined().filter((t) => shared.some((s) => s.toString('hex') === t))).toEqual([]);
    expect(marie.transportKeys().filter((k) => keys.includes(k))).toEqual([]);
  });
});

describe('strangers', () => {
  it('who know the transport key get not one byte and are dropped', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    const dht = new HyperDHT({ bootstrap: bootstrap(), host: '127.0.0.1' });
    onTestFinished(() => dht.destroy({ force: true }));
    const [key] = marie.transportKeys();
    const stranger = dht.connect(Buffer.from(key ?? '', 'hex'));
    stranger.on('error', () => {});
    let bytes = 0;
    stranger.on('data', (data: Buffer) => (bytes += data.length));
    const closed = new Promise((resolve) => stranger.once('close', resolve));
    await new Promise((resolve) => stranger.once('open', resolve));
    stranger.write(Buffer.alloc(16, 1));
    await closed;
    expect(bytes).toBe(0);
  });

  it('who stay silent on a topic do not keep a contact out', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    await sam.stop();
    // Many silent connections to her, each with its own key, as many as she lets in and more.
    const [key] = marie.transportKeys();
    const strangers: { dht: HyperDHT; stream: SecretStream }[] = [];
    onTestFinished(async () => {
      for (const { dht } of strangers) await dht.destroy({ force: true });
    });
    for (let i = 0; i < HELLO_PENDING_PER_ADDRESS_MAX * 3; i++) {
      const dht = new HyperDHT({ bootstrap: bootstrap(), host: '127.0.0.1' });
      const stream = dht.connect(Buffer.from(key ?? '', 'hex'));
      stream.on('error', () => {});
      strangers.push({ dht, stream });
    }
    await sam.start();
    await linked(marie, sam);
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
  });
});

describe('binding', () => {
  it('with a bootstrap on loopback everything binds to loopback', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    for (const link of [...marie.nodes(), ...sam.nodes()]) expect(link.address()?.host).toBe('127.0.0.1');
  });
});

describe('redaction', () => {
  it('a secret never reaches the session core, and the owner sees what was masked', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const canary = ['ghp', Buffer.alloc(27, 'Xy4').toString('base64url').slice(0, 36)].join('_');
    const claude = await marie.claude();
    claude.write((w) =>
      w
        .prompt(`export TOKEN=${canary}`)
        .tool('toolu_1', 'Bash', { command: `curl -H "Authorization: Bearer ${canary}" x` }, `{"t":"${canary}"}`),
    );
    const shared = await marie.share(claude, sam.login);
    expect(shared.masked.length).toBeGreaterThan(0);
    await until(async () => (await sam.client.call('connections', {})).pendingIn.length === 1);
    await sam.accept(marie.login);
    const turns = await until(async () => {
      const all = await sam.turns(marie.login, claude.session).catch(() => []);
      return all.length === 3 ? all : null;
    });
    expect(JSON.stringify(turns)).not.toContain(canary);
    expect(JSON.stringify(turns)).toContain('[redacted:');
    await reads(sam, marie, claude, [turns?.[0]?.content[0]?.type === 'text' ? turns[0].content[0].text : '']);
    const listed = (await marie.client.call('shared', {})).sessions.find((s) => s.session === claude.session);
    expect(listed?.masked.reduce((n, m) => n + m.count, 0)).toBe(shared.masked.reduce((n, m) => n + m.count, 0));
  });
});
