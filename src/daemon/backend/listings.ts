/** What the listing verbs show. Everything that came from others is inert text here; faces make it printable. */
import { deviceFingerprint } from '../../identity/index.ts';
import type {
  ConnectionPerson,
  Connections,
  Shared,
  SharedRecipient,
  SharedSession as SharedSessionView,
  Status,
  WhoAmI,
} from '../../protocol/local-api.ts';
import { LEASE_MS } from '../../protocol/limits.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Person } from '../../connections/index.ts';
import type { SharedSession } from '../../share/index.ts';
import type { Rooms } from '../rooms.ts';
import { inboxSessions } from './reading.ts';
import { iso } from './persons.ts';

export function whoAmI({ settings, self }: Rooms): WhoAmI {
  return {
    handle: self.login,
    uid: self.uid,
    host: settings.host,
    org: settings.org,
    orgId: settings.orgId,
    device: deviceFingerprint(self.keys.sign.publicKey),
    home: settings.paths.home,
  };
}

function isOnline({ swarm }: Rooms, uid: number): boolean {
  return swarm.linksOf(uid).length > 0;
}

function view(rooms: Rooms, person: Person): ConnectionPerson {
  const { login, uid, since, note, project, until } = person;
  return {
    handle: login,
    uid,
    since: iso(since),
    online: isOnline(rooms, uid),
    note,
    project,
    until: until === null ? null : iso(until),
  };
}

export function connections(rooms: Rooms): Connections {
  const all = rooms.connections.list();
  const of = (relation: Person['relation']): ConnectionPerson[] =>
    all.filter((p) => p.relation === relation).map((p) => view(rooms, p));
  return {
    org: rooms.settings.org,
    accepted: of('connected'),
    pendingIn: of('pendingIn'),
    pendingOut: of('pendingOut'),
    declined: [
      ...of('declinedByMe').map((p) => ({ ...p, by: 'me' as const })),
      ...of('declinedByThem').map((p) => ({ ...p, by: 'them' as const })),
    ],
    blocked: of('blocked').map(({ handle, since }) => ({ handle, since })),
  };
}

function recipient(rooms: Rooms, session: SharedSession, uid: number, login: string, since: number): SharedRecipient {
  const { connections: ties, people, sharing, surroundings } = rooms;
  const of = session.readableBy(uid).reduce((n, g) => n + g.stored.turns, 0);
  const fetched = sharing.progress.fetched(session.id, uid);
  const connected = ties.relation(uid) === 'connected';
  const base = { handle: login, since: iso(since), fetched: fetched ?? 0, of };
  if (!connected) {
    const known = people.goodDevices(uid).length > 0;
    return { ...base, state: known ? 'pending' : 'waiting', leaseUntil: null };
  }
  if (fetched === null) return { ...base, state: 'offline', leaseUntil: null };
  const leaseUntil = iso(surroundings.clock.now() + LEASE_MS);
  return { ...base, state: fetched >= of ? 'synced' : 'syncing', leaseUntil };
}

export function shared(rooms: Rooms): Shared {
  const sessions = rooms.sharing.list().map((s): SharedSessionView => {
    const { project, cwd, startedAt, withThinking, masked, recipients } = s.stored;
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
      recipients: recipients.map((r) => recipient(rooms, s, r.uid, r.login, r.since)),
    };
  });
  return { sessions };
}

export function status(rooms: Rooms, startedAt: number): Status {
  const { swarm, settings, live, sharing, people, notes } = rooms;
  const network = swarm.status();
  const all = rooms.connections.list();
  const count = (relation: Person['relation']): number => all.filter((p) => p.relation === relation).length;
  const errors = notes.list();
  const readable = people.all().reduce((n, p) => n + inboxSessions(rooms, p.uid).size, 0);
  return {
    version: PRODUCT_VERSION,
    pid: process.pid,
    startedAt: iso(startedAt),
    home: settings.paths.home,
    setUp: true,
    me: whoAmI(rooms),
    network: {
      state: network.online ? 'online' : network.epochs.length > 0 ? 'offline' : 'starting',
      bootstrap: settings.bootstrap,
      nat: network.nat,
      peers: network.peers,
      epochs: network.epochs,
      lastError: errors.at(-1) ?? null,
    },
    sessions: live.list().length,
    sharedSessions: sharing.list().length,
    readableSessions: readable,
    pendingIn: count('pendingIn'),
    pendingOut: count('pendingOut'),
    connected: count('connected'),
    errors,
  };
}
