/** Who is in the workspace, and how fresh GitHub's word about them is. */
import type { Account, PinnedPerson } from '../../identity/index.ts';
import type { Freshness, Teammate, Teammates } from '../../protocol/local-api.ts';
import { LISTING_REFRESH_MS } from '../../protocol/limits.ts';
import type { Rooms } from '../rooms.ts';
import { aliasOf, comparedAt, iso, isoOrNull, isOnline } from './persons.ts';

/** Of the people of a listing, whom GitHub has just spoken of. */
export function freshnessOf({ people, directory }: Rooms, all: readonly number[]): Freshness {
  // Who has left the org is not asked about.
  const uids = all.filter((uid) => !people.get(uid)?.left);
  const late = uids.filter((uid) => !people.isFresh(uid));
  const checked = late.map((uid) => people.get(uid)?.checkedAt ?? 0);
  const oldest = checked.length === 0 ? 0 : checked.reduce((a, b) => Math.min(a, b));
  return {
    fresh: uids.length - late.length,
    of: uids.length,
    oldest: oldest === 0 ? null : iso(oldest),
    failure: directory.contact().failure?.message ?? null,
  };
}

/** Asks GitHub about those with whom one has ties, for a moment. */
export async function refreshTies({ people, connections }: Rooms): Promise<void> {
  const tied = new Set(connections.list().map((p) => p.uid));
  if (tied.size > 0) await people.refreshNow((uid) => (tied.has(uid) ? 0 : null), LISTING_REFRESH_MS);
}

export async function teammates(rooms: Rooms): Promise<Teammates> {
  const { people, connections } = rooms;
  const tied = new Set(connections.list().map((p) => p.uid));
  const weight = (uid: number): number => (tied.has(uid) ? 0 : (people.get(uid)?.devices.length ?? 0) > 0 ? 1 : 2);
  await people.refreshNow(weight, LISTING_REFRESH_MS);
  return teammatesKnown(rooms);
}

/** Without a question to GitHub. */
export function teammatesKnown(rooms: Rooms): Teammates {
  const { people, connections, settings } = rooms;
  const relations = new Map(connections.list().map((p) => [p.uid, p.relation]));
  const { members, at } = people.members;
  const all: readonly Account[] = at === null ? people.all() : members;
  const rows = all.map((account) => teammate(rooms, account, relations.get(account.uid) ?? 'none'));
  return {
    org: settings.org,
    members: rows.sort((a, b) => rank(a) - rank(b) || a.handle.localeCompare(b.handle)),
    listedAt: isoOrNull(at),
    freshness: freshnessOf(
      rooms,
      all.map(({ uid }) => uid),
    ),
  };
}

function teammate(rooms: Rooms, { uid, login }: Account, relation: Teammate['relation']): Teammate {
  const { people } = rooms;
  const person = people.get(uid);
  const checkedAt = person?.checkedAt ?? 0;
  const devices = person?.devices ?? [];
  return {
    handle: person?.login ?? login,
    uid,
    installed: devices.length > 0 ? 'yes' : checkedAt > 0 ? 'no' : 'unknown',
    ...aliasOf(rooms, uid),
    relation,
    online: isOnline(rooms, uid),
    shares: sharesOf(rooms, uid),
    alarmed: devices.filter(isAlarmed).length,
    compared: comparedAt(rooms, uid),
    staleSince: isoOrNull(people.staleSince(uid)),
    checkedAt: checkedAt === 0 ? null : iso(checkedAt),
  };
}

const isAlarmed = ({ state }: PinnedPerson['devices'][number]): boolean => state === 'blocked' || state === 'unlisted';

function sharesOf({ inbox }: Rooms, uid: number): number {
  const held = inbox.of(uid).map((h) => h.replica.grant.session);
  return new Set([...held, ...inbox.waiting(uid).map((r) => r.session)]).size;
}

const RELATIONS: readonly Teammate['relation'][] = [
  'connected',
  'pendingIn',
  'pendingOut',
  'declinedByMe',
  'declinedByThem',
];

/** Connected ones first, of each kind those who are online; those without teammate-sync and blocked ones last. */
function rank({ relation, online, installed }: Teammate): number {
  const kind = RELATIONS.indexOf(relation);
  const rest = relation === 'blocked' ? 8 : installed === 'yes' ? 5 : installed === 'no' ? 6 : 7;
  return 2 * (kind < 0 ? rest : kind) + (online ? 0 : 1);
}
