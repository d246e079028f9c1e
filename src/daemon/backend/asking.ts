/** Asking what teammates share: a question, a string or an expression, over all of them with one ranking. */
import { createHash } from 'node:crypto';
import { TeammateSyncError } from '../../errors.ts';
import { describeSession, type HeldGeneration, readableGenerations } from '../../inbox/index.ts';
import { ANSWER_TOKENS } from '../../protocol/limits.ts';
import { shortId } from '../../protocol/ids.ts';
import { type AskedPerson, type AskedSession, type AskRequest, type AskResponse } from '../../protocol/local-api.ts';
import { NOT_FOUND } from '../../protocol/local-api-answers.ts';
import { excerptsOf, isoOf, type SearchIndex } from '../../search/index.ts';
import { find, type Searched } from '../answers/finding.ts';
import type { AskedPages, Page } from '../answers/asked-pages.ts';
import { refreshed } from '../answers/fresh.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';
import { type Answering, describeFreshness } from './freshness.ts';
import { connectedPeople, knownPerson } from './persons.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';
import { choose, inboxSessions, nothingShared } from './held-sessions.ts';

export interface Asking extends Answering {
  pages: AskedPages;
}

interface Person {
  uid: number;
  login: string;
}

/** One session that is asked, as it is held now. */
interface Asked {
  person: Person;
  session: string;
  held: HeldGeneration[];
}

/**
 * @throws NO_SUCH_PERSON, ONESELF, NOT_CONNECTED, NOTHING_SHARED_WITH_ME, NO_SESSION, AMBIGUOUS_SESSION, NO_LONGER_SHARED,
 * NOT_HERE_YET; BAD_REQUEST for an expression that is none, and for a cursor that is not known
 */
export async function ask(asking: Asking, request: AskRequest, reader: string): Promise<AskResponse> {
  const { rooms } = asking;
  const people = peopleOf(rooms, request.handles);
  const chosen = sessionOf(asking, people, request.session);
  // Whoever turns a page wants what was found, not what is new.
  const fresh = request.cursor === null ? await refreshed(rooms, heldOf(rooms, people, chosen)) : new Map();
  const asked = askedOf(rooms, people, chosen);
  const page = await pageOf(asking, request, asked);
  return answer({ ...asking, reader }, request, people, chosen, page, fresh);
}

async function pageOf({ rooms, pages }: Asking, request: AskRequest, asked: readonly Asked[]): Promise<Page> {
  if (request.cursor === null) {
    const searched = asked.flatMap((one) => searchedOf(rooms, one));
    return { ...(await find(request, searched, rooms.surroundings.clock.now())), at: 0 };
  }
  const page = pages.page(request);
  if (page) return page;
  throw new TeammateSyncError('BAD_REQUEST', 'this cursor is of another question, or was given too long ago', {
    hint: 'ask again without it',
  });
}

/** In one tick: what ended while it was searched is in nothing of it. */
function answer(
  asking: Asking & { reader: string },
  request: AskRequest,
  people: readonly Person[],
  chosen: string | null,
  page: Page,
  fresh: Map<number, AskedPerson['fresh']>,
): AskResponse {
  const { rooms, pages } = asking;
  const asked = askedOf(rooms, people, chosen);
  if (asked.length === 0) throw gone(asking, people, chosen);
  const readable = new Set(asked.flatMap((one) => indexesOf(rooms, one)));
  const hits = page.hits.slice(page.at).filter((hit) => readable.has(hit.index));
  const { excerpts, next } = excerptsOf(hits, 0, request.budget ?? ANSWER_TOKENS);
  const marks = new ReadMarks(rooms, asking.reader);
  const read = new Set<Person>();
  for (const excerpt of excerpts) {
    const owner = asked.find((one) => one.session === excerpt.session && one.person.login === excerpt.handle);
    if (!owner) continue;
    pages.remember(excerpt, owner.person.uid, digestOf(indexesOf(rooms, owner), excerpt));
    marks.lines(owner.held, excerpt.source, { from: excerpt.from, to: excerpt.to });
    read.add(owner.person);
  }
  return {
    people: people.map((person) => describeFreshness(asking, person, fresh.get(person.uid))),
    sessions: asked.map((one) => describe(rooms, one)),
    message: excerpts.length === 0 ? NOT_FOUND : null,
    excerpts,
    found: hits.length,
    more: page.more,
    cursor: next === null ? null : pages.keep(request, { hits, at: next, more: page.more }),
    ...toldOnce(rooms, [...read]),
  };
}

