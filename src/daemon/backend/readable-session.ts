/** One session that can be read now: a teammate's, or one's own as they have it. */
import type { HeldGeneration, ReadableGeneration } from '../../inbox/index.ts';
import type { Rooms } from '../rooms.ts';
import type { Endings } from './endings.ts';
import { chooseOwn, ownChanged, ownEnded, ownGenerations } from './own-view.ts';
import { isOneself, knownPerson } from './persons.ts';
import { choose, inboxSessions } from './held-sessions.ts';

export interface ReadableSession {
  person: { uid: number; login: string };
  session: string;
  /** What of it may be read at this moment. */
  held: () => ReadableGeneration[];
  /** Of a teammate's, whom reading is told; null: it is one's own. */
  lent: (() => HeldGeneration[]) | null;
  /** Resolves at its next change, or when aborted. */
  changed: (signal: AbortSignal) => Promise<void>;
  /** Why nothing is held any more. */
  endReason: () => string;
  /** @throws as {@link readableSession} when it may not be read any more */
  require: () => void;
}

/**
 * @param typedSession an id or prefix; null: the only one
 * @throws NO_SUCH_PERSON, NOT_CONNECTED, NOTHING_SHARED_WITH_ME, AMBIGUOUS_SESSION, NO_SESSION, NO_LONGER_SHARED,
 * NOT_HERE_YET; of oneself NOT_SHARED, AMBIGUOUS_SESSION
 */
export function readableSession(
  rooms: Rooms,
  endings: Endings,
  typedHandle: string,
  typedSession: string | null,
): ReadableSession {
  return isOneself(rooms, typedHandle)
    ? own(rooms, chooseOwn(rooms, typedSession))
    : theirs(rooms, endings, typedHandle, typedSession);
}

function own(rooms: Rooms, session: string): ReadableSession {
  return {
    person: { uid: rooms.self.uid, login: rooms.self.login },
    session,
    held: () => ownGenerations(rooms, session),
    lent: null,
    changed: (signal) => ownChanged(rooms, session, signal),
    endReason: () => ownEnded(session),
    require: () => void chooseOwn(rooms, session),
  };
}

function theirs(rooms: Rooms, endings: Endings, typedHandle: string, typedSession: string | null): ReadableSession {
  const person = knownPerson(rooms, typedHandle);
  const session = choose(rooms, endings, person, typedSession);
  const held = (): HeldGeneration[] => inboxSessions(rooms, person.uid).get(session) ?? [];
  return {
    person,
    session,
    held,
    lent: held,
    changed: (signal) => endings.changed(person.uid, session, signal),
    endReason: () => endings.reason(person.uid, session) ?? 'no longer shared',
    require: () => void choose(rooms, endings, person, session),
  };
}
