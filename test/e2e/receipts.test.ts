/** Owners see who read which of their lines, with what and when, and never what was asked; readers are told so once. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { pathsOf } from '../../src/daemon/settings.ts';
import { ACTIVITY_PER_PERSON_MAX, LEASE_MS, RECEIPT_RANGES_MAX, RECEIPTS_BURST } from '../../src/protocol/limits.ts';
import type { ActivityEntry, AskRequest, AskResponse } from '../../src/protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import { typing } from '../support/typing.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  linked,
  people,
  type Person,
  reads,
  sharedWith,
  sharing,
  uid,
  useWorld,
  type World,
} from '../support/world/index.ts';

let world: World;
useWorld((made) => {
  world = made;
});

const QUESTION = 'why is the zanzibar question never told';

function ask(by: Person, question: string, reader?: string): Promise<AskResponse> {
  const { socket } = pathsOf(by.env);
  const client = createClient({
    ...{ socketPath: socket, version: PRODUCT_VERSION, caller: typing },
    ...(reader === undefined ? {} : { reader }),
  });
  const body: AskRequest = { handles: [], question, session: null, mode: 'question', budget: null, cursor: null };
  return client.call('ask', { body });
}

const activityOf = async (owner: Person): Promise<ActivityEntry[]> => (await owner.client.call('activity')).entries;

/** Waits for an entry of this kind. */
async function seen(owner: Person, what: Partial<ActivityEntry>): Promise<ActivityEntry> {
  const fits = (entry: ActivityEntry): boolean =>
    Object.entries(what).every(([key, value]) => JSON.stringify(Reflect.get(entry, key)) === JSON.stringify(value));
  const found = await until(async () => (await activityOf(owner)).find(fits) ?? null, {
    what: `${owner.login} sees ${JSON.stringify(what)}`,
  });
  if (!found) throw new Error('not seen');
  return found;
}

/** As a changed program of the reader might. */
async function tells(by: Person, to: Person, read: object, times = 1): Promise<void> {
  const [link] = by.rooms.swarm.linksOf(await uid(to));
  const known = { source: 'main', with: 'show', at: by.clock.now(), ranges: [{ from: 1, to: 1 }], session: '' };
  for (let i = 0; i < times; i++) link?.tell('receipts', { reads: [{ ...known, ...read }] });
}