/** Of the lines' texts, to see whether they are still the same. */
export function digestOf(indexes: readonly SearchIndex[], at: { source: string; from: number; to: number }): string {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  for (const index of indexes) {
    for (const place of index.lines(at.source, at.from, at.to)) {
      const text = index.text(place);
      const { line, part, piece } = index.at(place);
      const key = JSON.stringify([line, part, piece, text]);
      if (!seen.has(key)) hash.update(key);
      seen.add(key);
    }
  }
  return hash.digest('hex');
}

/** The indexes of what may be read of a session now, the newest last. */
export function indexesOf(rooms: Rooms, { held }: { held: HeldGeneration[] }): SearchIndex[] {
  return indexesIn(rooms, readableGenerations(held, rooms.surroundings.clock));
}

function indexesIn({ indexes }: Rooms, generations: readonly HeldGeneration[]): SearchIndex[] {
  return generations.flatMap(({ replica }) => indexes.of(replica) ?? []);
}

function searchedOf(rooms: Rooms, asked: Asked): Searched[] {
  const generations = readableGenerations(asked.held, rooms.surroundings.clock);
  const { project } = describeSession(asked.session, generations);
  const of = { handle: asked.person.login, session: asked.session, project };
  return indexesIn(rooms, generations).map((index) => ({ index, of }));
}

function peopleOf(rooms: Rooms, handles: readonly string[]): Person[] {
  if (handles.length > 0) {
    const named = handles.map((handle) => knownPerson(rooms, handle));
    return named.filter(({ uid }, i) => named.findIndex((other) => other.uid === uid) === i);
  }
  rooms.inbox.sweep();
  const sharing = connectedPeople(rooms).filter(
    ({ uid }) => rooms.inbox.of(uid).length > 0 || rooms.inbox.waiting(uid).length > 0,
  );
  if (sharing.length > 0) return sharing;
  throw new TeammateSyncError('NOTHING_SHARED_WITH_ME', 'nobody shares anything with you now');
}

/** The full id of the session that is meant; null: all. */
function sessionOf({ rooms, endings }: Asking, people: readonly Person[], typed: string | null): string | null {
  if (typed === null) return null;
  const [person] = people;
  if (person && people.length === 1) return choose(rooms, endings, person, typed);
  const all = people.flatMap(({ uid }) => [...inboxSessions(rooms, uid).keys()]);
  return pickSession(
    all.map((session) => ({ session, project: '' })),
    typed,
    () =>
      new TeammateSyncError('NO_SESSION', `none of them shares a session that begins with ${JSON.stringify(typed)}`),
  );
}

function askedOf(rooms: Rooms, people: readonly Person[], chosen: string | null): Asked[] {
  return people.flatMap((person) =>
    [...inboxSessions(rooms, person.uid)]
      .filter(([session]) => chosen === null || session === chosen)
      .map(([session, held]) => ({ person, session, held })),
  );
}

function heldOf(rooms: Rooms, people: readonly Person[], chosen: string | null): Map<number, HeldGeneration[]> {
  const asked = askedOf(rooms, people, chosen);
  return new Map(people.map(({ uid }) => [uid, asked.filter((a) => a.person.uid === uid).flatMap((a) => a.held)]));
}

/** Why there is nothing to ask. */
function gone({ rooms, endings }: Asking, people: readonly Person[], chosen: string | null): unknown {
  const [person] = people;
  if (!person) return new TeammateSyncError('NOTHING_SHARED_WITH_ME', 'nobody shares anything with you now');
  const waiting = people.find(({ uid }) => rooms.inbox.waiting(uid).length > 0);
  if (waiting) {
    return new TeammateSyncError(
      'NOT_HERE_YET',
      `what ${waiting.login} shares waits for their machine: its key is not kept here`,
    );
  }
  if (people.length > 1)
    return new TeammateSyncError('NOTHING_SHARED_WITH_ME', 'none of them shares anything with you now');
  if (chosen === null) return nothingShared(rooms, endings, person);
  return new TeammateSyncError('NO_LONGER_SHARED', `session ${shortId(chosen)} is no longer shared`);
}

function describe(rooms: Rooms, { person, session, held }: Asked): AskedSession {
  const generations = readableGenerations(held, rooms.surroundings.clock);
  const { project, title, turns, live } = describeSession(session, generations);
  const indexes = indexesIn(rooms, generations);
  const searched = indexes.reduce((sum, index) => sum + index.turns, 0);
  const newest = isoOf(Math.max(0, ...indexes.map((index) => index.newest)));
  return {
    handle: person.login,
    session,
    project,
    title,
    newest: newest === '' ? null : newest,
    searched,
    turns: Math.max(turns, searched),
    live,
  };
}
