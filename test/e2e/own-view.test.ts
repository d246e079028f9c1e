/** One's own session as each of its recipients has it: never more, never less, never told; and found in. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskRequest, AskResponse, OutlineEvent } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { type FakeClaude, type Person, useWorld, type World } from '../support/world/index.ts';

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

let world: World;
useWorld((made) => {
  world = made;
});

interface Looked {
  title: string | null;
  texts: string[];
  lines: number[];
}

/** The whole session by the two routes of a page that scrolls: its outline, and its texts from the outline's first cursor. */
async function look(by: Person, handle: string, as?: string): Promise<Looked> {
  const events: OutlineEvent[] = [];
  const request = { handle, session: null, follow: false, as };
  for await (const event of by.client.outline(request, AbortSignal.timeout(30_000))) events.push(event);
  const begins = events.find((event) => event.type === 'session');
  const pieces = events.filter((event) => event.type === 'turns');
  const nothing = { session: null, from: null, to: null, newest: false, budget: null };
  const texts: string[] = [];
  for (let cursor = pieces[0]?.cursor ?? null; cursor !== null;) {
    const page = await by.client.call('dump', { body: { handle, ...nothing, cursor, as } });
    texts.push(...page.turns.map(({ content }) => JSON.stringify(content)));
    cursor = page.cursor;
  }
  return { title: begins?.title ?? null, texts, lines: pieces.flatMap(({ lines }) => lines) };
}

function find(by: Person, question: string, more: Partial<AskRequest> = {}): Promise<AskResponse> {
  const request = { handles: [by.login], session: null, mode: 'literal' as const, budget: null, cursor: null };
  return by.client.call('ask', { body: { ...request, question, ...more } });
}

const hitsOf = ({ excerpts }: AskResponse): number[] =>
  excerpts.flatMap(({ passages }) => passages.filter(({ hit }) => hit).map(({ line }) => line));

describe('a session that one has whole and another from now on', () => {
  let marie: Person;
  let sam: Person;
  let lea: Person;
  let claude: FakeClaude;

  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    lea = await world.person('lea');
    claude = await marie.claude('webshop');
    claude.write((writer) => writer.title('The schema of before'));
    claude.say('the early plan', `the key is ${SECRET}`);
    await marie.share(claude, 'sam');
    await sam.accept('marie');
    await until(async () => (await sam.turns('marie')).length >= 2, { what: 'the beginning at sam' });
    await marie.client.call('share', {
      body: { session: claude.session, cwd: claude.cwd, to: ['lea'], note: null, fromNow: true, withThinking: false },
    });
    await lea.accept('marie');
    claude.say('the late plan');
    await until(async () => (await lea.turns('marie')).length >= 1, { what: 'the rest at lea' });
    await until(async () => (await sam.turns('marie')).length >= 3, { what: 'the rest at sam' });
  });

  it('is seen as each of them has it, title and all', async () => {
    for (const who of [sam, lea]) {
      expect(await look(marie, 'marie', who.login)).toEqual(await look(who, 'marie'));
      expect(await look(marie, '@Marie', `@${who.login.toUpperCase()}`)).toEqual(await look(who, 'marie'));
    }
    expect(await look(marie, 'marie')).toEqual(await look(sam, 'marie'));
    const late = await look(marie, 'marie', 'lea');
    expect(late.texts.join()).toContain('the late plan');
    expect(late.texts.join()).not.toContain('the early plan');
    expect(late.title).toBe(null);
  });

  it('is found in by words and expressions, as each of them has it, and nobody is told', async () => {
    expect(hitsOf(await find(marie, 'plan')).length).toBe(
      (await look(marie, 'marie')).texts.filter((t) => t.includes('plan')).length,
    );
    expect(hitsOf(await find(marie, 'the early plan', { as: 'sam' }))).not.toEqual([]);
    expect(hitsOf(await find(marie, 'the early plan', { as: 'lea' }))).toEqual([]);
    expect(hitsOf(await find(marie, 'the (early|late) plan', { as: 'lea', mode: 'regex' }))).toEqual(
      hitsOf(await find(marie, 'the late plan')),
    );
    expect(hitsOf(await find(marie, SECRET))).toEqual([]);
    claude.say('a plan that came later still');
    await until(async () => hitsOf(await find(marie, 'later still')).length > 0, { what: 'the new line to be found' });
    const { entries } = await marie.client.call('activity');
    expect(entries.map(({ handle }) => handle)).not.toContain('marie');
  });

  it('may be looked at as nobody who does not have it, and only if it is one’s own', async () => {
    const codes = [
      look(marie, 'marie', 'nobody'),
      look(marie, 'marie', 'marie'),
      look(sam, 'marie', 'lea'),
      find(marie, 'plan', { as: 'nobody' }),
      find(sam, 'plan', { handles: ['marie'], as: 'lea' }),
      find(marie, 'plan', { mode: 'question' }),
      find(sam, 'plan'),
    ].map((call) =>
      call.then(
        () => 'done',
        (error: { code?: string }) => error.code,
      ),
    );
    expect(await Promise.all(codes)).toEqual([
      'NOT_SHARED',
      'NOT_SHARED',
      'BAD_REQUEST',
      'NOT_SHARED',
      'BAD_REQUEST',
      'ONESELF',
      'NOT_SHARED',
    ]);
  });

  it('ends in the view of who lost it, and goes on in that of the others; nothing of it stays in memory', async () => {
    const seen: Record<string, OutlineEvent[]> = { sam: [], lea: [] };
    const stop = new AbortController();
    const follow = async (as: string): Promise<void> => {
      const request = { handle: 'marie', session: null, follow: true, as };
      for await (const event of marie.client.outline(request, stop.signal)) seen[as]?.push(event);
    };
    const both = Promise.all([follow('sam'), follow('lea')]);
    const caughtUp = (events: OutlineEvent[]): boolean => events.some(({ type }) => type === 'caughtUp');
    await until(() => Object.values(seen).every(caughtUp), { what: 'both views to be caught up' });
    await marie.client.call('unshare', { body: { session: null, cwd: claude.cwd, from: ['lea'], all: false } });
    const endOf = (as: string) => seen[as]?.find((event) => event.type === 'ended');
    await until(() => endOf('lea') !== undefined, { what: 'the end of lea’s view' });
    expect(endOf('lea')?.reason).toMatch(/no longer shared with lea/);
    expect(endOf('sam')).toBe(undefined);
    await expect(look(marie, 'marie', 'lea')).rejects.toMatchObject({ code: 'NOT_SHARED' });
    expect(marie.rooms.indexes.bytes).toBeGreaterThan(0);
    await marie.client.call('unshare', { body: { session: null, cwd: claude.cwd, from: [], all: true } });
    expect(marie.rooms.indexes.bytes).toBe(0);
    await both;
    await expect(find(marie, 'plan')).rejects.toMatchObject({ code: 'NOT_SHARED' });
  });

  it('has the same title after a restart of its owner', async () => {
    claude.write((writer) => writer.title('A name that stays'));
    await marie.share(claude, 'sam');
    await until(async () => (await look(sam, 'marie')).title !== null, { what: 'the title at sam' });
    await marie.restart();
    await until(async () => (await look(marie, 'marie', 'sam')).title === 'A name that stays', {
      what: 'the title here',
    });
  });
});
