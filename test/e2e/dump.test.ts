/** A shared session in pages: whole, in the order in which it is shown, and not a byte of it once the share is over. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { subagentsFolder } from '../../src/capture/subagents.ts';
import { DUMP_PAGE_MIN_BYTES, LEASE_MS } from '../../src/protocol/limits.ts';
import type { DumpRequest, DumpResponse } from '../../src/protocol/local-api.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';
import { type FakeClaude, type Person, sharedWith, useWorld, type World } from '../support/world/index.ts';

let world: World;
useWorld((made) => {
  world = made;
});

const NOTHING: Omit<DumpRequest, 'handle'> = {
  session: null,
  from: null,
  to: null,
  cursor: null,
  budget: DUMP_PAGE_MIN_BYTES,
  newest: false,
};

const dump = (by: Person, of: Person, more: Partial<DumpRequest> = {}): Promise<DumpResponse> =>
  by.client.call('dump', { body: { ...NOTHING, handle: of.login, ...more } });
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (answer) => JSON.stringify(answer),
    (error: { code?: string }) => error.code ?? 'none',
  );

/** All pages, in the order in which they came. */
async function pages(by: Person, of: Person, more: Partial<DumpRequest> = {}): Promise<DumpResponse[]> {
  const all: DumpResponse[] = [];
  for (let cursor: string | null = null; all.length < 200; { cursor } = all.at(-1) ?? { cursor: null }) {
    all.push(await dump(by, of, { ...more, cursor }));
    if (all.at(-1)?.cursor === null) return all;
  }
  throw new Error('it does not end');
}

const nameOf = ({ source, line, kind }: Turn): string => `${source} ${line} ${kind}`;
/** Each turn once, however many parts it has. */
const namesOf = (all: readonly DumpResponse[]): string[] => [...new Set(all.flatMap(({ turns }) => turns.map(nameOf)))];
const textOf = (turns: readonly Turn[]): string =>
  turns.flatMap(({ content }) => content.map((part) => ('text' in part ? part.text : ''))).join('');

async function shown(by: Person, of: Person, query: Partial<{ from: number; to: number }> = {}): Promise<Turn[]> {
  const turns: Turn[] = [];
  const read = { session: null, from: null, to: null, follow: false, ...query };
  for await (const event of by.client.read(of.login, read, AbortSignal.timeout(30_000))) {
    if (event.type === 'turn') turns.push(event.turn);
  }
  return turns;
}

