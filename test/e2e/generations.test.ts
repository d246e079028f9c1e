/**
 * What a session's cores go through: restarts, people taken off, new rules, other sources, restored and copied disks. Never
 * is anything appended under an old key, and a reader in the middle of `show -f` misses nothing and is told nothing twice.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { filesBelow, filesWith, spellings } from '../support/disk.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  Follower,
  people,
  type Person,
  reads,
  sharing,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

interface Scene {
  marie: Person;
  sam: Person;
  tess: Person;
  claude: FakeClaude;
  texts: string[];
}

function say({ claude, texts }: Scene, ...more: string[]): void {
  for (const text of more) claude.say(text);
  texts.push(...more);
}

interface Core {
  core: string;
  key: string;
  blocks: number;
}

/** The owner's cores of the session, oldest first. */
const coresOf = ({ marie, sam, claude }: Scene): Core[] =>
  (marie.rooms.sharing.get(claude.session)?.readableBy(sam.rooms.self.uid) ?? []).map((g) => ({
    core: g.stored.core,
    key: g.stored.key,
    blocks: g.blocks,
  }));

/** A folder as a backup has it, and two ways to bring it back. */
class Backup {
  readonly #folder: string;
  readonly #copy: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#copy = `${folder}-backup`;
    fs.cpSync(folder, this.#copy, { recursive: true });
  }

