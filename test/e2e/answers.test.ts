/** Asking what teammates share: fresh, over several of them, and not a byte once a share is over. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskRequest, AskResponse, Excerpt } from '../../src/protocol/local-api.ts';
import { LEASE_MS } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import { type FakeClaude, people, type Person, sharing, useWorld, type World } from '../support/world/index.ts';

let world: World;
useWorld((made) => {
  world = made;
});

const NOTHING: Omit<AskRequest, 'question'> = {
  handles: [],
  session: null,
  mode: 'question',
  budget: null,
  cursor: null,
};

function ask(by: Person, question: string, more: Partial<AskRequest> = {}): Promise<AskResponse> {
  return by.client.call('ask', { body: { ...NOTHING, question, ...more } });
}

const cite = (by: Person, citation: string) => by.client.call('cite', { body: { citation } });
const textsOf = (excerpts: readonly Excerpt[]): string =>
  excerpts.flatMap(({ passages }) => passages.map(({ text }) => text)).join('\n');
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (answer) => JSON.stringify(answer),
    (error: { code?: string }) => error.code ?? 'none',
  );

/** Everything by which something of the session could be had; each must be refused, and say nothing of it. */
async function yieldsNothing(by: Person, owner: Person, before: AskResponse, secret: string): Promise<void> {
  const [first] = before.excerpts;
  if (!first) throw new Error('nothing was found before');
  const ways = [
    ask(by, secret, { handles: [owner.login] }),
    ask(by, secret, { handles: [owner.login], mode: 'literal' }),
    ask(by, secret, { handles: [owner.login], mode: 'regex' }),
    ask(by, secret, { handles: [owner.login], session: first.session }),
    ask(by, secret, { handles: [owner.login], budget: 200, cursor: before.cursor ?? 'none' }),
    cite(by, first.id),
    cite(by, first.citation),
  ];
  const answers = await Promise.all(ways.map(codeOf));
  const refusals = ['NO_LONGER_SHARED', 'NOTHING_SHARED_WITH_ME', 'NOT_CONNECTED', 'NO_SESSION', 'BAD_REQUEST'];
  expect(answers.filter((answer) => !refusals.includes(answer))).toEqual([]);
  expect(answers[5]).toBe('NO_LONGER_SHARED');
  expect(by.rooms.indexes.bytes).toBe(0);
}

describe('what a teammate shares', () => {
  let marie: Person;
  let sam: Person;
  let claude: FakeClaude;

  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    claude = await marie.claude('webshop');
    claude.say('shall we use postgres for the orders?', 'yes, because of the json columns', 'good, thanks');
    await sharing(
      marie,
      claude,
      ['shall we use postgres for the orders?', 'yes, because of the json columns', 'good, thanks'],
      sam,
    );
  });

  it('is found with citation, session, lines, time and role', async () => {
    // What nobody asks about costs nothing.
    expect(sam.rooms.indexes.bytes).toBe(0);
    const answer = await ask(sam, 'why did marie choose postgres?', { handles: ['@Marie'] });
    const [best] = answer.excerpts;
    expect(answer).toMatchObject({ message: null, cursor: null, more: false });
    expect(best).toMatchObject({
      handle: 'marie',
      session: claude.session,
      project: 'webshop',
      source: 'main',
      score: 1,
    });
    expect(best?.citation).toMatch(new RegExp(`^@marie · webshop · ${claude.session.slice(0, 8)}…:L\\d+-\\d+$`));
    expect(textsOf(answer.excerpts)).toContain('because of the json columns');
    expect(best?.passages.map(({ role, hit }) => [role, hit])).toContainEqual(['user', true]);
    expect(answer.people).toMatchObject([{ handle: 'marie', online: true, fresh: 'yes', waiting: 0 }]);
    expect(answer.sessions).toMatchObject([
      { searched: 3, turns: 3, live: true, newest: expect.stringMatching(/^2026-/) as string },
    ]);
    const again = await ask(sam, 'why postgres for the orders?');
    expect(again.excerpts[0]?.id).toBe(best?.id);
  });

  it('says so when nothing fits', async () => {
    expect(await ask(sam, 'kubernetes')).toMatchObject({
      message: 'Not found in shared context.',
      excerpts: [],
      found: 0,
    });
  });

  it('is found with what was written just before the question, however the owner is told of it', async () => {
    for (let i = 0; i < 10; i++) {
      claude.say(`the port is now ${4000 + i}`);
      const answer = await ask(sam, `port ${4000 + i}`, { handles: ['marie'] });
      expect(answer.people).toMatchObject([{ fresh: 'yes' }]);
      expect(textsOf(answer.excerpts.slice(0, 1))).toContain(`the port is now ${4000 + i}`);
    }
  });

  it('is found by a string and by an expression, newest first', async () => {
    const strings = await ask(sam, 'JSON COL', { mode: 'literal' });
    expect(strings.message).toBe('Not found in shared context.');
    expect(textsOf((await ask(sam, 'json col', { mode: 'literal' })).excerpts)).toContain('json columns');
    const ports = await ask(sam, 'port is now 400[57]$', { mode: 'regex' });
    expect(ports.excerpts.map(({ passages }) => passages.find(({ hit }) => hit)?.text)).toEqual([
      'the port is now 4007',
      'the port is now 4005',
    ]);
    expect(await codeOf(ask(sam, '(?=x)', { mode: 'regex' }))).toBe('BAD_REQUEST');
  });

  it('comes in pages within the budget, each place once', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 20; page++) {
      const answer: AskResponse = await ask(sam, 'the port is now', { budget: 200, cursor });
      seen.push(...answer.excerpts.map(({ id }) => id));
      ({ cursor } = answer);
      if (cursor === null) break;
    }
    expect(cursor).toBeNull();
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen).size).toBe(seen.length);
    expect(await codeOf(ask(sam, 'something else', { cursor: 'AAAA' }))).toBe('BAD_REQUEST');
  });

  it('stands behind its citation, verbatim', async () => {
    const [best] = (await ask(sam, 'json columns')).excerpts;
    for (const citation of [best?.id ?? '', best?.citation ?? '']) {
      const cited = await cite(sam, citation);
      expect(cited).toMatchObject({
        handle: 'marie',
        session: claude.session,
        from: best?.from,
        to: best?.to,
        replaced: false,
      });
      expect(JSON.stringify(cited.turns)).toContain('yes, because of the json columns');
    }
    expect(await codeOf(cite(sam, '0123456789abcdef'))).toBe('NO_CITATION');
    expect(await codeOf(cite(sam, 'what she said'))).toBe('NO_CITATION');
  });

  it('has one ranking over several teammates', async () => {
    const bob = await world.person('bob');
    const other = await bob.claude('billing');
    other.say('postgres orders: the json columns and the orders of postgres', 'unrelated words');
    await sharing(bob, other, ['postgres orders: the json columns and the orders of postgres', 'unrelated words'], sam);
    // Typed, about a session that was never asked about.
    const cited = await cite(sam, `@bob · billing · ${other.session}:L1-99`);
    expect(JSON.stringify(cited.turns)).toContain('the json columns and the orders');
    const answer = await ask(sam, 'who knows about postgres orders?');
    expect(answer.people.map(({ handle }) => handle).toSorted()).toEqual(['bob', 'marie']);
    expect(
      answer.excerpts
        .slice(0, 2)
        .map(({ handle }) => handle)
        .toSorted(),
    ).toEqual(['bob', 'marie']);
    const scores = answer.excerpts.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect((await ask(sam, 'postgres', { handles: ['bob'] })).excerpts.every(({ handle }) => handle === 'bob')).toBe(
      true,
    );
    await bob.close();
    await until(async () => !(await ask(sam, 'postgres', { handles: ['bob'] })).people[0]?.online, {
      what: 'bob to be away',
    });
    const away = await ask(sam, 'postgres', { handles: ['bob'] });
    expect(away.people).toMatchObject([
      { handle: 'bob', online: false, fresh: 'offline', heard: expect.any(String) as string },
    ]);
    expect(away.excerpts.length).toBeGreaterThan(0);
    sam.clock.pass(LEASE_MS + 1000);
    marie.clock.pass(LEASE_MS + 1000);
    expect(await codeOf(ask(sam, 'postgres', { handles: ['bob'] }))).toBe('NOTHING_SHARED_WITH_ME');
  });

  it('refuses whom and what nobody shares', async () => {
    expect(await codeOf(ask(marie, 'postgres'))).toBe('NOTHING_SHARED_WITH_ME');
    expect(await codeOf(ask(sam, 'postgres', { handles: ['nobody'] }))).toBe('NO_SUCH_PERSON');
    expect(await codeOf(ask(sam, 'postgres', { handles: ['marie'], session: 'ffff' }))).toBe('NO_SESSION');
  });
});

