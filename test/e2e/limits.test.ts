/**
 * Limits that a peer or a file runs into: each is named on both sides, and nothing else suffers. Every limit of
 * docs/LIMITS.md that is not here is tried where its mechanism is: test/inbox, test/swarm, test/share, test/capture,
 * test/connections, test/github, test/local-api, test/e2e/control-messages.test.ts, test/e2e/lease.test.ts.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import HyperDHT from 'hyperdht';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sign } from '../../src/identity/index.ts';
import { openCoreFolder } from '../../src/platform/core-storage.ts';
import { b64url, pae } from '../../src/protocol/bytes.ts';
import { CONTROL_FRAMES, CONTROL_PROTOCOL, type ControlFrame, encodeGrants } from '../../src/protocol/control.ts';
import { type CoreHeader, encodeHeader, HEADER_DOMAIN, headerPayload } from '../../src/protocol/core-block.ts';
import {
  BLOCK_MAX_BYTES,
  BLOCK_TARGET_BYTES,
  CONTROL_FRAME_MAX_BYTES,
  CONTROL_MESSAGES_BURST,
  ENTRY_MAX_BYTES,
  JSON_MAX_DEPTH,
  DUMP_PAGE_MAX_BYTES,
} from '../../src/protocol/limits.ts';
import type { InboxSession } from '../../src/protocol/local-api.ts';
import type { Statement } from '../../src/protocol/statements.ts';
import type { DeviceLink } from '../../src/swarm/index.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  Follower,
  invited,
  linked,
  noted,
  people,
  type Person,
  reads,
  sharing,
  uid,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

/** Gives a home limits of its own, as its user would. */
async function limit(person: Person, limits: object): Promise<void> {
  const file = path.join(person.home, 'config.json');
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
  fs.writeFileSync(file, JSON.stringify({ ...config, limits }), { mode: 0o600 });
  await person.restart();
}

/** About so many KiB of words in turns of 64 KiB. */
function sayMuch(claude: FakeClaude, kib: number): void {
  const words = 'the index of the login table is missing, so every look goes through all of it. '
    .repeat(820)
    .slice(0, 65_536);
  claude.say(...Array.from({ length: kib / 64 }, (_, i) => `${i} ${words}`));
}

interface Scene {
  marie: Person;
  sam: Person;
  /** A third person who shares with sam: what is to go on unharmed. */
  bystander: Person;
  other: FakeClaude;
}

async function scene(limits: object | null = null): Promise<Scene> {
  const [marie, sam, bystander] = await people(world, 'marie', 'sam', 'ines');
  if (!marie || !sam || !bystander) throw new Error('nobody');
  if (limits) await limit(sam, limits);
  const other = await bystander.claude();
  other.say('unharmed');
  await sharing(bystander, other, ['unharmed'], sam);
  await linked(marie, sam);
  return { marie, sam, bystander, other };
}

/** What a reader is told where turns are missing that are over the quota. */
const GAP = { type: 'missing', coming: false, overQuota: true } as const;

/** The session as sam's index tells it. */
async function ofSession({ marie, sam }: Scene, { session }: FakeClaude): Promise<InboxSession> {
  const { sessions } = await sam.client.call('inbox', { params: { handle: marie.login } });
  const found = sessions.find((s) => s.session === session);
  if (!found) throw new Error(`${session} is not listed`);
  return found;
}

