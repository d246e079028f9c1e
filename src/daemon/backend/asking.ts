/** Asking what teammates share: a question, a string or an expression, over all of them with one ranking. */
import { createHash } from 'node:crypto';
import { TeammateSyncError } from '../../errors.ts';
import { describeSession, type ReadableGeneration, readableGenerations } from '../../inbox/index.ts';
import { ANSWER_TOKENS } from '../../protocol/limits.ts';
import { type AskedPerson, type AskedSession, type AskRequest, type AskResponse } from '../../protocol/local-api.ts';
import { NOT_FOUND } from '../../protocol/local-api-answers.ts';
import { excerptsOf, isoOf, type SearchIndex } from '../../search/index.ts';
import { find, type Searched } from '../answers/finding.ts';
import type { AskedPages, Page } from '../answers/asked-pages.ts';
import type { Rooms } from '../rooms.ts';
import { type Asked, askedIn, gone, refreshedIn, type Scope, scopeOf } from './asked.ts';
import { type Answering, describeFreshness } from './freshness.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';

export interface Asking extends Answering {
  pages: AskedPages;
}

/** @throws as {@link scopeOf}; BAD_REQUEST for an expression that is none, and for a cursor that is not known */
export async function ask(asking: Asking, request: AskRequest, reader: string): Promise<AskResponse> {
  const { rooms } = asking;
  const scope = scopeOf(asking, request);
  // Whoever turns a page wants what was found, not what is new.
  const fresh = request.cursor === null ? await refreshedIn(rooms, scope) : new Map();
  const page = await pageOf(asking, request, askedIn(rooms, scope));
  return answer({ ...asking, reader }, request, scope, page, fresh);
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
  scope: Scope,
  page: Page,
  fresh: Map<number, AskedPerson['fresh']>,
): AskResponse {
  const { rooms, pages } = asking;
  const asked = askedIn(rooms, scope);
  if (asked.length === 0) throw gone(asking, scope);
  const readable = new Set(asked.flatMap((one) => indexesOf(rooms, one)));
  const hits = page.hits.slice(page.at).filter((hit) => readable.has(hit.index));
  const { excerpts, next } = excerptsOf(hits, 0, request.budget ?? ANSWER_TOKENS);
  const marks = new ReadMarks(rooms, asking.reader);
  const read = new Set<Asked['person']>();
  for (const excerpt of excerpts) {
    const owner = asked.find((one) => one.session === excerpt.session && one.person.login === excerpt.handle);
    if (!owner?.lent) continue;
    pages.remember(excerpt, owner.person.uid, digestOf(indexesOf(rooms, owner), excerpt));
    marks.lines(owner.lent, excerpt.source, { from: excerpt.from, to: excerpt.to });
    read.add(owner.person);
  }
  return {
    people: scope.people.map((person) => describeFreshness(asking, person, fresh.get(person.uid))),
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
export function indexesOf(rooms: Rooms, { held }: { held: ReadableGeneration[] }): SearchIndex[] {
  return indexesIn(rooms, readableGenerations(held, rooms.surroundings.clock));
}

function indexesIn({ indexes }: Rooms, generations: readonly ReadableGeneration[]): SearchIndex[] {
  return generations.flatMap(({ replica }) => indexes.of(replica) ?? []);
}

function searchedOf(rooms: Rooms, asked: Asked): Searched[] {
  const generations = readableGenerations(asked.held, rooms.surroundings.clock);
  const { project } = describeSession(asked.session, generations);
  const of = { handle: asked.person.login, session: asked.session, project };
  return indexesIn(rooms, generations).map((index) => ({ index, of }));
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
