/**
 * What ends a share, together with every mishap of either laptop and with recipients who are there, away when it ends, or
 * away until the lease is over. Whatever comes together, no key, replica or index is left, and nothing is served.
 */
import Corestore from 'corestore';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesWith } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  keysOf,
  type Laptop,
  type Mishap,
  MISHAPS,
  nothingLeft,
  openLane,
  over,
  reads,
  see,
  uid,
  useDaemonEntry,
} from '../support/world/index.ts';

const MINUTE = 60_000;
let entry: string;
useDaemonEntry((built) => (entry = built));

/** Where the recipients are when it ends. */
const RECIPIENTS = ['there', 'away during', 'away until after the lease'] as const;

/** A conversation that one recipient has, how it ends, and the words for it that the recipient is told. */
interface Share {
  name: string;
  claude: FakeClaude;
  to: Laptop;
  end: (() => Promise<unknown>) | null;
  reason: string;
  keys: (string | Buffer)[];
}

class Scene {
  readonly owner: Laptop;
  readonly recipients: Laptop[];
  shares: Share[] = [];

  constructor(owner: Laptop, recipients: Laptop[]) {
    this.owner = owner;
    this.recipients = recipients;
  }

  /** One conversation for each way to end it, and one whose resumed copy ends, which is none. */
  async begin(): Promise<void> {
    const [sam, tess, uma] = this.recipients;
    if (!sam || !tess || !uma) throw new Error('nobody');
    const { client } = this.owner.person;
    const unshare = (claude: FakeClaude, from: string[]): Promise<unknown> =>
      client.call('unshare', { body: { session: claude.session, cwd: '/', from, all: false } });
    const ways: [string, Laptop, ((claude: FakeClaude) => Promise<unknown>) | null, string][] = [
      ['unshare', sam, (claude) => unshare(claude, []), 'unshared'],
      ['unshare of one person', sam, (claude) => unshare(claude, [sam.person.login]), 'unshared'],
      ['SessionEnd', sam, (claude) => claude.exit(), 'ended'],
      ['kill -9 of Claude Code', sam, async (claude) => claude.kill(), 'ended'],
      ['disconnect', tess, () => client.call('disconnect', { body: { handle: tess.person.login } }), 'disconnected'],
      ['block', uma, () => client.call('block', { body: { handle: uma.person.login } }), 'blocked'],
      ['claude -p --resume', sam, null, ''],
    ];
    this.shares = [];
    for (const [name, to, end, reason] of ways) {
      const claude = await this.owner.person.claude(name.replaceAll(' ', '-'));
      claude.say('one');
      await this.owner.person.share(claude, to.person.login);
      this.shares.push({ name, claude, to, end: end && (() => end(claude)), reason, keys: [] });
    }
    for (const { person } of this.recipients) {
      const ties = await until(async () => {
        const { accepted, pendingIn } = await person.client.call('connections', {});
        return accepted.length + pendingIn.length > 0 ? { pendingIn } : null;
      });
      if (ties && ties.pendingIn.length > 0) await person.accept(this.owner.person.login);
    }
    for (const share of this.shares) {
      await reads(share.to.person, this.owner.person, share.claude, ['one']);
      share.keys = keysOf(this.owner.person, share.claude);
    }
  }

  get ending(): Share[] {
    return this.shares.filter((s) => s.end !== null);
  }

  /** Of those, what each recipient is told sooner or later. */
  get heard(): Share[] {
    return this.ending.filter((s) => s.name !== 'block');
  }

  /** All of them end; and a `claude -p --resume` of one conversation comes and goes, which ends nothing. */
  async end(): Promise<void> {
    for (const { claude, end } of this.shares) {
      if (end) await end();
      else await claude.printed();
    }
    // The process table is looked at every second.
    await this.owner.pass(1000);
    await until(async () => (await this.owner.person.client.call('shared', {})).sessions.length === 1, {
      what: 'the owner to have ended them',
    });
  }

  async pass(ms: number): Promise<void> {
    await Promise.all([this.owner, ...this.recipients].map((l) => l.pass(ms)));
  }

