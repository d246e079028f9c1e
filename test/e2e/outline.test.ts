/** The outline of a session and its windows, for who scrolls over all of it; and one's own session as its recipients have it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { DumpResponse, OutlineEvent, OutlinePiece } from '../../src/protocol/local-api.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { until } from '../support/until.ts';
import { type FakeClaude, type Person, useWorld, type World } from '../support/world/index.ts';

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

let world: World;
let marie: Person;
let sam: Person;
let claude: FakeClaude;
useWorld((made) => {
  world = made;
});

async function outlineOf(by: Person, handle: string): Promise<OutlineEvent[]> {
  const events: OutlineEvent[] = [];
  const request = { handle, session: null, follow: false };
  for await (const event of by.client.outline(request, AbortSignal.timeout(30_000))) events.push(event);
  return events;
}

async function turnsOf(by: Person, handle: string): Promise<Turn[]> {
  const turns: Turn[] = [];
  const query = { session: null, from: null, to: null, follow: false };
  for await (const event of by.client.read(handle, query, AbortSignal.timeout(30_000))) {
    if (event.type === 'turn') turns.push(event.turn);
  }
  return turns;
}

const isPiece = (event: OutlineEvent): event is OutlinePiece => event.type === 'turns';

function windowAt(by: Person, handle: string, cursor: string): Promise<DumpResponse> {
  const nothing = { session: null, from: null, to: null, newest: false };
  return by.client.call('dump', { body: { handle, ...nothing, cursor, budget: 65_536 } });
}

describe('the outline', () => {
  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    claude = await marie.claude('webshop');
    claude.say(`the key is ${SECRET}`);
    for (let n = 0; n < 300; n++) claude.say(`step ${n}`, `step ${n} ${'word '.repeat(100)}`);
    await marie.share(claude, 'sam');
    await sam.accept('marie');
    await until(async () => (await turnsOf(sam, 'marie')).length > 600, { what: 'the session to be there' });
  });

  it('has what is read, in its order, without a word of it', async () => {
    const [events, turns] = [await outlineOf(sam, 'marie'), await turnsOf(sam, 'marie')];
    expect(events[0]).toMatchObject({ type: 'session', turns: turns.length });
    expect(events.at(-1)).toEqual({ type: 'caughtUp' });
    const pieces = events.filter(isPiece);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.flatMap(({ lines }) => lines)).toEqual(turns.map(({ line }) => line));
    expect(pieces.flatMap(({ kinds }) => kinds)).toEqual(turns.map(({ kind }) => kind));
    expect(JSON.stringify(events)).not.toContain('step');
    expect((await marie.client.call('activity')).entries.filter((entry) => entry.with === 'outline')).toEqual([]);
  });

  it('names for each piece where a page begins with it', async () => {
    const pieces = (await outlineOf(sam, 'marie')).filter(isPiece);
    const turns = await turnsOf(sam, 'marie');
    for (const index of [0, 1, pieces.length - 1]) {
      const piece = pieces[index];
      const before = pieces.slice(0, index).reduce((sum, { lines }) => sum + lines.length, 0);
      const window = await windowAt(sam, 'marie', piece?.cursor ?? '');
      expect(window.turns[0]).toMatchObject({ uuid: turns[before]?.uuid, line: piece?.lines[0] });
    }
  });

  it('of one’s own handle is what the recipients have, masks and all, and tells nobody', async () => {
    expect(await turnsOf(marie, 'marie')).toEqual(await turnsOf(sam, 'marie'));
    expect(await turnsOf(marie, '@Marie')).toHaveLength((await turnsOf(sam, 'marie')).length);
    const pieces = (await outlineOf(marie, 'marie')).filter(isPiece);
    const window = await windowAt(marie, 'marie', pieces[0]?.cursor ?? '');
    const text = JSON.stringify(window);
    expect(text).toMatch(/\[redacted:[a-z0-9-]+:[0-9a-f]{4}\]/);
    expect(text).not.toContain(SECRET);
    expect(window.told).toBeUndefined();
    const readers = (await marie.client.call('activity')).entries.map(({ handle }) => handle);
    expect(readers).not.toContain('marie');
  });

  it('that is followed grows, and ends with the share, on both sides', async () => {
    const seen: Record<string, OutlineEvent[]> = { marie: [], sam: [] };
    const stop = new AbortController();
    const follow = async (by: Person): Promise<void> => {
      const request = { handle: 'marie', session: null, follow: true };
      for await (const event of by.client.outline(request, stop.signal)) seen[by.login]?.push(event);
    };
    const both = Promise.all([follow(marie), follow(sam)]);
    const has = (type: OutlineEvent['type']) => (): boolean =>
      Object.values(seen).every((events) => events.some((event) => event.type === type));
    await until(has('caughtUp'), { what: 'both to be caught up' });
    const count = (): number[] =>
      Object.values(seen).map((events) => events.filter(isPiece).flatMap(({ lines }) => lines).length);
    const before = count();
    claude.say('one more');
    await until(() => count().every((n, i) => n > (before[i] ?? 0)), { what: 'the new turn on both sides' });
    await marie.client.call('unshare', { body: { session: null, cwd: claude.cwd, from: [], all: true } });
    await until(has('ended'), { what: 'the end on both sides' });
    await both;
    await expect(outlineOf(sam, 'marie')).rejects.toMatchObject({ code: 'NOTHING_SHARED_WITH_ME' });
    await expect(outlineOf(marie, 'marie')).rejects.toMatchObject({ code: 'NOT_SHARED' });
  });
});
