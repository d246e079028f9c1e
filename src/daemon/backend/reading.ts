/** What teammates share with me: the index and the stream of one session. */
import { TeammateSyncError } from '../../errors.ts';
import { shortId } from '../../protocol/ids.ts';
import { describeSession, type HeldGeneration, leftMs, readableGenerations, readSession } from '../../inbox/index.ts';
import type { Inbox, InboxSession, ReadEvent } from '../../protocol/local-api.ts';
import type { ReadQuery } from '../../protocol/local-api-types.ts';
import type { Turn } from '../../protocol/turn.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';
import type { Endings } from './endings.ts';
import { iso, knownPerson } from './persons.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';

const NEWEST_TURNS = 3;
/** An index does not wait long for what is just coming, or for cores to be opened. */
const INDEX_WAIT_MS = 1000;

/** What is held of a person, by session, after a look at the leases. */
export function inboxSessions({ inbox }: Rooms, uid: number): Map<string, HeldGeneration[]> {
  inbox.sweep();
  const sessions = new Map<string, HeldGeneration[]>();
  for (const held of inbox.of(uid)) {
    const { session } = held.replica.grant;
    sessions.set(session, [...(sessions.get(session) ?? []), held]);
  }
  return sessions;
}

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

export function nothingShared(
  rooms: Rooms,
  endings: Endings,
  person: { uid: number; login: string },
): TeammateSyncError {
  const relation = rooms.connections.relation(person.uid);
  if (relation === 'pendingIn') {
    return new TeammateSyncError('NOT_CONNECTED', `you have not accepted the invite of ${person.login} yet`, {
      hint: `type \`teammate-sync accept ${person.login}\``,
    });
  }
  if (relation !== 'connected') {
    return new TeammateSyncError('NOT_CONNECTED', `you are not connected with ${person.login}`);
  }
  const reason = endings.lastReason(person.uid);
  const why = reason === null ? '' : `; the last share ended (${reason})`;
  return new TeammateSyncError('NOTHING_SHARED_WITH_ME', `${person.login} shares nothing with you now${why}`);
}

/** Streams one session. @throws before the first event as {@link inboxOf}, AMBIGUOUS_SESSION, NO_LONGER_SHARED */
export async function* read(
  rooms: Rooms,
  endings: Endings,
  typed: string,
  query: ReadQuery,
  { signal, reader }: { signal: AbortSignal; reader: string },
): AsyncGenerator<ReadEvent> {
  const person = knownPerson(rooms, typed);
  const session = choose(rooms, endings, person, query.session);
  const held = (): HeldGeneration[] => inboxSessions(rooms, person.uid).get(session) ?? [];
  const marks = new ReadMarks(rooms, reader);
  // Of one device, however many generations follow.
  const theirs = held();
  const events = readSession(
    {
      session,
      clock: rooms.surroundings.clock,
      held,
      changed: (aborted) => endings.changed(person.uid, session, aborted),
      endReason: () => endings.reason(person.uid, session) ?? 'no longer shared',
    },
    { from: query.from, to: query.to, follow: query.follow, signal },
  );
  for await (const event of events) {
    if (event.type === 'turn') marks.turn(theirs, event.turn);
    else if (event.type === 'missing' || event.type === 'replaced') marks.gap();
    yield event.type === 'session' ? { ...event, ...toldOnce(rooms, [person]) } : event;
  }
}

/** @throws as {@link read} */
export function choose(
  rooms: Rooms,
  endings: Endings,
  person: { uid: number; login: string },
  typed: string | null,
): string {
  const held = inboxSessions(rooms, person.uid);
  const waiting = rooms.inbox.waiting(person.uid).map((r) => r.session);
  const candidates = [...held].map(([session, generations]) => ({
    session,
    project: generations.findLast((g) => g.replica.header)?.replica.header?.project ?? '',
  }));
  for (const session of waiting) if (!held.has(session)) candidates.push({ session, project: '' });
  const none = (): TeammateSyncError => {
    const ended = typed === null ? null : endings.endedLike(person.uid, typed);
    if (ended)
      return new TeammateSyncError(
        'NO_LONGER_SHARED',
        `session ${shortId(ended)} of ${person.login} is no longer shared (${endings.reason(person.uid, ended)})`,
      );
    if (candidates.length === 0) return nothingShared(rooms, endings, person);
    return new TeammateSyncError(
      'NO_SESSION',
      `${person.login} shares no session that begins with ${JSON.stringify(typed)}`,
      {
        hint: `see \`teammate-sync show ${person.login}\``,
      },
    );
  };
  const session = typed === null && candidates.length === 1 ? candidates[0]?.session : undefined;
  if (session === undefined && typed === null && candidates.length > 1) {
    throw new TeammateSyncError('AMBIGUOUS_SESSION', `${person.login} shares ${candidates.length} sessions with you`, {
      hint: `name one: \`teammate-sync show ${person.login} <id>\``,
      details: { candidates },
    });
  }
  const chosen = session ?? pickSession(candidates, typed ?? '', none);
  if (held.has(chosen)) return chosen;
  throw new TeammateSyncError(
    'NOT_HERE_YET',
    `session ${shortId(chosen)} waits for ${person.login}'s machine: its key is not kept here`,
    {
      hint: 'it comes back by itself when their daemon is reachable and the conversation still lives',
    },
  );
}
