/** Who one is, and whom one has ties with. Everything that came from others is inert text here; faces make it printable. */
import { deviceFingerprint } from '../../identity/index.ts';
import { findAnthropicKey } from '../../platform/anthropic-key.ts';
import type { ConnectionPerson, Connections, WhoAmI, WhoAmIResponse } from '../../protocol/local-api.ts';
import type { Person } from '../../connections/index.ts';
import type { Rooms } from '../rooms.ts';
import { aliasOf, comparedAt, iso, isoOrNull, isOnline } from './persons.ts';
import { freshnessOf, refreshTies } from './teammates.ts';

export function whoAmI({ settings, self }: Rooms): WhoAmI {
  return {
    handle: self.login,
    uid: self.uid,
    host: settings.host,
    org: settings.org,
    orgId: settings.orgId,
    device: deviceFingerprint(self.keys.sign.publicKey),
    code: self.code,
    home: settings.paths.home,
  };
}

/** How this daemon is signed in. GitHub is not asked for it. */
export async function tokenOf({ tokenFrom, directory }: Rooms): Promise<WhoAmIResponse['token']> {
  const from = await tokenFrom();
  return from === null ? null : { from, scopes: directory.contact().scopes };
}

/** A key that cannot be used is none; `doctor` says why. */
export function anthropicKeyOf({ surroundings, settings }: Rooms): WhoAmIResponse['anthropic'] {
  try {
    const found = findAnthropicKey(surroundings.env, settings.paths.auth);
    return found && { from: found.from, base: found.base };
  } catch {
    return null;
  }
}

function view(rooms: Rooms, person: Person): ConnectionPerson {
  const { login, uid, since, note, project, until } = person;
  return {
    handle: login,
    uid,
    since: iso(since),
    online: isOnline(rooms, uid),
    ...aliasOf(rooms, uid),
    compared: comparedAt(rooms, uid),
    staleSince: isoOrNull(rooms.people.staleSince(uid)),
    note,
    project,
    until: isoOrNull(until),
  };
}

export async function connections(rooms: Rooms): Promise<Connections> {
  await refreshTies(rooms);
  return connectionsKnown(rooms);
}

/** Without a question to GitHub. */
export function connectionsKnown(rooms: Rooms): Connections {
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
    freshness: freshnessOf(
      rooms,
      all.map((p) => p.uid),
    ),
    blocked: of('blocked').map(({ handle, since }) => ({ handle, since })),
  };
}
