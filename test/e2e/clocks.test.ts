/** Clocks that are set, wrong or far ahead, and days that end: nothing is lengthened, and nothing ends for ever. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leftMs } from '../../src/inbox/index.ts';
import { filesWith, spellings } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  connected,
  type FakeClaude,
  Follower,
  invited,
  linked,
  people,
  type Person,
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
const DAY = 24 * 60 * MINUTE;
const FAR = Date.UTC(2040, 0, 1);

/** Sets a clock and lets the few seconds pass in which the daemon notices it; theirs pass for the others, too. */
function set(person: Person, unixMs: number, ...others: Person[]): void {
  person.clock.setWall(unixMs);
  pass(6000, person, ...others);
}

async function says(person: Person, code: string): Promise<void> {
  const said = async (): Promise<boolean> => {
    // What is looked at from time to time.
    pass(11_000, person);
    return (await person.client.call('status', {})).errors.some((e) => e.code === code);
  };
  await until(said, { what: `${person.login} to say ${code}` });
}

async function pair(): Promise<[Person, Person]> {
  const [marie, sam] = await people(world, 'marie', 'sam');
  if (!marie || !sam) throw new Error('nobody');
  await linked(marie, sam);
  return [marie, sam];
}

const minutesPast = (midnight: number, person: Person): number => Math.round((person.clock.now() - midnight) / MINUTE);

/** Both clocks at this time of the day, and then a conversation that one shares and the other reads. */
async function begunAt(marie: Person, sam: Person, time: number): Promise<{ claude: FakeClaude }> {
  for (const person of [marie, sam]) {
    await person.stop();
    person.clock.setWall(time);
  }
  await Promise.all([marie.start(), sam.start()]);
  await linked(marie, sam);
  const claude = await marie.claude();
  claude.say('one');
  await sharing(marie, claude, ['one'], sam);
  return { claude };
}

describe('days', () => {
  it('midnight UTC passes unnoticed: the follower sees no gap, links are handed over, no moment is without one', async () => {
    const [marie, sam] = await pair();
    const midnight = (Math.floor(marie.clock.now() / DAY) + 1) * DAY;
    const { claude } = await begunAt(marie, sam, midnight - 130 * MINUTE);
    const follower = new Follower(sam, marie, claude);
    onTestFinished(() => follower.close());
    const texts = ['one'];
    const epochs = new Set(marie.rooms.swarm.linksOf(sam.rooms.self.uid).map((l) => l.epoch));
    for (const at of [-115, -15, -1, 1, 15, 115, 130]) {
      for (let left = at - minutesPast(midnight, marie); left > 0; left = at - minutesPast(midnight, marie)) {
        pass(Math.min(left, 19) * MINUTE, marie, sam);
        // The owner renews every 20 minutes; its word must be there before more time passes.
        await until(() =>
          sam.rooms.inbox.of(marie.rooms.self.uid).every((h) => leftMs(h.lease, sam.clock) > 20 * MINUTE),
        );
      }
      const epoch = marie.rooms.swarm.nodes.at(-1)?.epoch ?? 0;
      epochs.add(epoch);
      // Make before break: there is a link all the time, and soon one of the newest epoch.
      expect(marie.rooms.swarm.linksOf(sam.rooms.self.uid).length).toBeGreaterThan(0);
      await until(() => marie.rooms.swarm.linksOf(sam.rooms.self.uid).some((l) => l.epoch === epoch), {
        what: `a link of epoch ${epoch}`,
      });
      const text = `${at} minutes`;
      claude.say(text);
      texts.push(text);
      await follower.reads(texts);
    }
    expect(epochs.size).toBe(2);
    expect([follower.replaced, follower.ended]).toEqual([0, null]);
  });

  it('two connections of one device at the edge of a day: an end acts on both in the same tick', async () => {
    const [marie, sam] = await pair();
    const midnight = (Math.floor(marie.clock.now() / DAY) + 1) * DAY;
    const { claude } = await begunAt(marie, sam, midnight - 121 * MINUTE);
    const theirs = [...marie.rooms.swarm.linksOf(sam.rooms.self.uid), ...sam.rooms.swarm.linksOf(marie.rooms.self.uid)];
    // A line that is slow to close: the old connection stays beside the one of the new day.
    for (const link of theirs) Object.assign(link, { end: () => {} });
    pass(2 * MINUTE, marie, sam);
    const links = await until(() => {
      const all = marie.rooms.swarm.linksOf(sam.rooms.self.uid);
      return all.length === 2 ? all : null;
    });
    const [generation] = marie.rooms.sharing.get(claude.session)?.readableBy(sam.rooms.self.uid) ?? [];
    const served = (): unknown => links?.map((link) => generation?.servedOn(link));
    await until(() => JSON.stringify(served()) === '[true,true]', { what: 'both connections to be served' });
    const over = marie.rooms.sharing.unshare([claude.session], null, 'unshared');
    expect(served()).toEqual([false, false]);
    await over;
    await until(() => filesWith(sam.home, [claude.session]).length === 0, { what: 'the copy to be gone' });
  });
});