describe('what is read', () => {
  let marie: Person;
  let sam: Person;
  let claude: FakeClaude;
  const texts = Array.from({ length: 40 }, (_, i) => `line ${i} about the harbour`);

  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    claude = await marie.claude('webshop');
    claude.say(...texts);
    await sharing(marie, claude, texts, sam);
  });

  it('is told its owner: who, which session, which lines, with what, when', async () => {
    const turns = await sam.turns('marie');
    const [first, last] = [turns[0]?.line ?? 0, turns.at(-1)?.line ?? 0];
    const entry = await seen(marie, { with: 'show', ranges: [{ from: first, to: last }] });
    expect(entry).toMatchObject({
      handle: 'sam',
      session: claude.session,
      project: 'webshop',
      source: 'main',
      shared: true,
    });
    expect(entry.device).toBe((await sam.client.call('whoami')).device);
    expect(Math.abs(Date.parse(entry.last) - marie.clock.now())).toBeLessThan(60_000);
    const [recipient] = (await marie.client.call('shared')).sessions[0]?.recipients ?? [];
    expect(recipient).toMatchObject({ handle: 'sam', readTo: last, readAt: entry.last });
    expect(await activityOf(sam)).toEqual([]);
  });

  it('is told with the name of the tool, and never with the question', async () => {
    const { excerpts } = await ask(sam, `${QUESTION} harbour`, 'query_teammate_context');
    expect(excerpts.length).toBeGreaterThan(0);
    const entry = await seen(marie, { with: 'query_teammate_context' });
    for (const { from, to } of excerpts) {
      expect(entry.ranges.some((range) => range.from <= from && to <= range.to)).toBe(true);
    }
    const citation = excerpts[0]?.id ?? '';
    await sam.client.call('cite', { body: { citation } });
    await seen(marie, { with: 'cite', ranges: [{ from: excerpts[0]?.from ?? 0, to: excerpts[0]?.to ?? 0 }] });
    const sent = Buffer.concat(sam.frames.flatMap(({ direction, bytes }) => (direction === 'out' ? [bytes] : [])));
    expect(sent.includes('query_teammate_context')).toBe(true);
    expect(sent.includes('zanzibar')).toBe(false);
    const kept = fs.readFileSync(path.join(marie.home, 'state', 'activity.json'), 'utf8');
    expect(kept.includes('zanzibar')).toBe(false);
  });

  it('is told while somebody follows, and for what is only listed', async () => {
    claude.say('the last of the list');
    const line = await until(
      async () => {
        const found = (await sam.client.call('inbox', { params: { handle: 'marie' } })).sessions[0]?.newest.at(-1);
        return JSON.stringify(found).includes('the last of the list') ? (found?.line ?? null) : null;
      },
      { what: 'the list' },
    );
    // Who only looks for sessions reads none of it.
    await seen(marie, { with: 'cite' });
    expect((await activityOf(marie)).some(({ ranges }) => ranges.at(-1)?.to === line)).toBe(false);
    await sam.client.call('inbox', { params: { handle: 'marie' }, query: { shown: '1' } });
    await until(async () => (await activityOf(marie)).some(({ ranges }) => ranges.at(-1)?.to === line), {
      what: 'the line in the list',
    });
    const stop = new AbortController();
    const query = { session: null, from: null, to: null, follow: true };
    const follow = (async (): Promise<void> => {
      for await (const event of sam.client.read('marie', query, stop.signal)) {
        if (event.type === 'turn' && JSON.stringify(event).includes('while followed')) return;
      }
    })();
    claude.say('while followed');
    await follow;
    await until(async () => (await activityOf(marie)).some(({ ranges }) => (ranges.at(-1)?.to ?? 0) > (line ?? 0)), {
      what: 'the line that was followed',
    });
    stop.abort();
  });

  it('tells the reader so once, over a restart too', async () => {
    const { marie: owner, sam: reader } = await sharedWith(world);
    const first = await reader.read(owner.login);
    // `sharedWith` has read it before.
    expect(first[0]).not.toHaveProperty('told');
    await reader.restart();
    await linked(reader, owner);
    await until(async () => (await ask(reader, 'one')).excerpts.length > 0, { what: 'an answer' });
    expect(await ask(reader, 'one')).not.toHaveProperty('told');
    expect(reader.rooms.told.takeNew([`receipts ${await uid(owner)}`])).toEqual([]);
  });

  it('says to the reader what is seen, in the first answer', async () => {
    const [owner, reader] = await people(world, 'ada', 'tom');
    if (!owner || !reader) throw new Error('nobody');
    const talk = await owner.claude();
    talk.say('the lighthouse');
    await owner.share(talk, reader.login);
    await until(async () => (await reader.client.call('connections')).pendingIn.length > 0, { what: 'the invite' });
    await reader.accept(owner.login);
    const answer = await until(
      async () => {
        const said = await ask(reader, 'lighthouse').catch(() => null);
        return said && said.excerpts.length > 0 ? said : null;
      },
      { what: 'an answer' },
    );
    expect(answer?.told).toBe(`${owner.login} sees which lines you read, never your question`);
    expect(await ask(reader, 'lighthouse')).not.toHaveProperty('told');
  });

  it('is told an owner who was away when they are back, and not when the share is over by then', async () => {
    const { marie: owner, sam: reader, claude: talk } = await sharedWith(world);
    await owner.stop();
    await until(async () => !(await ask(reader, 'one')).people[0]?.online, { what: 'the owner to be away' });
    await ask(reader, 'one', 'away');
    const looked = vi.spyOn(reader.rooms.swarm, 'linksOf');
    await until(() => looked.mock.calls.length > 0, { what: 'the time of a batch to be over' });
    await owner.start();
    await seen(owner, { with: 'away', session: talk.session });
    await owner.stop();
    await until(async () => !(await ask(reader, 'one')).people[0]?.online, { what: 'the owner to be away again' });
    await ask(reader, 'one', 'over');
    reader.clock.pass(LEASE_MS + 1000);
    owner.clock.pass(LEASE_MS + 1000);
    await until(() => reader.rooms.indexes.bytes === 0, { what: 'the end of the lease' });
    await owner.start();
    await reads(reader, owner, talk, ['one']);
    await until(async () => (await ask(reader, 'one', 'anew')).excerpts.length > 0, { what: 'an answer' });
    await seen(owner, { with: 'anew' });
    expect((await activityOf(owner)).map((entry) => entry.with)).not.toContain('over');
  });
});