  /**
   * Nothing is left of any share that ended, at either end, and recipients say so.
   * @param told why, to the one who was told; null where the daemon that heard it is gone
   */
  async gone(which: Share[], told: 'its reason' | 'the lease ran out' | null): Promise<void> {
    for (const { claude, to, keys, reason, name } of which) {
      const said = await over(to.person, this.owner.person, claude, name);
      if (told && to === this.recipients[0]) {
        const why = /is no longer shared \((.*)\)$/.exec(said)?.[1];
        // What was sent to a sleeping machine in time may still be read by it when it wakes.
        expect(told === 'its reason' ? [reason] : [reason, told], name).toContain(why);
      }
      await nothingLeft(to.person, claude, keys, name);
    }
    if (!this.owner.awake) return;
    const share = path.join(this.owner.person.home, 'state', 'share');
    const keys = which.flatMap((s) => s.keys);
    await until(() => filesWith(share, keys).length === 0, { what: 'nothing left at the owner' });
  }

  /** The conversation that did not end goes on, and its reader has missed nothing. */
  async goesOn(): Promise<void> {
    for (const { claude, to, end } of this.shares) {
      if (end) continue;
      claude.say('two');
      await reads(to.person, this.owner.person, claude, ['one', 'two']);
    }
  }

  /** Who kept the keys, and has a line to the owner, is served nothing. Of recipients in this process only. */
  async keepersGetNothing(): Promise<void> {
    const [sam] = this.recipients;
    const link = sam?.person.rooms.swarm.linksOf(await uid(this.owner.person))[0];
    if (!sam || !link) throw new Error('no line');
    const store = new Corestore(path.join(sam.person.folder, 'kept'));
    const asked = this.ending.map(async ({ keys }) => {
      const [key, block] = [keys[0], keys[4]];
      const core = store.get({ key: key as Buffer, encryption: { key: block as Buffer } });
      await core.ready();
      core.replicate(link.mux);
      await expect(core.get(0, { timeout: 400 })).rejects.toThrow();
      expect(core.length).toBe(0);
    });
    await Promise.all(asked);
    await store.close();
  }

  /** Everything ends, and consent is restored, for the next row. */
  async over(): Promise<void> {
    const { client } = this.owner.person;
    await client.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } });
    const uma = this.recipients[2]?.person.login ?? '';
    await client.call('unblock', { body: { handle: uma } });
  }
}

async function row(scene: Scene, hit: Laptop[], how: Mishap, where: (typeof RECIPIENTS)[number]): Promise<void> {
  const { owner, recipients } = scene;
  await scene.begin();
  if (where === 'there') {
    await scene.end();
    // On a line that lived through the end; with the other mishaps there is no moment in between.
    if (how === 'restart') await scene.keepersGetNothing();
    await Promise.all(hit.map((l) => l.goAway(how)));
    if (how === 'sleep' && hit.includes(owner)) await see(recipients.slice(0, 1), owner, false);
    await Promise.all(hit.map((l) => l.comeBack()));
  } else {
    const away = hit.includes(owner) ? ('down' as const) : how;
    await Promise.all(recipients.map((l) => l.goAway(away)));
    await scene.end();
    if (hit.includes(owner)) {
      await owner.goAway(how);
      if (where === 'away during') await owner.comeBack();
    } else if (where !== 'away during') await owner.goAway('down');
    if (where === 'away until after the lease') {
      await scene.pass(61 * MINUTE);
      // They wipe what ran out without anybody's word.
      await Promise.all(recipients.map((l) => l.comeBack()));
      await scene.gone(scene.ending, 'the lease ran out');
      await owner.comeBack();
    } else {
      await Promise.all(recipients.map((l) => l.comeBack()));
    }
  }
  await see(recipients.slice(0, 1), owner, true);
  await scene.goesOn();
  // Whose daemon went after it had heard does not know any more why.
  const knows = where !== 'there' || hit.includes(owner) || how === 'sleep';
  const ranOut = where === 'away until after the lease';
  await scene.gone(scene.heard, knows ? (ranOut ? 'the lease ran out' : 'its reason') : null);
  if (hit.includes(owner)) await scene.keepersGetNothing();
  // Nothing is said to a blocked person who was not there: to them it ends with the lease at the latest.
  await scene.pass(61 * MINUTE);
  await scene.gone(scene.ending, null);
  await scene.over();
}

describe.each(['owner', 'recipients'] as const)('and a mishap of the %s', (side) => {
  it.concurrent.each(MISHAPS)(
    '%s',
    async (how) => {
      const lane = await openLane(entry, { hit: side, how }, ['sam', 'tess', 'uma'], ['uma']);
      try {
        const scene = new Scene(lane.owner, lane.recipients);
        for (const where of RECIPIENTS) await row(scene, side === 'owner' ? [lane.owner] : lane.recipients, how, where);
      } finally {
        await lane.close();
      }
    },
    180_000,
  );
});