  /** As a restore or a move to another disk leaves it: other files of the same content. */
  asCopy(): void {
    fs.rmSync(this.#folder, { recursive: true });
    fs.renameSync(this.#copy, this.#folder);
  }

  /** As a snapshot of the disk brings it back: the same files, with what they held then. */
  inPlace(): void {
    const files = filesBelow(this.#copy).map((file) => path.relative(this.#copy, file));
    for (const file of filesBelow(this.#folder)) {
      if (!files.includes(path.relative(this.#folder, file))) fs.rmSync(file);
    }
    for (const file of files) {
      fs.mkdirSync(path.dirname(path.join(this.#folder, file)), { recursive: true, mode: 0o700 });
      fs.writeFileSync(path.join(this.#folder, file), fs.readFileSync(path.join(this.#copy, file)), { mode: 0o600 });
    }
    fs.rmSync(this.#copy, { recursive: true });
  }
}

const state = (person: Person): string => path.join(person.home, 'state');

/** Brings an older state of a person's disk back, after more was said and heard. */
async function restored(scene: Scene, whose: Person, how: 'asCopy' | 'inPlace'): Promise<void> {
  await whose.stop();
  const backup = new Backup(state(whose));
  await whose.start();
  say(scene, 'after the backup');
  await reads(scene.sam, scene.marie, scene.claude, scene.texts);
  await whose.stop();
  backup[how]();
  // Nobody restores a disk within the second: generations are numbered by it.
  for (const { clock } of [scene.marie, scene.sam]) clock.pass(2000);
  await whose.start();
}

/** The same, of a snapshot that was taken while the daemon ran: the core that was written then is shorter in it. */
async function snapshot(scene: Scene, whose: Person): Promise<void> {
  const backup = new Backup(state(whose));
  say(scene, 'after the snapshot');
  await reads(scene.sam, scene.marie, scene.claude, scene.texts);
  await whose.stop();
  backup.inPlace();
  for (const { clock } of [scene.marie, scene.sam]) clock.pass(2000);
  await whose.start();
}

/** What happens, and whether recipients are told that what stood before is void. */
const EVENTS: [string, (scene: Scene) => Promise<unknown>, 'goes on' | 'is replaced' | 'either' | 'begins again'][] = [
  ['the daemon restarts', ({ marie }) => marie.restart(), 'goes on'],
  [
    'a recipient is removed',
    ({ marie, tess, claude }) =>
      marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [tess.login], all: false } }),
    'goes on',
  ],
  [
    'the rules of redaction changed',
    async ({ marie, claude }) => {
      await marie.stop();
      const file = path.join(state(marie), 'share', claude.session, 'session.json');
      const stored = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
      fs.writeFileSync(file, JSON.stringify({ ...stored, rules: 'earlier ones' }));
      await marie.start();
    },
    'is replaced',
  ],
  [
    'the source is replaced',
    async (scene) => {
      const other = new TranscriptWriter({ session: scene.claude.session, seed: 'other' });
      other.prompt('quite different');
      fs.writeFileSync(scene.claude.transcriptPath, other.text);
      scene.texts = ['quite different'];
    },
    'is replaced',
  ],
  [
    'the source shrinks',
    async (scene) => {
      const lines = fs.readFileSync(scene.claude.transcriptPath, 'utf8').split('\n');
      fs.writeFileSync(scene.claude.transcriptPath, `${lines[0]}\n`);
      scene.texts = scene.texts.slice(0, 1);
    },
    'is replaced',
  ],
  [
    'the folder of cores is copied',
    async ({ marie }) => {
      await marie.stop();
      new Backup(path.join(state(marie), 'share')).asCopy();
      await marie.start();
    },
    'either',
  ],
  ['the owner restores a copy of its state', (scene) => restored(scene, scene.marie, 'asCopy'), 'either'],
  ["the owner's disk is set back", (scene) => restored(scene, scene.marie, 'inPlace'), 'either'],
  ["the owner's disk is set back to a moment ago", (scene) => snapshot(scene, scene.marie), 'either'],
  [
    "the owner's disk and clock are set back",
    (scene) => {
      scene.marie.clock.setWall(scene.marie.clock.now() - 60_000);
      return restored(scene, scene.marie, 'inPlace');
    },
    'begins again',
  ],
  ['the recipient restores a copy of its state', (scene) => restored(scene, scene.sam, 'asCopy'), 'begins again'],
  ["the recipient's disk is set back", (scene) => restored(scene, scene.sam, 'inPlace'), 'begins again'],
];

it.each(EVENTS)('%s', async (_, happens, then) => {
  const [marie, sam, tess] = await people(world, 'marie', 'sam', 'tess');
  if (!marie || !sam || !tess) return;
  const scene: Scene = { marie, sam, tess, claude: await marie.claude(), texts: [] };
  say(scene, 'one', 'two');
  await sharing(marie, scene.claude, scene.texts, sam, tess);
  let follower = new Follower(sam, marie, scene.claude);
  onTestFinished(() => follower.close());
  await follower.reads(scene.texts);
  const before = coresOf(scene);
  expect(before.length).toBeGreaterThan(0);

  await happens(scene);
  if (then === 'begins again') {
    await follower.close();
    await until(() =>
      sam.rooms.inbox.of(marie.rooms.self.uid).some((h) => h.replica.grant.core === coresOf(scene).at(-1)?.core),
    );
    await reads(sam, marie, scene.claude, scene.texts);
    follower = new Follower(sam, marie, scene.claude);
  }
  await follower.reads(scene.texts);
  // Appended to the transcript by whoever wrote it last.
  const line = fs.readFileSync(scene.claude.transcriptPath, 'utf8').split('\n').length;
  const writer = new TranscriptWriter({ session: scene.claude.session, seed: `later ${line}` });
  writer.prompt('live again');
  fs.appendFileSync(scene.claude.transcriptPath, writer.text);
  scene.texts.push('live again');
  await follower.reads(scene.texts);
  // Whether a core that was set back can still be opened is up to its storage, and whether it is opened to who asks for it:
  // where it cannot, all is made anew.
  const replaced = then === 'either' ? follower.replaced > 0 : then === 'is replaced';
  expect([follower.replaced, follower.ended]).toEqual([replaced ? 1 : 0, null]);
  await reads(sam, marie, scene.claude, scene.texts);

  // No core of before was appended to, every core has a key of its own, and what was replaced is nowhere any more.
  const after = coresOf(scene);
  expect(new Set(after.map((c) => c.key)).size).toBe(after.length);
  for (const old of before) {
    const now = after.find((c) => c.core === old.core);
    if (then === 'begins again') continue;
    // A core of a disk that was set back is shorter than it was; no core ever grows again.
    if (then === 'either') expect(now?.blocks ?? 0).toBeLessThanOrEqual(old.blocks);
    else expect(now?.blocks).toBe(replaced ? undefined : old.blocks);
    expect(after.at(-1)?.core).not.toBe(old.core);
    if (now) continue;
    for (const person of [marie, sam]) {
      await until(() => filesWith(state(person), [...spellings(old.core), ...spellings(old.key)]).length === 0, {
        what: `nothing of a replaced core left at ${person.login}`,
      });
    }
  }
});
