/**
 * An owner whose core is not what its recipients were sent: rewritten while it is served, on the disk between two runs, or
 * set back to fewer blocks. It is closed by name, nothing of it is shown as live, and all comes again from the transcript.
 */
import fs from 'node:fs';
import path from 'node:path';
import Hypercore from 'hypercore';
import type { KeyPair } from 'hyperdht';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { openCoreFolder } from '../../src/platform/core-storage.ts';
import { b64url } from '../../src/protocol/bytes.ts';
import { encodeBlock, encodeEntry } from '../../src/protocol/core-block.ts';
import { turn } from '../protocol/samples.ts';
import { filesWith, spellings } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  Follower,
  noted,
  people,
  type Person,
  reads,
  sharing,
  type World,
  useWorld,
} from '../support/world/index.ts';

type WrittenCore = Hypercore & { keyPair: KeyPair; truncate(length: number): Promise<void> };

let world: World;
useWorld((started) => (world = started));

/** Cores are a private matter of the owner's rooms: those that were written are seen here. */
let written: { readonly mock: { readonly contexts: unknown[] } };
beforeEach(() => {
  written = vi.spyOn(Hypercore.prototype, 'append');
});
afterEach(() => vi.restoreAllMocks());

interface Scene {
  marie: Person;
  sam: Person;
  claude: FakeClaude;
  /** As the owner's disk has it. */
  stored: { core: string; key: string; gen: number };
  core: WrittenCore;
}

const TEXTS = ['one', 'two', 'three'];
const FORGED = encodeBlock([encodeEntry(turn(9, 'never said'))]);

/** A session of a line per block that sam has. */
async function scene(): Promise<Scene> {
  const [marie, sam] = await people(world, 'marie', 'sam');
  if (!marie || !sam) throw new Error('nobody');
  const claude = await marie.claude();
  claude.say('one');
  await sharing(marie, claude, ['one'], sam);
  for (const [i, text] of TEXTS.entries()) {
    if (i > 0) claude.say(text);
    await reads(sam, marie, claude, TEXTS.slice(0, i + 1));
  }
  const stored = marie.rooms.sharing.get(claude.session)?.readableBy(sam.rooms.self.uid)[0]?.stored;
  const core = (written.mock.contexts as WrittenCore[]).findLast((c) => b64url(c.key) === stored?.core);
  if (!stored || !core) throw new Error('no core');
  return { marie, sam, claude, stored, core };
}

/** What is not true any more is nowhere, and everything can be read, live, of another core with another key. */
async function madeAnew({ marie, sam, claude, stored }: Scene): Promise<void> {
  claude.say('four');
  await reads(sam, marie, claude, [...TEXTS, 'four']);
  const held = sam.rooms.inbox.of(marie.rooms.self.uid).map((h) => h.replica.grant);
  expect(held.flatMap((grant) => [grant.core, grant.key])).not.toContain(stored.core);
  expect(held.flatMap((grant) => [grant.core, grant.key])).not.toContain(stored.key);
  for (const { home, login } of [marie, sam]) {
    await until(
      () => filesWith(path.join(home, 'state'), [...spellings(stored.core), ...spellings(stored.key)]).length === 0,
      { what: `nothing left at ${login}` },
    );
  }
}

/** Sam closes it by name, and marie is told. */
async function closedByName({ marie, sam }: Scene): Promise<void> {
  await noted(sam, 'GENERATION_FORKED');
  const told = await noted(marie, 'PEER_REFUSED', 'GENERATION_FORKED');
  expect(told.hint).toContain('made anew');
}

it('rewritten while it is served', async () => {
  const s = await scene();
  const follower = new Follower(s.sam, s.marie, s.claude);
  onTestFinished(() => follower.close());
  await follower.reads(TEXTS);
  await s.core.truncate(2);
  await s.core.append(FORGED);
  await closedByName(s);
  await noted(s.marie, 'CORE_LOST', 'rewritten');
  await madeAnew(s);
  // Who was in the middle of it was told that it ended, or that it begins again; never what was forged.
  expect(JSON.stringify(follower.events)).not.toContain('never said');
  expect(follower.ended ?? follower.replaced).toBeTruthy();
});

it('rewritten on the disk between two runs, to as many blocks as before', async () => {
  const s = await scene();
  await s.marie.stop();
  await onDisk(s, async (core) => {
    await core.truncate(2);
    await core.append([FORGED, FORGED]);
  });
  await s.marie.start();
  // Sam has all of it and asks for nothing; who comes now does.
  const [tess] = await people(world, 'tess');
  if (!tess) return;
  await sharing(s.marie, s.claude, TEXTS, tess);
  await noted(s.marie, 'CORE_LOST', 'rewritten');
  // She was not even given it.
  const { errors } = await tess.client.call('status');
  expect(errors.map((e) => e.code)).not.toContain('GENERATION_FORKED');
  await madeAnew(s);
});

it('set back to fewer blocks than were sent', async () => {
  const s = await scene();
  const { marie, claude, stored } = s;
  await marie.stop();
  const folder = path.join(marie.home, 'state', 'share', claude.session);
  // The same core as it was two lines ago; a disk that is set back has an older session.json, too.
  const blocks = await onDisk(s, async (core) => [await core.get(0), await core.get(1)]);
  fs.rmSync(path.join(folder, String(stored.gen)), { recursive: true });
  await onDisk(s, (core) => core.append(blocks.map((block) => block ?? Buffer.alloc(0))));
  const file = path.join(folder, 'session.json');
  const session = JSON.parse(fs.readFileSync(file, 'utf8')) as { generations: { blocks?: number }[] };
  for (const generation of session.generations) delete generation.blocks;
  fs.writeFileSync(file, JSON.stringify(session));
  await marie.start();
  await closedByName(s);
  claude.say('four');
  await reads(s.sam, marie, claude, [...TEXTS, 'four']);
  const generations = marie.rooms.sharing.get(claude.session)?.readableBy(s.sam.rooms.self.uid) ?? [];
  expect(generations.map((g) => g.writable)).toEqual([false, true]);
  expect(generations[0]?.blocks).toBe(2);
});

/** Opens the core as the process that wrote it could, while no daemon has it. */
async function onDisk<T>({ marie, claude, stored, core }: Scene, task: (core: WrittenCore) => Promise<T>): Promise<T> {
  const folder = path.join(marie.home, 'state', 'share', claude.session, String(stored.gen));
  const opened = await openCoreFolder(folder, { keyPair: core.keyPair }, Buffer.from(stored.key, 'base64url'));
  try {
    return await task(opened.core as WrittenCore);
  } finally {
    await opened.close();
  }
}
