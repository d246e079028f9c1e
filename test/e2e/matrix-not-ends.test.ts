/**
 * What only pauses a share: every mishap of either laptop, whatever the other one does meanwhile. Nothing can be read past
 * the lease, it comes back untyped, and no line is lost or repeated.
 */
import { describe, expect, it } from 'vitest';
import { filesWith } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  Follower,
  invited,
  type Lane,
  type Laptop,
  type Mishap,
  MISHAPS,
  openLane,
  reads,
  refusedRead,
  see,
  useDaemonEntry,
} from '../support/world/index.ts';

const MINUTE = 60_000;
let entry: string;
useDaemonEntry((built) => (entry = built));

/** What the other side does: it is there, it is away as well and comes back first, or it comes back last. */
const OTHERS = ['there', 'away during', 'away until after'] as const;

interface Scene {
  lane: Lane;
  owner: Laptop;
  reader: Laptop;
  claude: FakeClaude;
  texts: string[];
}

function say({ claude, texts }: Scene, text: string): void {
  claude.say(text);
  texts.push(text);
}

async function pass({ owner, reader }: Scene, ms: number): Promise<void> {
  await Promise.all([owner.pass(ms), reader.pass(ms)]);
}

const whole = ({ owner, reader, claude, texts }: Scene): Promise<void> =>
  reads(reader.person, owner.person, claude, texts);

/** Nothing of it is readable, and no ciphertext is left either. */
async function gone({ owner, reader, claude }: Scene): Promise<void> {
  expect(['NO_LONGER_SHARED', 'NOTHING_SHARED_WITH_ME']).toContain(
    await refusedRead(reader.person, owner.person, claude),
  );
  await until(() => filesWith(reader.person.home, [claude.session]).length === 0, { what: 'the copy to be wiped' });
}

/** The mishap, for longer than a lease where it lasts at all. */
async function happens(scene: Scene, hit: Laptop, how: Mishap, others: (typeof OTHERS)[number]): Promise<void> {
  const { owner, reader } = scene;
  const other = hit === owner ? reader : owner;
  const long = how === 'down' || how === 'sleep';
  say(scene, `${how}, ${others}: just before`);
  await hit.goAway(how);
  say(scene, `${how}, ${others}: while it is away`);
  // The network tells only after a while that nobody is there any more.
  if (how === 'sleep' && other.awake && hit === owner) await see([reader], owner, false);
  if (others !== 'there') await other.goAway('down');
  if (long) {
    await pass(scene, 61 * MINUTE);
    if (reader.awake) await gone(scene);
  }
  if (others === 'away during') {
    await other.comeBack();
    if (long && reader.awake) await gone(scene);
  }
  await hit.comeBack();
  if (long && hit === reader && !owner.awake) await gone(scene);
  if (others === 'away until after') await other.comeBack();
  say(scene, `${how}, ${others}: after`);
  await whole(scene);
}

describe.each(['owner', 'recipients'] as const)('of the %s', (side) => {
  it.concurrent.each(MISHAPS)(
    '%s',
    async (how) => {
      const lane = await openLane(entry, { hit: side, how }, ['sam']);
      try {
        const { owner } = lane;
        const [reader] = lane.recipients;
        if (!reader) return;
        const claude = await owner.person.claude();
        const scene: Scene = { lane, owner, reader, claude, texts: [] };
        say(scene, 'one');
        await owner.person.share(claude, reader.person.login);
        await invited(reader.person, owner.person);
        await reader.person.accept(owner.person.login);
        await whole(scene);
        for (const others of OTHERS) {
          const stays = side === 'owner' && others === 'there' && (how === 'restart' || how === 'kill -9');
          const follower = stays ? new Follower(reader.person, owner.person, claude) : null;
          if (follower) await follower.reads(scene.texts);
          await happens(scene, side === 'owner' ? owner : reader, how, others);
          if (follower) {
            await follower.reads(scene.texts);
            expect([follower.replaced, follower.ended]).toEqual([0, null]);
            await follower.close();
          }
        }
      } finally {
        await lane.close();
      }
    },
    180_000,
  );
});
