/** One session that can be read now: a teammate's, or one's own as they have it. */
import type { HeldGeneration, ReadableGeneration } from '../../inbox/index.ts';
import type { Rooms } from '../rooms.ts';
import type { Endings } from './endings.ts';
import { chooseOwn, ownChanged, ownEnded, ownGenerations, type OwnView, requireNoView } from './own-view.ts';
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

/** Which session is meant, as it was typed. */
export interface TypedSession {
  handle: string;
  /** An id or prefix; null: the only one. */
  session: string | null;
  /** Of one's own: the recipient as whom it is looked at; absent: of them all. */
  as?: string | undefined;
}

/**
 * @throws BAD_REQUEST, NO_SUCH_PERSON, NOT_CONNECTED, NOTHING_SHARED_WITH_ME, AMBIGUOUS_SESSION, NO_SESSION, NO_LONGER_SHARED,
 * NOT_HERE_YET; of oneself NOT_SHARED, AMBIGUOUS_SESSION
 */
export function readableSession(rooms: Rooms, endings: Endings, typed: TypedSession): ReadableSession {
  const { handle, session, as } = typed;
  if (isOneself(rooms, handle)) return own(rooms, chooseOwn(rooms, session, as ?? null));
  requireNoView(as);
  return theirs(rooms, endings, handle, session);
}

function own(rooms: Rooms, view: OwnView): ReadableSession {
  const { session } = view;
  return {
    person: { uid: rooms.self.uid, login: rooms.self.login },
    session,
    held: () => ownGenerations(rooms, view),
    lent: null,
    changed: (signal) => ownChanged(rooms, view, signal),
    endReason: () => ownEnded(rooms, view),
    require: () => void chooseOwn(rooms, session, view.as?.login ?? null),
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
