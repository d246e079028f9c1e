/** A shared session in pages, from its first turn to its last or back, each turn once. */
import { TeammateSyncError } from '../../errors.ts';
import { describeSession, type ReadableGeneration, readableChain, readableGenerations } from '../../inbox/index.ts';
import { DecodeError } from '../../protocol/decode.ts';
import { shortId } from '../../protocol/ids.ts';
import { DUMP_PAGE_BYTES } from '../../protocol/limits.ts';
import type { DumpRequest, DumpResponse } from '../../protocol/local-api.ts';
import { refreshed } from '../answers/fresh.ts';
import { type Cursor, decodeCursor, encodeCursor } from '../dump/cursor.ts';
import { Filling } from '../dump/filling.ts';
import { type Spot, walk } from '../dump/walk.ts';
import type { Rooms } from '../rooms.ts';
import { type Answering, describeFreshness } from './freshness.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';
import { readableSession } from './readable-session.ts';

/** What is dumped: as it was asked, or as the cursor says. */
type Route = Pick<Cursor, 'uid' | 'session' | 'from' | 'to' | 'newest'>;

/** @throws as a read of the session does; BAD_REQUEST for a cursor that is none or of something else; CURSOR_STALE */
export async function dump(answering: Answering, request: DumpRequest, reader: string): Promise<DumpResponse> {
  const { rooms, endings } = answering;
  const cursor = request.cursor === null ? null : cursorOf(request.cursor);
  const reading = readableSession(rooms, endings, {
    handle: request.handle,
    session: cursor?.session ?? request.session,
    as: request.as,
  });
  const { person, session, held, lent } = reading;
  if (cursor) requireSame(cursor, request, person.uid);
  // Whoever turns a page wants what was there, not what is new.
  const ask = lent && !cursor ? await refreshed(rooms, new Map([[person.uid, lent()]])) : null;
  const fresh = lent ? ask?.get(person.uid) : 'yes';
  const route: Route = cursor ?? { ...pick(request), uid: person.uid, session };
  const page = new Filling(route.newest, request.budget ?? DUMP_PAGE_BYTES, request.slice);
  const { generations, lacking } = readable(rooms, held(), route.newest);
  if (cursor) requireThere(cursor, held(), generations);
  const coming = held().some(({ replica }) => replica.live);
  if (route.newest && lacking > 0 && !cursor) page.miss({ turns: lacking, coming, overQuota: false });
  const next = await walk(rooms, { ...route, generations, at: cursor }, page);
  if (!route.newest && lacking > 0 && next === null) page.miss({ turns: lacking, coming, overQuota: false });
  // Looked at again in the tick in which it is answered: what ended or was replaced meanwhile is in no answer.
  reading.require();
  const now = readable(rooms, held(), route.newest).generations;
  const known = new Set(now.map(({ replica }) => replica.grant.core));
  if (generations.some(({ replica }) => !known.has(replica.grant.core))) throw stale(session);
  const { project, title, live } = describeSession(session, now);
  const { turns, missing } = page.page;
  const marks = new ReadMarks(rooms, reader);
  for (const [i, turn] of turns.entries()) {
    if (missing.some(({ before }) => before === i)) marks.gap();
    marks.turn(lent?.() ?? [], turn);
  }
  return {
    handle: person.login,
    session,
    project,
    title,
    live,
    person: describeFreshness(answering, person, fresh),
    turns,
    missing,
    cursor: encoded(route, next, generations, lacking),
    ...(turns.length === 0 || !lent ? {} : toldOnce(rooms, [person])),
  };
}

function pick({ from, to, newest }: DumpRequest): Pick<Route, 'from' | 'to' | 'newest'> {
  return { from, to, newest };
}

/** What may be read, and about how many turns are in generations that cannot be yet. */
function readable(
  rooms: Rooms,
  held: ReadableGeneration[],
  newest: boolean,
): { generations: ReadableGeneration[]; lacking: number } {
  const { clock } = rooms.surroundings;
  const generations = newest ? readableGenerations(held, clock) : readableChain(held, clock).chain;
  const first = generations[0]?.replica.grant.gen ?? 0;
  const rest = held.filter((one) => !generations.includes(one) && one.replica.grant.gen > first);
  return { generations, lacking: rest.reduce((sum, { replica }) => sum + Math.max(1, replica.announced.turns), 0) };
}

/** Behind the last generation that can be read, where another one follows. */
function encoded(route: Route, next: Spot | null, generations: ReadableGeneration[], lacking: number): string | null {
  const last = generations.at(-1)?.replica;
  const waits = next === null && last !== undefined && lacking > 0 && !route.newest;
  const spot = waits ? { core: last.grant.core, block: Math.max(1, last.length), entry: 0, unit: 0 } : next;
  const { uid, session, from, to, newest } = route;
  return spot === null ? null : encodeCursor({ uid, session, from, to, newest, ...spot });
}

function cursorOf(text: string): Cursor {
  try {
    return decodeCursor(text);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_REQUEST', 'this is no cursor of a session', { hint: 'begin anew without it' });
  }
}

/** What is said beside a cursor must be what it is of. */
function requireSame(cursor: Cursor, { session, from, to, newest }: DumpRequest, uid: number): void {
  const same =
    cursor.uid === uid &&
    (session === null || cursor.session.startsWith(session.trim().toLowerCase())) &&
    (from === null || from === cursor.from) &&
    (to === null || to === cursor.to) &&
    (!newest || cursor.newest);
  if (same) return;
  throw new TeammateSyncError('BAD_REQUEST', 'this cursor is of something else than what is asked for', {
    hint: 'give the same person, session and lines as before, or leave it out',
  });
}

/** @throws CURSOR_STALE, NOT_HERE_YET */
function requireThere({ core, session }: Cursor, held: ReadableGeneration[], generations: ReadableGeneration[]): void {
  const isIt = ({ replica }: ReadableGeneration): boolean => replica.grant.core === core;
  if (generations.some(isIt)) return;
  if (!held.some((one) => isIt(one) && one.replica.header === null)) throw stale(session);
  throw new TeammateSyncError('NOT_HERE_YET', `session ${shortId(session)} cannot be read on from there yet`);
}

function stale(session: string): TeammateSyncError {
  return new TeammateSyncError(
    'CURSOR_STALE',
    `what was read of session ${shortId(session)} was replaced by its owner`,
  );
}
