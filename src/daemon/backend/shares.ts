/** What I share, with whom, and what each may read until when. */
import type {
  Shared,
  SharedRecipient,
  SharedSession as SharedSessionView,
  UnheardEnd,
} from '../../protocol/local-api.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';
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
  const leaseUntil = until === null ? null : iso(until);
  const base = { handle: login, since: iso(since), fetched, of, leaseUntil, ...readBy(rooms, session.id, uid) };
  if (connections.relation(uid) !== 'connected') {
    const known = people.goodDevices(uid).length > 0;
    return { ...base, state: known ? 'pending' : 'waiting' };
  }
  if (now === null) return { ...base, state: 'offline' };
  return { ...base, state: now >= of ? 'synced' : 'syncing' };
}

/** How far they read, as their machines told it. */
function readBy({ activity }: Rooms, session: string, uid: number): Pick<SharedRecipient, 'readTo' | 'readAt'> {
  const reads = activity.of(uid, session);
  const lines = reads.flatMap(({ source, ranges }) => (source === MAIN_SOURCE ? ranges.map(({ to }) => to) : []));
  return {
    readTo: lines.length === 0 ? null : Math.max(...lines),
    readAt: reads.length === 0 ? null : iso(Math.max(...reads.map(({ at }) => at))),
  };
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
