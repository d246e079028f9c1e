/** What teammates share with me: the index and the stream of one session. */
import { describeSession, type HeldGeneration, leftMs, readableGenerations, readSession } from '../../inbox/index.ts';
import type { Inbox, InboxSession, ReadEvent } from '../../protocol/local-api.ts';
import type { ReadQuery } from '../../protocol/local-api-types.ts';
import type { Turn } from '../../protocol/turn.ts';
import type { Rooms } from '../rooms.ts';
import type { Endings } from './endings.ts';
import { iso, knownPerson } from './persons.ts';
import { inboxSessions, nothingShared } from './held-sessions.ts';
import { readableSession } from './readable-session.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';

const NEWEST_TURNS = 3;
/** An index does not wait long for what is just coming, or for cores to be opened. */
const INDEX_WAIT_MS = 1000;

async function newestTurns(generations: HeldGeneration[], late: Promise<null>): Promise<Turn[]> {
  let turns: Turn[] = [];
  for (const { replica } of generations.toReversed()) {
    for (let block = replica.length - 1; block > 0 && turns.length < NEWEST_TURNS; block--) {
      if (replica.taken.lacks(block)) continue;
      const entries = await Promise.race([replica.read(block, INDEX_WAIT_MS), late]);
      if (!entries) return turns;
      turns = [...entries.filter((t) => t.kind !== 'title'), ...turns];
    }
  }
  return turns.slice(-NEWEST_TURNS);
}

async function describe(
  rooms: Rooms,
  session: string,
  held: HeldGeneration[],
  late: Promise<null>,
): Promise<InboxSession> {
  const { clock } = rooms.surroundings;
  const generations = readableGenerations(held, clock);
  const { project, title, turns, fetched, live } = describeSession(session, generations);
  const newest = await newestTurns(generations, late);
  const left = Math.max(...held.map((h) => leftMs(h.lease, clock)));
  return {
    session,
    project,
    title,
    state: generations.length === 0 ? 'waiting' : live ? 'live' : 'offline',
    lastActivity: newest.findLast((t) => t.time !== '')?.time ?? null,
    turns,
    fetched,
    leaseUntil: iso(clock.now() + Math.max(0, left)),
    newest,
  };
}

/**
 * @param reader with what its newest lines are read; null: nobody sees them
 * @throws NO_SUCH_PERSON, NOT_CONNECTED, NOTHING_SHARED_WITH_ME
 */
export async function inboxOf(rooms: Rooms, endings: Endings, typed: string, reader: string | null): Promise<Inbox> {
  const person = knownPerson(rooms, typed);
  const held = inboxSessions(rooms, person.uid);
  // All together and not longer than one: most are in memory, and what is not may have to be fetched.
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), INDEX_WAIT_MS);
  });
  const sessions = await Promise.all(
    [...held].map(([session, generations]) => describe(rooms, session, generations, late)),
  );
  clearTimeout(timer);
  for (const { session, until } of rooms.inbox.waiting(person.uid)) {
    if (sessions.some((s) => s.session === session)) continue;
    const nothing = { project: '', title: null, lastActivity: null, turns: 0, fetched: 0, newest: [] };
    sessions.push({ session, ...nothing, state: 'waiting', leaseUntil: iso(until) });
  }
  if (sessions.length === 0) throw nothingShared(rooms, endings, person);
  for (const { session, newest } of reader === null ? [] : sessions) {
    const marks = new ReadMarks(rooms, reader ?? '');
    for (const turn of newest) marks.turn(held.get(session) ?? [], turn);
  }
  const isRead = reader !== null && sessions.some(({ newest }) => newest.length > 0);
  return {
    handle: person.login,
    sessions: sessions.sort((a, b) => (b.lastActivity ?? '').localeCompare(a.lastActivity ?? '')),
    ...(isRead ? toldOnce(rooms, [person]) : {}),
  };
}

/** Streams one session. @throws before the first event as {@link inboxOf}, AMBIGUOUS_SESSION, NO_LONGER_SHARED */
export async function* read(
  rooms: Rooms,
  endings: Endings,
  typed: string,
  query: ReadQuery,
  { signal, reader }: { signal: AbortSignal; reader: string },
): AsyncGenerator<ReadEvent> {
  const { person, session, held, lent, changed, endReason } = readableSession(rooms, endings, {
    handle: typed,
    session: query.session,
  });
  const marks = new ReadMarks(rooms, reader);
  // Of one device, however many generations follow.
  const theirs = lent?.() ?? [];
  const events = readSession(
    { session, clock: rooms.surroundings.clock, held, changed, endReason },
    { from: query.from, to: query.to, follow: query.follow, signal },
  );
  for await (const event of events) {
    if (event.type === 'turn') marks.turn(theirs, event.turn);
    else if (event.type === 'missing' || event.type === 'replaced') marks.gap();
    yield event.type === 'session' && lent ? { ...event, ...toldOnce(rooms, [person]) } : event;
  }
}