describe('clocks that differ', () => {
  it.each([
    ['11 minutes', 11 * MINUTE],
    ['2 hours', 120 * MINUTE],
    ['2 hours the other way', -120 * MINUTE],
  ])('by %s: they meet, both say so, nothing is granted, and it heals when the clock is mended', async (_, ms) => {
    const [marie, sam] = await pair();
    const claude = await marie.claude();
    claude.say('one');
    await sam.stop();
    sam.clock.setWall(sam.clock.now() + ms);
    await sam.start();
    await linked(marie, sam);
    await marie.share(claude, sam.login);
    await says(marie, 'CLOCK_SKEW');
    await says(sam, 'CLOCK_SKEW');
    expect(sam.rooms.inbox.of(await uid(marie))).toEqual([]);
    // Mended while both run: nobody restarts anything.
    set(sam, marie.clock.now() + 1000, marie);
    await invited(sam, marie);
    await sam.accept(marie.login);
    await reads(sam, marie, claude, ['one']);
  });

  it('by 9 minutes: everything works', async () => {
    const [marie, sam] = await pair();
    await sam.stop();
    sam.clock.setWall(sam.clock.now() + 9 * MINUTE);
    await sam.start();
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
  });
});

/** Whose clock is set while both run and are linked, and to what. */
const WRONG: [string, (marie: Person, sam: Person) => Person, (now: number) => number][] = [
  ["the owner's clock to 2040", (marie) => marie, () => FAR],
  ["the recipient's clock to 2040", (_, sam) => sam, () => FAR],
  ["the owner's clock back by a day", (marie) => marie, (now) => now - DAY],
  ["the recipient's clock back by a day", (_, sam) => sam, (now) => now - DAY],
];

