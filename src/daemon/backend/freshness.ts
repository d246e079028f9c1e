/** How fresh an answer is: who of those that are asked is there, and what their daemons said. */
import type { AskedPerson } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';
import type { Endings } from './endings.ts';
import { iso, isOnline } from './persons.ts';
import type { Presences } from './presence.ts';

/** What answers are made from. */
export interface Answering {
  rooms: Rooms;
  endings: Endings;
  presences: Presences;
}

/** @param fresh what asking their daemon gave; nothing: it was not asked */
export function describeFreshness(
  { rooms, presences }: Pick<Answering, 'rooms' | 'presences'>,
  { uid, login }: { uid: number; login: string },
  fresh: AskedPerson['fresh'] | null | undefined,
): AskedPerson {
  const online = uid === rooms.self.uid || isOnline(rooms, uid);
  const since = online ? rooms.surroundings.clock.now() : presences.since(uid);
  return {
    handle: login,
    online,
    heard: since === null ? null : iso(since),
    fresh: fresh ?? (online ? 'untold' : 'offline'),
    waiting: new Set(rooms.inbox.waiting(uid).map((stored) => stored.session)).size,
  };
}
