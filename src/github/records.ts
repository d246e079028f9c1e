/** Reading a person's published records in their gists: what GitHub lists as theirs, public, whole and within the limits. */
import { TeammateSyncError } from '../errors.ts';
import type { Account, GistRecord } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { GITHUB_SETTLED_MS, RECORD_FILES_MAX, RECORD_GISTS_MAX } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { type GistSummary, account as accountDecoder, gist as gistDecoder, gistPage } from './decode.ts';

/** A gist beyond this (by GitHub's count of its files) is not fetched: as JSON it might not fit an answer. */
const GIST_MAX_BYTES = 1024 * 1024;

export const gistPath = (id: string): string => `/gists/${encodeURIComponent(id)}`;

/** What GitHub lists of an account. */
export interface GistList {
  /** Those that may hold records, whole ones only. */
  gists: GistSummary[];
  /** As they were answered: a page that did not change since it was last asked for is the same object. */
  pages: object[];
}

/**
 * The first RECORD_GISTS_MAX public gists of the account that hold records or, with `described`, our description.
 * Null when GitHub knows no such login. @throws as {@link Api.get}
 */
export async function recordGists(api: Api, who: Account, described: boolean): Promise<GistList | null> {
  const list: GistList = { gists: [], pages: [] };
  const path = `/users/${encodeURIComponent(who.login)}/gists?per_page=100`;
  for await (const page of api.pages(path, gistPage, 'stop')) {
    if (page === null) return null;
    list.pages.push(page);
    for (const gist of page) {
      const ours = gist.records.length > 0 || (described && gist.described);
      if (ours && gist.public && gist.ownerUid === who.uid && gist.bytes <= GIST_MAX_BYTES) list.gists.push(gist);
      if (list.gists.length === RECORD_GISTS_MAX) return list;
    }
  }
  return list;
}

async function recordsIn(api: Api, uid: number, gists: GistSummary[]): Promise<GistRecord[]> {
  const records: GistRecord[] = [];
  for (const { id } of gists) {
    const gist = await api.get(gistPath(id), gistDecoder);
    // Gone meanwhile, or not what the list said.
    if (!gist || !gist.public || gist.truncated || gist.ownerUid !== uid) continue;
    for (const [name, text] of gist.records) {
      if (text === null) continue;
      if (records.length === RECORD_FILES_MAX) return records;
      records.push({ place: 'gist', ownerUid: uid, name, text });
    }
  }
  return records;
}

/** An account by its durable id. Null when GitHub knows none. @throws as {@link Api.get} */
export async function accountByUid(api: Api, uid: number): Promise<Account | null> {
  if (!Number.isSafeInteger(uid) || uid < 1) return null;
  const found = await api.get(`/user/${uid}`, accountDecoder);
  return found && found.id === uid && found.type === 'User' ? { uid, login: found.login } : null;
}

/**
 * What an account's list stands for. Nothing found under the known login may mean that the account was renamed (and the
 * login is free, or somebody else's now): then the id is asked for the present one.
 * @throws NO_SUCH_PERSON when the account is gone, and as {@link Api.get}
 */
async function recordsOf(api: Api, who: Account, list: GistList | null): Promise<GistRecord[]> {
  if (list && list.gists.length > 0) return recordsIn(api, who.uid, list.gists);
  const now = await accountByUid(api, who.uid);
  if (!now) throw new TeammateSyncError('NO_SUCH_PERSON', `the account of ${who.login} is gone from GitHub`);
  if (now.login.toLowerCase() === who.login.toLowerCase()) return [];
  return recordsIn(api, who.uid, (await recordGists(api, now, false))?.gists ?? []);
}

interface Read {
  /** A name that changed hands has one list for two accounts. */
  uid: number;
  pages: object[];
  records: GistRecord[];
  /** When this list was first seen, and when what it names was last asked for. */
  since: number;
  at: number;
}

/**
 * Reads all records of an account. A list names when each gist was changed: as long as it does not change, the gists on it
 * have not, and they are not asked for again, once it has stood for GITHUB_SETTLED_MS (a gist may be shown older than
 * the list just after a change).
 * @throws NO_SUCH_PERSON when the account is gone, and as {@link Api.get}
 */
export function recordReader(api: Api, clock: Clock): (who: Account) => Promise<GistRecord[]> {
  const known = new WeakMap<object, Read>();
  return async (who) => {
    const list = await recordGists(api, who, false);
    const [first] = list?.pages ?? [];
    const before = first && known.get(first);
    const same = before?.uid === who.uid && isSame(before.pages, list?.pages ?? []);
    if (same && before.at - before.since >= GITHUB_SETTLED_MS) return before.records;
    const records = await recordsOf(api, who, list);
    const at = clock.elapsed();
    if (first)
      known.set(first, { uid: who.uid, pages: list?.pages ?? [], records, since: same ? before.since : at, at });
    return records;
  };
}

const isSame = (a: readonly object[], b: readonly object[]): boolean =>
  a.length === b.length && a.every((page, i) => page === b[i]);