describe('what a changed program of a reader tells', () => {
  it('counts only for what it is served, for lines that there are, and within bounds', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const other = await marie.claude('other');
    other.say('not for sam');
    const [bob] = await people(world, 'bob');
    if (!bob) throw new Error('nobody');
    await sharing(marie, other, ['not for sam'], bob);
    const [last] = (await sam.turns(marie.login)).slice(-1);
    const line = last?.line ?? 0;
    await tells(sam, marie, { session: other.session, with: 'forged' });
    await tells(sam, marie, { session: claude.session, source: 'nobody', with: 'forged' });
    await tells(sam, marie, { session: claude.session, with: 'forged', ranges: [{ from: line + 1, to: line + 9 }] });
    await tells(sam, marie, { session: claude.session, with: 'forged', ranges: [{ from: 9, to: 3 }] });
    await tells(sam, marie, { session: claude.session, with: 'wide', at: 1, ranges: [{ from: 1, to: 1e9 }] });
    const wide = await seen(marie, { with: 'wide' });
    expect(wide.ranges).toEqual([{ from: 1, to: line }]);
    const [recipient] =
      (await marie.client.call('shared')).sessions.find(({ session }) => session === claude.session)?.recipients ?? [];
    expect(Date.parse(wide.last)).toBeGreaterThanOrEqual(Date.parse(recipient?.since ?? ''));
    expect((await activityOf(marie)).map((entry) => entry.with)).not.toContain('forged');
    await tells(sam, marie, { session: claude.session, with: 'future', at: sam.clock.now() + 1e10 });
    expect(Date.parse((await seen(marie, { with: 'future' })).last)).toBeLessThanOrEqual(marie.clock.now());
  });

  it('is dropped when it floods, hurts nobody else, and ends with the share', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const [link] = sam.rooms.swarm.linksOf(await uid(marie));
    const ranges = [{ from: 1, to: 1 }];
    for (let i = 0; i < RECEIPTS_BURST * 3; i++) {
      const many = Array.from({ length: 32 }, (_, n) => ({
        ...{ session: claude.session, source: 'main', with: `w${i}-${n}`, at: sam.clock.now(), ranges },
      }));
      link?.tell('receipts', { reads: many });
    }
    claude.say('two');
    await reads(sam, marie, claude, ['one', 'two']);
    await until(async () => (await activityOf(marie)).length >= ACTIVITY_PER_PERSON_MAX, { what: 'the flood' });
    expect((await activityOf(marie)).length).toBe(ACTIVITY_PER_PERSON_MAX);
    expect(link?.closed).toBe(false);
    const body = { session: claude.session, cwd: '/', from: [], all: false };
    await marie.client.call('unshare', { body });
    const before = await activityOf(marie);
    await tells(sam, marie, { session: claude.session, with: 'after' });
    await marie.restart();
    await linked(sam, marie);
    await tells(sam, marie, { session: claude.session, with: 'after' });
    expect(before.some(({ shared }) => shared)).toBe(false);
    expect((await activityOf(marie)).map((entry) => entry.with)).not.toContain('after');
    expect((await activityOf(marie)).length).toBe(ACTIVITY_PER_PERSON_MAX);
  });
});

it('is told in few and small messages, however much is read', async () => {
  const { marie, sam, claude } = await sharedWith(world);
  const texts = Array.from({ length: 300 }, (_, i) => `word ${i}`);
  claude.say(...texts);
  await reads(sam, marie, claude, ['one', ...texts]);
  const [link] = sam.rooms.swarm.linksOf(await uid(marie));
  if (!link) throw new Error('no link');
  const tell = vi.spyOn(link, 'tell');
  const told = (): string[] =>
    tell.mock.calls.flatMap(([frame, body]) => (frame === 'receipts' ? [JSON.stringify(body)] : []));
  for (let i = 0; i < 5; i++) await sam.turns(marie.login);
  const last = (await sam.turns(marie.login)).at(-1)?.line ?? 0;
  await until(() => told().some((body) => body.includes(`"to":${last}`)), { what: 'the receipt' });
  expect(told().length).toBeLessThanOrEqual(6);
  for (const body of told()) expect(body.length).toBeLessThan(600);
  const entry = await seen(marie, { with: 'show', session: claude.session });
  expect(entry.ranges.length).toBeLessThanOrEqual(RECEIPT_RANGES_MAX);
});