describe('a clock that is set', () => {
  it.each(WRONG)(
    '%s and mended: no lease is longer, all comes back untyped, and ends are heard',
    async (_, whose, to) => {
      const { marie, sam, claude } = await sharedWith(world);
      const person = whose(marie, sam);
      const other = person === marie ? sam : marie;
      set(person, to(person.clock.now()), other);
      await says(person, 'CLOCK_SKEW');
      // Not one minute past its end, by either clock, also when the owner is there all the time.
      pass(61 * MINUTE, marie, sam);
      await refusedRead(sam, marie, claude);
      claude.say('two');

      set(person, other.clock.now(), other);
      await reads(sam, marie, claude, ['one', 'two']);
      pass(21 * MINUTE, marie, sam);
      claude.say('three');
      await reads(sam, marie, claude, ['one', 'two', 'three']);

      // What was signed under the wrong clock stands in nobody's way, also after a restart that has forgotten it.
      await marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
      await until(() => filesWith(sam.home, [claude.session]).length === 0, { what: 'the copy to be gone' });
      await marie.restart();
      await marie.share(claude, sam.login);
      await reads(sam, marie, claude, ['one', 'two', 'three']);
    },
  );

  it('ahead by 9 minutes when a share ended, and mended over a restart of the owner: what is shared next is read', async () => {
    const [marie, sam] = await pair();
    await marie.stop();
    const right = marie.clock.now() - sam.clock.now();
    marie.clock.setWall(sam.clock.now() + 9 * MINUTE);
    await marie.start();
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    await marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
    await until(() => filesWith(sam.home, [claude.session]).length === 0, { what: 'the copy to be gone' });
    await marie.stop();
    marie.clock.setWall(sam.clock.now() + right);
    await marie.start();
    await linked(marie, sam);
    await marie.share(claude, sam.login);
    await reads(sam, marie, claude, ['one']);
  });

  it('to 2040 on both, while they accept and share, and mended on both: what was said then is said anew', async () => {
    const [marie, sam] = await pair();
    const claude = await marie.claude();
    claude.say('one');
    for (const person of [marie, sam]) {
      await person.stop();
      person.clock.setWall(FAR);
    }
    await Promise.all([marie.start(), sam.start()]);
    await linked(marie, sam);
    await sharing(marie, claude, ['one'], sam);
    await marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
    await Promise.all([marie.stop(), sam.stop()]);
    for (const person of [marie, sam]) person.clock.setWall(Date.now());
    await Promise.all([marie.start(), sam.start()]);
    await connected(marie, sam);
    await linked(marie, sam);
    await marie.share(claude, sam.login);
    await reads(sam, marie, claude, ['one']);
  });

  it('what is typed under 2040 reaches the other once the clock is mended: invite, accept, disconnect', async () => {
    const [marie, sam] = await pair();
    const claude = await marie.claude();
    claude.say('one');
    set(marie, FAR, sam);
    await marie.share(claude, sam.login);
    expect((await marie.client.call('connections', {})).pendingOut.length).toBe(1);
    set(marie, sam.clock.now(), sam);
    await invited(sam, marie);

    set(sam, FAR, marie);
    await sam.accept(marie.login).catch(() => {});
    set(sam, marie.clock.now(), marie);
    if ((await sam.client.call('connections', {})).accepted.length === 0) await sam.accept(marie.login);
    await connected(marie, sam);
    await reads(sam, marie, claude, ['one']);

    set(marie, FAR, sam);
    await marie.client.call('disconnect', { body: { handle: sam.login } });
    set(marie, sam.clock.now(), sam);
    await until(async () => (await sam.client.call('connections', {})).accepted.length === 0, {
      what: 'the disconnect',
    });
    await until(() => filesWith(sam.home, [claude.session]).length === 0, { what: 'the copy to be gone' });
  });

  it('the marks on disk that a clock at 2040 left neither keep nor wipe anything for ever', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const core = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0]?.stored.core ?? '';
    await Promise.all([marie.stop(), sam.stop()]);
    const file = path.join(sam.home, 'state', 'inbox', 'inbox.json');
    const stored = JSON.parse(fs.readFileSync(file, 'utf8')) as { replicas: object[] };
    const poisoned = stored.replicas.map((r) => ({ ...r, receivedAt: FAR, until: FAR + 60 * MINUTE }));
    fs.writeFileSync(file, JSON.stringify({ ...stored, replicas: poisoned }));
    await sam.start();
    await until(() => filesWith(sam.home, [claude.session, ...spellings(core)]).length === 0, {
      what: 'it to be wiped',
    });
    await marie.start();
    await reads(sam, marie, claude, ['one']);
    const marks = JSON.parse(fs.readFileSync(file, 'utf8')) as { replicas: { until: number }[] };
    expect(marks.replicas.every((r) => r.until < sam.clock.now() + 61 * MINUTE)).toBe(true);
  });

  it('a record that would be dated 2040 is not published, so nobody loses sight of its owner', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const record = fs.readFileSync(path.join(marie.home, 'state', 'own-record.txt'), 'utf8');
    set(marie, FAR, sam);
    pass(6 * MINUTE, marie, sam);
    await says(marie, 'CLOCK_SKEW');
    await marie.restart();
    expect(fs.readFileSync(path.join(marie.home, 'state', 'own-record.txt'), 'utf8')).toBe(record);
    set(marie, sam.clock.now(), sam);
    pass(6 * MINUTE, marie, sam);
    claude.say('two');
    await reads(sam, marie, claude, ['one', 'two']);
  });
});
