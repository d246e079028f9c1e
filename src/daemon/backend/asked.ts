/** Whom and what a question is asked: sessions of teammates, or one of one's own as its recipients have it. */
import { TeammateSyncError } from '../../errors.ts';
import type { HeldGeneration, ReadableGeneration } from '../../inbox/index.ts';
import { shortId } from '../../protocol/ids.ts';
import { FRESH_MS } from '../../protocol/limits.ts';
import type { AskedPerson, AskRequest } from '../../protocol/local-api.ts';
import { refreshed } from '../answers/fresh.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';
import type { Endings } from './endings.ts';
import { choose, inboxSessions, nothingShared } from './held-sessions.ts';
import { chooseOwn, ownEnded, ownGenerations, type OwnView, requireNoView } from './own-view.ts';
import { connectedPeople, isOneself, knownPerson, oneself } from './persons.ts';

interface Person {
  uid: number;
  login: string;
}

/** Of teammates, all their sessions or (`chosen`) one; or one's own. */
export type Scope =
  | { people: readonly Person[]; chosen: string | null; own: null }
  | { people: readonly [Person]; chosen: string; own: OwnView };

/** One session that is asked, as it can be read now. */
export interface Asked {
  person: Person;
  session: string;
  held: ReadableGeneration[];
  /** Of a teammate's, whom reading is told; null: it is one's own. */
  lent: HeldGeneration[] | null;
}

interface Asking {
  rooms: Rooms;
  endings: Endings;
}

/**
 * @throws NO_SUCH_PERSON, ONESELF, NOT_CONNECTED, NOTHING_SHARED_WITH_ME, NO_SESSION, AMBIGUOUS_SESSION, NO_LONGER_SHARED,
 * NOT_HERE_YET; of one's own NOT_SHARED, AMBIGUOUS_SESSION; BAD_REQUEST
 */
export function scopeOf(asking: Asking, { handles, session, mode, as }: AskRequest): Scope {
  const { rooms } = asking;
  const [only] = handles;
  if (only !== undefined && handles.length === 1 && isOneself(rooms, only)) {
    // Citations are of what others said.
    if (mode === 'question') throw oneself();
    const own = chooseOwn(rooms, session, as ?? null);
    return { people: [{ uid: rooms.self.uid, login: rooms.self.login }], chosen: own.session, own };
  }
  requireNoView(as);
  const people = peopleOf(rooms, handles);
  return { people, chosen: sessionOf(asking, people, session), own: null };
}

/** Asks owners for their newest lines, and indexes what is here, within FRESH_MS. @returns by uid */
export async function refreshedIn(rooms: Rooms, scope: Scope): Promise<Map<number, AskedPerson['fresh']>> {
  if (scope.own) {
    const { uid } = rooms.self;
    await rooms.indexes.whole(uid, scope.own.session, FRESH_MS);
    return new Map([[uid, 'yes']]);
  }
  const asked = askedIn(rooms, scope);
  const ofPerson = (uid: number): HeldGeneration[] =>
    asked.filter((one) => one.person.uid === uid).flatMap(({ lent }) => lent ?? []);
  return refreshed(rooms, new Map(scope.people.map(({ uid }) => [uid, ofPerson(uid)])));
}

/** What of it can be read in this tick. */
export function askedIn(rooms: Rooms, { people, chosen, own }: Scope): Asked[] {
  if (own) {
    const held = ownGenerations(rooms, own);
    return held.length === 0 ? [] : people.map((person) => ({ person, session: own.session, held, lent: null }));
  }
  return people.flatMap((person) =>
    [...inboxSessions(rooms, person.uid)]
      .filter(([session]) => chosen === null || session === chosen)
      .map(([session, held]) => ({ person, session, held, lent: held })),
  );
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

/** Why there is nothing to ask. */
export function gone({ rooms, endings }: Asking, { people, chosen, own }: Scope): unknown {
  if (own) return new TeammateSyncError('NOT_SHARED', ownEnded(rooms, own));
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
