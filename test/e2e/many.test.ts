/** Many sessions between two: real daemons, all in this process. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  connected,
  type FakeClaude,
  invited,
  type Person,
  reads,
  refusedRead,
  uid,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

/** Two who are connected over a share of `claude`, each with so few cores open at once. */
async function pair(names: [string, string], coresOpenMax: number | null): Promise<{ owner: Person; reader: Person }> {
  const [owner, reader] = names.map((name) => world.member(name)) as [Person, Person];
  for (const person of [owner, reader]) {
    person.coresOpenMax = coresOpenMax;
    await person.init();
    await person.start();
  }
  return { owner, reader };
}

async function accepted(reader: Person, owner: Person): Promise<void> {
  await invited(reader, owner);
  await reader.accept(owner.login);
  await connected(reader, owner);
}

/** Every session is read, whole and nothing else. */
async function readsAll(reader: Person, owner: Person, sessions: Map<FakeClaude, string[]>): Promise<void> {
  for (const [claude, texts] of sessions) await reads(reader, owner, claude, texts);
}

function sayEverywhere(sessions: Map<FakeClaude, string[]>, what: string): void {
  for (const [claude, texts] of sessions) {
    const text = `${what} of ${claude.session.slice(0, 8)}`;
    claude.say(text);
    texts.push(text);
  }
}

describe('with three cores open at most', () => {
  const OPEN = 3;
  let owner: Person;
  let reader: Person;
  const sessions = new Map<FakeClaude, string[]>();
  const withinBound = (): void => {
    for (const person of [owner, reader]) expect(person.rooms.cores.mostOpen, person.login).toBeLessThanOrEqual(OPEN);
  };

  beforeAll(async () => {
    ({ owner, reader } = await pair(['olga', 'rita'], OPEN));
    for (let i = 0; i < 8; i++) sessions.set(await owner.claude(`p${i}`), []);
    sayEverywhere(sessions, 'one');
    for (const claude of sessions.keys()) await owner.share(claude, reader.login);
    await accepted(reader, owner);
  });

  it('eight sessions are all read, and live lines arrive in all of them', async () => {
    await readsAll(reader, owner, sessions);
    for (const what of ['two', 'three']) {
      sayEverywhere(sessions, what);
      await readsAll(reader, owner, sessions);
    }
    withinBound();
    expect(owner.rooms.cores.open).toBe(OPEN);
  });

  it('what was fetched is known although it is closed, on both sides', async () => {
    await until(
      async () => {
        const { sessions: mine } = await owner.client.call('shared', {});
        return mine.every((s) => s.recipients.every((r) => r.state === 'synced' && r.fetched === s.turns));
      },
      { what: 'all to be synced' },
    );
    const { sessions: theirs } = await reader.client.call('inbox', { params: { handle: owner.login } });
    expect(theirs.map((s) => [s.state, s.turns, s.fetched, s.newest.length])).toEqual(
      theirs.map(() => ['live', 3, 3, 3]),
    );
  });

  it('revoked while it is closed, and ended while it is being opened: gone, and the others stay', async () => {
    const [closed, opening] = [...sessions.keys()] as [FakeClaude, FakeClaude];
    await owner.client.call('unshare', { body: { session: closed.session, cwd: '/', from: [], all: false } });
    closed.say('not for her any more');
    // Its lines make the owner open it, the reading the reader, and its end comes in the midst of it.
    opening.say('a last word');
    const reading = reader.texts(owner.login, opening.session).catch(() => []);
    await opening.exit();
    await reading;
    for (const claude of [closed, opening]) {
      await refusedRead(reader, owner, claude);
      sessions.delete(claude);
      for (const [person, room] of [
        [owner, 'share'],
        [reader, 'inbox'],
      ] as const) {
        const folder = path.join(person.home, 'state', room);
        await until(() => !fs.readdirSync(folder).some((name) => name.includes(claude.session)), {
          what: `${person.login}'s ${room} to be without it`,
        });
      }
    }
    sayEverywhere(sessions, 'four');
    await readsAll(reader, owner, sessions);
    withinBound();
  });

  it('over restarts of both, which add a generation to each', async () => {
    for (const person of [owner, reader, owner]) {
      await person.restart();
      sayEverywhere(sessions, 'again');
      await readsAll(reader, owner, sessions);
      withinBound();
    }
    const generations = owner.rooms.sharing.list().map((s) => s.stored.generations.length);
    expect(Math.min(...generations)).toBeGreaterThanOrEqual(3);
  });
});

it('200 sessions of one person are all readable, and gone with the connection', async () => {
  const { owner, reader } = await pair(['oscar', 'rosa'], null);
  const claude = await owner.claude();
  claude.say('one', 'two');
  await owner.share(claude, reader.login);
  await accepted(reader, owner);
  const to = [{ uid: await uid(reader), login: reader.login }];
  const { cwd, transcriptPath } = claude;
  const more = Array.from({ length: 199 }, (_, i) => ({
    session: randomUUID(),
    project: `p${i}`,
    cwd,
    transcriptPath,
  }));
  const share = (one: (typeof more)[0]) => owner.rooms.sharing.share(one, to, { fromNow: false, withThinking: false });
  await Promise.all(more.map(share));
  const index = async () => (await reader.client.call('inbox', { params: { handle: owner.login } })).sessions;
  const whole = async (): Promise<boolean> => {
    const all = await index();
    return all.length === 200 && all.every((s) => s.state === 'live' && s.fetched === 2 && s.newest.length === 2);
  };
  await until(whole, { what: '200 sessions', timeoutMs: 150_000 });
  for (const person of [owner, reader]) expect(person.rooms.cores.mostOpen).toBeLessThanOrEqual(128);
  await reader.restart();
  await until(whole, { what: '200 sessions after a restart', timeoutMs: 150_000 });
  await owner.client.call('disconnect', { body: { handle: reader.login } });
  await until(() => fs.readdirSync(path.join(reader.home, 'state', 'inbox')).length === 1, { what: 'all to be wiped' });
  expect(fs.readdirSync(path.join(owner.home, 'state', 'share'))).toEqual(['ends.json', 'leases.json']);
  for (const person of [owner, reader]) expect(person.rooms.cores.open).toBe(0);
}, 400_000);

it('a transcript of 100,000 lines arrives whole and in order', async () => {
  const LINES = 100_000;
  const { owner, reader } = await pair(['opal', 'ruth'], null);
  const claude = await owner.claude();
  claude.say('a line to share', 'and its answer');
  // Lines like the last, each with a text and an id of its own.
  const like = claude.writer.lines.at(-1) ?? '';
  const id = claude.writer.uuidAt(claude.writer.lines.length);
  const numbered = (n: number): string =>
    like.replaceAll(id, `${String(n).padStart(8, '0')}${id.slice(8)}`).replace('and its answer', `line ${n}`);
  fs.appendFileSync(claude.transcriptPath, Array.from({ length: LINES }, (_, n) => `${numbered(n)}\n`).join(''));
  await owner.share(claude, reader.login);
  await accepted(reader, owner);
  const newest = async () => (await reader.client.call('inbox', { params: { handle: owner.login } })).sessions[0];
  await until(async () => (await newest())?.fetched === LINES + 2, { what: 'all lines', timeoutMs: 120_000 });
  const texts = await reader.texts(owner.login, claude.session);
  expect(texts.length).toBe(LINES + 2);
  expect(texts.slice(2).findIndex((text, n) => text !== `line ${n}`)).toBe(-1);
}, 180_000);
