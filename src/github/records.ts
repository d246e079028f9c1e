/** Reading a person's published records: what GitHub lists as theirs, public, whole and within the limits. */
import { TeammateSyncError } from '../errors.ts';
import type { Account, PublishedRecord } from '../identity/index.ts';
import { RECORD_FILES_MAX, RECORD_GISTS_MAX } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { type GistSummary, account as accountDecoder, gist as gistDecoder, gistPage } from './decode.ts';

/** A gist beyond this (by GitHub's count of its files) is not fetched: as JSON it might not fit an answer. */
const GIST_MAX_BYTES = 1024 * 1024;

export const gistPath = (id: string): string => `/gists/${encodeURIComponent(id)}`;

/**
 * The first RECORD_GISTS_MAX public gists of the account that hold records or, with `described`, our description.
 * Null when GitHub knows no such login. @throws as {@link Api.get}
 */
export async function recordGists(api: Api, who: Account, described: boolean): Promise<GistSummary[] | null> {
  const found: GistSummary[] = [];
  const path = `/users/${encodeURIComponent(who.login)}/gists?per_page=100`;
  for await (const page of api.pages(path, gistPage, 'stop')) {
    if (page === null) return null;
    for (const gist of page) {
      const ours = gist.records.length > 0 || (described && gist.described);
      if (ours && gist.public && gist.ownerUid === who.uid && gist.bytes <= GIST_MAX_BYTES) found.push(gist);
      if (found.length === RECORD_GISTS_MAX) return found;
    }
  }
  return found;
}

async function recordsIn(api: Api, uid: number, gists: GistSummary[]): Promise<PublishedRecord[]> {
  const records: PublishedRecord[] = [];
  for (const { id } of gists) {
    const gist = await api.get(gistPath(id), gistDecoder);
    // Gone meanwhile, or not what the list said.
    if (!gist || !gist.public || gist.truncated || gist.ownerUid !== uid) continue;
    for (const [name, text] of gist.records) {
      if (text === null) continue;
      if (records.length === RECORD_FILES_MAX) return records;
      records.push({ ownerUid: uid, name, text });
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
 * All records of an account. Nothing found under the known login may mean that the account was renamed (and the login
 * is free, or somebody else's now): then the id is asked for the present one.
 * @throws NO_SUCH_PERSON when the account is gone, and as {@link Api.get}
 */
export async function readRecords(api: Api, who: Account): Promise<PublishedRecord[]> {
  const gists = await recordGists(api, who, false);
  if (gists && gists.length > 0) return recordsIn(api, who.uid, gists);
  const now = await accountByUid(api, who.uid);
  if (!now) throw new TeammateSyncError('NO_SUCH_PERSON', `the account of ${who.login} is gone from GitHub`);
  if (now.login.toLowerCase() === who.login.toLowerCase()) return [];
  return recordsIn(api, who.uid, (await recordGists(api, now, false)) ?? []);
}