describe('what is over', () => {
  const SECRET = 'zanzibar';

  async function told(): Promise<{ owner: Person; reader: Person; claude: FakeClaude; answer: AskResponse }> {
    const [owner, reader] = await people(world, 'ada', 'tom');
    if (!owner || !reader) throw new Error('nobody');
    const claude = await owner.claude();
    const long = 'words that are said again and again '.repeat(20).trim();
    const texts = [`${SECRET} one ${long}`, `${SECRET} two ${long}`, `${SECRET} three ${long}`];
    claude.say(...texts);
    await sharing(owner, claude, texts, reader);
    const answer = await ask(reader, SECRET, { handles: [owner.login], budget: 200 });
    expect(answer.cursor).not.toBeNull();
    return { owner, reader, claude, answer };
  }

  it('yields nothing after unshare', async () => {
    const { owner, reader, claude, answer } = await told();
    await owner.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
    await until(() => reader.rooms.indexes.bytes === 0, { what: 'the index to be gone' });
    await yieldsNothing(reader, owner, answer, SECRET);
  });

  it('yields nothing after disconnect, on either side', async () => {
    const { owner, reader, answer } = await told();
    await reader.client.call('disconnect', { body: { handle: owner.login } });
    await yieldsNothing(reader, owner, answer, SECRET);
  });

  it('yields nothing after the end of the conversation, nor after block', async () => {
    const { owner, reader, claude, answer } = await told();
    await claude.exit();
    await until(() => reader.rooms.indexes.bytes === 0, { what: 'the index to be gone' });
    await reader.client.call('block', { body: { handle: owner.login } });
    await yieldsNothing(reader, owner, answer, SECRET);
  });

  it('yields nothing after the lease ran out, in the same moment', async () => {
    const { owner, reader, answer } = await told();
    await owner.stop();
    reader.clock.pass(LEASE_MS + 1000);
    await yieldsNothing(reader, owner, answer, SECRET);
  });

  it('is gone in the tick in which it ends', async () => {
    const { owner, reader } = await told();
    const [held] = reader.rooms.inbox.of((await owner.client.call('whoami', {})).uid);
    if (!held) throw new Error('nothing is held');
    const index = reader.rooms.indexes.of(held.replica);
    expect(index?.textBytes).toBeGreaterThan(0);
    void reader.rooms.inbox.wipePerson(held.replica.grant.from.uid, 'test');
    expect({ kept: reader.rooms.indexes.bytes, text: index?.textBytes, places: index?.order.length }).toEqual({
      kept: 0,
      text: 0,
      places: 0,
    });
  });
});