/** Of so many turns, sam has the newest ones without a hole, up to his quota, and is told of the others. Their texts. */
async function newestPart(s: Scene, claude: FakeClaude, of: number): Promise<string[]> {
  const { turns, fetched, newest } = await ofSession(s, claude);
  expect([turns, newest.at(-1)?.line]).toEqual([of, of]);
  const [about, gap, ...events] = await s.sam.read(s.marie.login, claude.session);
  expect([about, gap]).toMatchObject([
    { turns, fetched },
    { ...GAP, turns: of - fetched },
  ]);
  const read = events.flatMap((e) => (e.type === 'turn' ? [e.turn.line] : []));
  expect(read).toEqual(Array.from({ length: fetched }, (_, i) => of - fetched + i + 1));
  const held = s.sam.rooms.inbox.of(await uid(s.marie));
  const bytes = held.reduce((n, h) => n + h.replica.taken.bytes, 0);
  expect(bytes).toBeGreaterThan(1024 * 1024 - BLOCK_TARGET_BYTES);
  expect(bytes).toBeLessThan(1024 * 1024 + 2 * BLOCK_TARGET_BYTES);
  const whole = { from: null, to: null, cursor: null, budget: DUMP_PAGE_MAX_BYTES, newest: false };
  const body = { handle: s.marie.login, session: claude.session, ...whole };
  const page = await s.sam.client.call('dump', { body });
  const missing = { before: 0, turns: of - fetched, coming: false, overQuota: true };
  expect([page.missing, page.turns[0]?.line]).toEqual([[missing], of - fetched + 1]);
  return s.sam.texts(s.marie.login, claude.session);
}

/** The bystander's conversation still goes on live. */
async function nothingElseSuffers({ sam, bystander, other }: Scene): Promise<void> {
  other.say(`still there ${other.writer.lines.length}`);
  await until(async () => (await sam.texts(bystander.login)).at(-1)?.startsWith('still there') === true);
}

describe('what is taken of others', () => {
  it('of one session: its newest part is read and the gap told; named on both sides; their next session comes', async () => {
    const s = await scene({ sessionMiB: 1 });
    const { marie, sam } = s;
    const large = await marie.claude('large');
    sayMuch(large, 1536);
    await marie.share(large, sam.login);
    await invited(sam, marie);
    await sam.accept(marie.login);
    // Somebody reads from the beginning while it comes: what is old is not taken in the place of what is new.
    await sam.read(marie.login, large.session);
    expect((await noted(sam, 'QUOTA_EXCEEDED', marie.login)).hint).toContain('raise limits in config.json');
    const told = await noted(marie, 'PEER_REFUSED', `${sam.login}: QUOTA_EXCEEDED`);
    expect(told.hint).toContain('they read what they have');
    const small = await marie.claude('small');
    small.say('fits');
    await marie.share(small, sam.login);
    await reads(sam, marie, small, ['fits']);
    const newest = await newestPart(s, large, 24);
    const follower = new Follower(sam, marie, large);
    onTestFinished(() => follower.close());
    await follower.reads(newest);
    large.say('said after the quota was reached');
    await until(() => follower.events.at(-1)?.type === 'missing', { what: 'the follower to be told' });
    expect(follower.events.at(-1)).toEqual({ ...GAP, turns: 1 });
    // What is here counts after a start, too, before anything else is fetched.
    await sam.restart();
    await noted(sam, 'QUOTA_EXCEEDED', marie.login);
    expect(await sam.texts(marie.login, large.session)).toEqual(newest);
    await nothingElseSuffers(s);
  });

  it('of one person: named on both sides; what others share comes', async () => {
    const s = await scene({ sessionMiB: 1, personMiB: 1 });
    const { marie, sam, bystander } = s;
    const first = await marie.claude('first');
    sayMuch(first, 640);
    await marie.share(first, sam.login);
    await until(async () => (await sam.client.call('connections')).pendingIn.length === 1);
    await sam.accept(marie.login);
    await until(async () => (await sam.turns(marie.login, first.session)).length === 10);
    const second = await marie.claude('second');
    sayMuch(second, 640);
    // All of it is there before sam is granted any of it.
    await marie.share(second, bystander.login);
    await until(async () => (await marie.client.call('status')).shares.every((share) => share.turns >= 10));
    await marie.share(second, sam.login);
    await noted(sam, 'QUOTA_EXCEEDED', `${marie.login}: session ${second.session.slice(0, 8)}`);
    await noted(marie, 'PEER_REFUSED', `QUOTA_EXCEEDED: session ${second.session.slice(0, 8)}`);
    await newestPart(s, second, 10);
    expect((await sam.turns(marie.login, first.session)).length).toBe(10);
    await nothingElseSuffers(s);
  });

  it('nonsense in config.json is named before anything starts', async () => {
    const [sam] = await people(world, 'sam');
    if (!sam) return;
    for (const [limits, words] of [
      [{ sessionMiB: 0 }, 'limits.sessionMiB'],
      [{ devices: 1.5 }, 'limits.devices'],
      [{ sessionMiB: '512' }, 'limits.sessionMiB'],
      [{ sessionMib: 512 }, 'limits'],
      [{ sessionMiB: 4096 }, '4096 MiB of a session are more than 2048 MiB of a person'],
    ] as const) {
      await expect(limit(sam, limits)).rejects.toMatchObject({
        code: 'BAD_CONFIG',
        message: expect.stringContaining(words) as string,
      });
    }
    await limit(sam, { sessionMiB: 4096, personMiB: 8192 });
    expect(sam.rooms.settings.limits).toMatchObject({ sessionMaxBytes: 4096 * 1024 ** 2 });
    // Signing in again keeps what the user wrote.
    await sam.stop();
    await sam.init();
    await sam.start();
    expect(sam.rooms.settings.limits).toMatchObject({ personMaxBytes: 8192 * 1024 ** 2, devicesMax: 256 });
  });
});

