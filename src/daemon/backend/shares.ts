/** What I share, with whom, and what each may read until when. */
import type {
  Shared,
  SharedRecipient,
  SharedSession as SharedSessionView,
  UnheardEnd,
} from '../../protocol/local-api.ts';
import type { SharedSession } from '../../share/index.ts';
import type { Rooms } from '../rooms.ts';
import { iso, loginOf } from './persons.ts';

/** One recipient of a session, by what their machine has told and what it was told. */
function recipient(rooms: Rooms, session: SharedSession, uid: number, login: string, since: number): SharedRecipient {
  const { connections, people, sharing } = rooms;
  const of = session.readableBy(uid).reduce((n, g) => n + g.stored.turns, 0);
  const now = sharing.progress.fetched(session.id, uid);
  const fetched = now ?? sharing.progress.lastFetched(session.id, uid);
  const until = sharing.leases.until(uid, session.id);
  const base = { handle: login, since: iso(since), fetched, of, leaseUntil: until === null ? null : iso(until) };
  if (connections.relation(uid) !== 'connected') {
    const known = people.goodDevices(uid).length > 0;
    return { ...base, state: known ? 'pending' : 'waiting' };
  }
  if (now === null) return { ...base, state: 'offline' };
  return { ...base, state: now >= of ? 'synced' : 'syncing' };
}

export function recipientsOf(rooms: Rooms, session: SharedSession): SharedRecipient[] {
  return session.stored.recipients.map((r) => recipient(rooms, session, r.uid, loginOf(rooms, r.uid), r.since));
}

export function unheardEnds(rooms: Rooms): UnheardEnd[] {
  const { connections, people, sharing } = rooms;
  // A disconnect that has arrived at all their devices has ended all of it. Of a block nobody hears whether it did.
  const gone = (uid: number): boolean => {
    const devices = people.goodDevices(uid);
    const left = devices.length > 0 && devices.every(({ sign }) => !connections.mayMeet(uid, sign));
    return left && connections.relation(uid) !== 'blocked';
  };
  return sharing.ends
    .unheard()
    .filter(({ uid }) => !gone(uid))
    .map(({ uid, session, until }) => ({ session, handle: loginOf(rooms, uid), until: iso(until) }));
}

export function shared(rooms: Rooms): Shared {
  const sessions = rooms.sharing.list().map((s): SharedSessionView => {
    const { project, cwd, startedAt, withThinking, masked } = s.stored;
    return {
      session: s.id,
      project,
      title: s.title,
      cwd,
      startedAt: iso(startedAt),
      turns: s.turns,
      live: rooms.live.get(s.id) !== null,
      withThinking,
      masked,
      read: s.read,
      recipients: recipientsOf(rooms, s),
    };
  });
  return { sessions, unheardEnds: unheardEnds(rooms) };
}