describe('a session', () => {
  let marie: Person;
  let sam: Person;
  let claude: FakeClaude;
  let turns: Turn[];
  const long = 'a line of it, with an é and a 🦔\n'.repeat(2500);

  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    claude = await marie.claude('webshop');
    const agent = new TranscriptWriter({ session: claude.session, cwd: claude.cwd, agentId: 'a1', seed: 'a1' });
    agent.prompt('look for it').reply('found it');
    agent.save(path.join(subagentsFolder(claude.transcriptPath), 'agent-a1.jsonl'));
    for (let i = 0; i < 30; i++) claude.say(`question ${i} ${'words '.repeat(300)}`, `answer ${i}`);
    claude.write((writer) => writer.tool('t1', 'Read', { file_path: '/x' }, long));
    await marie.share(claude, 'sam');
    await sam.accept('marie');
    await until(async () => (await codeOf(shown(sam, marie))).includes('answer 29'), { what: 'sam reads it' });
    // Another generation, with what is said from now on.
    await marie.restart();
    claude.say('later', 'still later');
    await until(async () => (await codeOf(shown(sam, marie))).includes('still later'), { what: 'sam reads on' });
    turns = await shown(sam, marie);
    expect(sam.rooms.inbox.of((await marie.client.call('whoami')).uid).length).toBeGreaterThan(1);
    expect(turns.length).toBeGreaterThan(64);
  });

  it('comes whole, in the order in which it is shown, with what the subagents said', async () => {
    const all = await pages(sam, marie);
    expect(all.length).toBeGreaterThan(5);
    expect(namesOf(all)).toEqual(turns.map(nameOf));
    expect(all.flatMap((page) => page.missing)).toEqual([]);
    expect(textOf(all.flatMap((page) => page.turns))).toBe(textOf(turns));
    expect(all[0]).toMatchObject({ handle: 'marie', session: claude.session, project: 'webshop', live: true });
    expect(all[0]?.person).toMatchObject({ handle: 'marie', online: true, fresh: 'yes' });
    for (const page of all) {
      const bytes = page.turns.reduce((sum, turn) => sum + Buffer.byteLength(JSON.stringify(turn)), 0);
      expect(bytes).toBeLessThanOrEqual(DUMP_PAGE_MIN_BYTES);
    }
  });

  it('comes with its newest page first when asked so', async () => {
    const all = await pages(sam, marie, { newest: true });
    expect(all[0]?.turns.at(-1)).toMatchObject({ content: [{ text: 'still later' }] });
    expect(namesOf(all.toReversed())).toEqual(turns.map(nameOf));
    expect(textOf(all.toReversed().flatMap((page) => page.turns))).toBe(textOf(turns));
  });

  it('has a turn that is longer than a page in parts, each saying what is left out', async () => {
    const parts = (await pages(sam, marie)).flatMap((page) =>
      page.turns.filter((turn) => turn.omittedBefore + turn.omittedAfter > 0),
    );
    expect(parts.length).toBeGreaterThan(4);
    expect(textOf(parts)).toBe(long);
    expect(parts.at(0)).toMatchObject({ omittedBefore: 0 });
    expect(parts.at(-1)).toMatchObject({ omittedAfter: 0 });
    for (const [i, { omittedBefore }] of parts.entries()) {
      expect(omittedBefore).toBe(Buffer.byteLength(textOf(parts.slice(0, i))));
    }
  });

  it.each([false, true])('comes within lines (newest first: %s)', async (newest) => {
    const [from, to] = [turns[20]?.line ?? 0, turns[40]?.line ?? 0];
    const all = await pages(sam, marie, { from, to, newest });
    expect(namesOf(newest ? all.toReversed() : all)).toEqual((await shown(sam, marie, { from, to })).map(nameOf));
    expect(namesOf(all).length).toBeGreaterThan(15);
  });

  it('has what was written just before it was asked for', async () => {
    for (let i = 0; i < 3; i++) {
      claude.say(`only just ${i}`);
      const { turns: newest, person } = await dump(sam, marie, { newest: true });
      expect([newest.at(-1)?.content, person.fresh]).toEqual([[{ type: 'text', text: `only just ${i}` }], 'yes']);
    }
  });

  it('refuses a cursor that is none, and one of something else', async () => {
    const { cursor } = await dump(sam, marie);
    const refused = [{ cursor: 'AAAA' }, { cursor, session: 'ffff' }, { cursor, from: 3 }, { cursor, newest: true }];
    expect(await Promise.all(refused.map((more) => codeOf(dump(sam, marie, more))))).toEqual(
      refused.map(() => 'BAD_REQUEST'),
    );
    expect(await codeOf(dump(marie, sam))).toBe('NOTHING_SHARED_WITH_ME');
  });

  it('says that a cursor is of what was replaced', async () => {
    const { cursor } = await dump(sam, marie);
    const body = { session: claude.session, cwd: '/', to: ['sam'], note: null, fromNow: false, withThinking: true };
    await marie.client.call('share', { body });
    const said = await until(
      async () => {
        const answer = await codeOf(dump(sam, marie, { cursor }));
        return answer.startsWith('{') ? null : answer;
      },
      { what: 'the cursor to be void' },
    );
    expect(said).toBe('CURSOR_STALE');
    expect((await dump(sam, marie)).turns.length).toBeGreaterThan(0);
  });
});

describe('what is over', () => {
  it.each(['unshare', 'lease'] as const)('gives no byte by its session nor by its cursor (%s)', async (how) => {
    const { marie, sam, claude } = await sharedWith(world);
    claude.say(...Array.from({ length: 20 }, (_, i) => `word ${i} ${'and more '.repeat(200)}`));
    const cursor = await until(async () => (await dump(sam, marie)).cursor, { what: 'a page that is not the last' });
    if (how === 'unshare') {
      const body = { session: claude.session, cwd: '/', from: [], all: false };
      await marie.client.call('unshare', { body });
      await until(async () => (await codeOf(dump(sam, marie))) === 'NOTHING_SHARED_WITH_ME', { what: 'the end' });
    } else {
      await marie.stop();
      sam.clock.pass(LEASE_MS + 1000);
    }
    const { session } = claude;
    const ways = [{}, { session }, { cursor }, { cursor, session }, { newest: true }];
    const answers = await Promise.all(ways.map((more) => codeOf(dump(sam, marie, more))));
    expect(answers.filter((answer) => !['NO_LONGER_SHARED', 'NOTHING_SHARED_WITH_ME'].includes(answer))).toEqual([]);
    expect(answers[2]).toBe('NO_LONGER_SHARED');
  });
});