describe('devices', () => {
  it('beyond the bound: the newcomer is cut off and both are told; who is linked stays', async () => {
    const s = await scene();
    const { sam, bystander } = s;
    await limit(sam, { devices: 2 });
    await until(() => sam.rooms.swarm.links().length === 2);
    const [late] = await people(world, 'late');
    if (!late) return;
    // He asks GitHub for the members once a minute.
    sam.clock.pass(61_000);
    await noted(sam, 'TOO_MANY_DEVICES', late.login);
    const told = await noted(late, 'PEER_REFUSED', `${sam.login}: TOO_MANY_DEVICES`);
    expect(told.hint).toContain('limits.devices');
    expect(new Set(sam.rooms.swarm.links().map((l) => l.uid)).has(await uid(bystander))).toBe(true);
    await nothingElseSuffers(s);
  });
});

describe('a file', () => {
  it('with a line over the entry bound: the cut is marked and the rest comes', async () => {
    const s = await scene();
    const { marie, sam } = s;
    const claude = await marie.claude();
    claude.say('before', 'long words '.repeat(110_000), 'after');
    expect(Buffer.byteLength(claude.writer.lines.at(-2) ?? '')).toBeGreaterThan(ENTRY_MAX_BYTES);
    await marie.share(claude, sam.login);
    await until(async () => (await sam.client.call('connections')).pendingIn.length === 1);
    await sam.accept(marie.login);
    const turns = await until(async () => {
      const all = await sam.turns(marie.login, claude.session).catch(() => []);
      return all.length === 3 ? all : null;
    });
    expect(turns?.[1]?.content.at(-1)).toMatchObject({
      type: 'omitted',
      why: expect.stringContaining('cut') as string,
    });
    await nothingElseSuffers(s);
  });
});

/** Sends on the channel below the pacing, as a modified client would. */
function raw(link: DeviceLink, frame: ControlFrame, bytes: Buffer): void {
  const channels = link.mux as unknown as Iterable<{ protocol: string; messages: { send(b: Buffer): void }[] }>;
  const control = [...channels].find((c) => c.protocol === CONTROL_PROTOCOL);
  control?.messages[CONTROL_FRAMES.indexOf(frame)]?.send(bytes);
}

