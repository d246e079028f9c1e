/** What is going on, in one answer that costs nothing: no disk and no network is asked for it. */
import type { Person } from '../../connections/index.ts';
import { describeSession, leftMs, readableGenerations } from '../../inbox/index.ts';
import type {
  GithubStatus,
  NetworkStatus,
  Presence,
  ReadableSummary,
  ShareSummary,
  Status,
} from '../../protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Rooms } from '../rooms.ts';
import { whoAmI } from './listings.ts';
import { iso, isoOrNull, isOnline } from './persons.ts';
import type { Presences } from './presence.ts';
import { inboxSessions } from './held-sessions.ts';
import { recipientsOf, unheardEnds } from './shares.ts';

function network({ swarm, settings, notes }: Rooms): NetworkStatus {
  const { state, nat, peers, epochs, answeredAt } = swarm.status();
  return {
    state,
    bootstrap: settings.bootstrap,
    nat,
    peers,
    epochs,
    answeredAt: isoOrNull(answeredAt),
    lastError: notes.list().at(-1) ?? null,
  };
}

function github({ directory, settings }: Rooms): GithubStatus {
  const { answeredAt, failure } = directory.contact();
  return {
    host: settings.host,
    answeredAt: isoOrNull(answeredAt),
    failedAt: isoOrNull(failure?.at ?? null),
    failure: failure?.message ?? null,
  };
}

function shares(rooms: Rooms): ShareSummary[] {
  return rooms.sharing.list().map((session) => ({
    session: session.id,
    project: session.stored.project,
    title: session.title,
    turns: session.turns,
    read: session.read,
    recipients: recipientsOf(rooms, session),
  }));
}

/** What one person shares with me, without looking into it. */
export function readableOf(rooms: Rooms, uid: number, handle: string): ReadableSummary[] {
  const { clock } = rooms.surroundings;
  const held = inboxSessions(rooms, uid);
  const here = [...held].map(([session, all]): ReadableSummary => {
    const generations = readableGenerations(all, clock);
    const { project, title, turns, fetched, live } = describeSession(session, generations);
    const left = Math.max(0, ...all.map((h) => leftMs(h.lease, clock)));
    const state = generations.length === 0 ? 'waiting' : live ? 'live' : 'offline';
    return { handle, session, project, title, state, turns, fetched, leaseUntil: iso(clock.now() + left) };
  });
  const waiting = rooms.inbox.waiting(uid).filter(({ session }) => !held.has(session));
  const sessions = new Map(waiting.map((r) => [r.session, r.until]));
  const nothing = { project: '', title: null, state: 'waiting' as const, turns: 0, fetched: 0 };
  return [
    ...here,
    ...[...sessions].map(([session, until]) => ({ handle, session, ...nothing, leaseUntil: iso(until) })),
  ];
}

/** Those who are there first. */
function peopleOf(rooms: Rooms, connected: Person[], presences: Presences): Presence[] {
  return connected
    .map(({ uid, login }) => ({
      handle: login,
      online: isOnline(rooms, uid),
      staleSince: isoOrNull(rooms.people.staleSince(uid)),
      since: isoOrNull(presences.since(uid)),
    }))
    .sort((a, b) => Number(b.online) - Number(a.online) || a.handle.localeCompare(b.handle));
}

export function status(rooms: Rooms, startedAt: number, presences: Presences): Status {
  const { settings, live, people, notes } = rooms;
  const all = rooms.connections.list();
  const of = (relation: Person['relation']): Person[] => all.filter((p) => p.relation === relation);
  const sharing = shares(rooms);
  const readable = people.all().flatMap((p) => readableOf(rooms, p.uid, p.login));
  return {
    version: PRODUCT_VERSION,
    pid: process.pid,
    startedAt: iso(startedAt),
    home: settings.paths.home,
    setUp: true,
    me: whoAmI(rooms),
    network: network(rooms),
    github: github(rooms),
    sessions: live.list().length,
    sharedSessions: sharing.length,
    readableSessions: readable.filter((r) => r.state !== 'waiting').length,
    pendingIn: of('pendingIn').length,
    pendingOut: of('pendingOut').length,
    connected: of('connected').length,
    people: peopleOf(rooms, of('connected'), presences),
    shares: sharing,
    unheardEnds: unheardEnds(rooms),
    readable,
    invites: of('pendingIn').map(({ login, project, until }) => ({ handle: login, project, until: isoOrNull(until) })),
    errors: notes.list(),
  };
}