describe('a hostile peer', () => {
  it.each([
    ['a frame over the bound', 'FRAME_TOO_LARGE', 'need', Buffer.alloc(CONTROL_FRAME_MAX_BYTES + 1, ' ')],
    ['JSON nested too deeply', 'FRAME_MALFORMED', 'need', Buffer.from('['.repeat(JSON_MAX_DEPTH + 1))],
    ['too many grants in one list', 'FRAME_MALFORMED', 'state', manyGrants()],
    ['too many messages', 'RATE_LIMITED', 'need', null],
  ] as const)('sends %s: is cut off by name on both sides, and comes back', async (_what, code, frame, bytes) => {
    const s = await scene();
    const { marie, sam } = s;
    const [toSam] = marie.rooms.swarm.linksOf(await uid(sam));
    if (!toSam) throw new Error('no link');
    if (bytes) raw(toSam, frame, bytes);
    else for (let n = 0; n < CONTROL_MESSAGES_BURST * 2; n++) raw(toSam, frame, Buffer.from('{"gids":[]}'));
    await noted(sam, code, marie.login);
    await noted(marie, 'PEER_REFUSED', `${sam.login}: ${code}`);
    await until(() => toSam.closed);
    await nothingElseSuffers(s);
    await linked(marie, sam);
  });

  it('shares a core with a block over the bound: dropped by name on both sides; their true session comes', async () => {
    const s = await scene();
    const { marie, sam } = s;
    const claude = await marie.claude();
    claude.say('true');
    await sharing(marie, claude, ['true'], sam);
    const [toSam] = marie.rooms.swarm.linksOf(await uid(sam));
    if (!toSam) throw new Error('no link');
    const core = await hostileCore(marie, [
      Buffer.concat([Buffer.from([1, 0, 0, 0, 1]), Buffer.alloc(BLOCK_MAX_BYTES)]),
    ]);
    const samBox = sam.rooms.self.boxKey;
    const grant = marie.rooms.self.say<Statement>({
      t: 'grant',
      to: { uid: await uid(sam), sign: sam.rooms.self.signKey, box: samBox },
      exp: Math.floor(marie.clock.now() / 1000) + 3600,
      gid: b64url(randomBytes(16)),
      connection: marie.rooms.connections.consented(await uid(sam))[0] ?? '',
      ...core.granted,
      perm: 'read',
    } as never);
    core.replicate(toSam);
    toSam.send('grants', encodeGrants([marie.rooms.self.seal(grant, samBox)]));
    await noted(sam, 'FRAME_MALFORMED', marie.login);
    await noted(marie, 'PEER_REFUSED', `${sam.login}: FRAME_MALFORMED`);
    expect(sam.rooms.inbox.of(await uid(marie)).map((h) => h.replica.grant.session)).toEqual([claude.session]);
    await reads(sam, marie, claude, ['true']);
    await nothingElseSuffers(s);
  });
});

function manyGrants(): Buffer {
  const grants = Array.from({ length: 257 }, (_, i) => Buffer.alloc(16, i).toString('base64url'));
  return Buffer.from(JSON.stringify({ grants, first: true, last: true }));
}

/** A core of the owner's with a true header and blocks that no honest owner makes. */
async function hostileCore(owner: Person, blocks: Buffer[]) {
  const { self } = owner.rooms;
  const key = randomBytes(32);
  const folder = await openCoreFolder(`${tempDir()}/core`, { keyPair: HyperDHT.keyPair() }, key);
  onTestFinished(() => folder.close());
  const session = randomUUID();
  const header: CoreHeader = {
    t: 'teammate-sync/core',
    format: 1,
    session,
    gen: 1,
    core: b64url(folder.core.key),
    owner: { uid: self.uid, sign: self.signKey },
    host: self.workspace.host,
    org: self.workspace.orgId,
    project: 'proj',
    startedAt: new Date(owner.clock.now()).toISOString(),
    kind: 'continue',
    after: [],
  };
  const payload = headerPayload(header);
  await folder.core.append(encodeHeader(payload, sign(pae(HEADER_DOMAIN, payload), self.keys.sign.secretKey)));
  await folder.core.append(blocks);
  return {
    granted: { session, core: header.core, gen: 1, key: b64url(key) },
    replicate: (link: DeviceLink) => folder.core.replicate(link.mux),
  };
}
