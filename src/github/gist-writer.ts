/**
 * Writing one's own record into a gist. One gist per person, one file per device: PATCH of one file leaves the others alone,
 * so two devices never overwrite each other. Two gists born at once are both read; nothing merges them.
 */
import { TeammateSyncError } from '../errors.ts';
import type { Account } from '../identity/index.ts';
import { RECORD_FILES_MAX } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { GIST_DESCRIPTION, type Gist, gist as gistDecoder, writtenGist } from './decode.ts';
import { gistPath, recordGists } from './records.ts';
import { GithubRefusal } from './refusal.ts';

export interface GistWriter {
  /**
   * Null once it is there. Else nothing was written: `elsewhere`, or why this account gets no gists, whatever is done.
   * @param isElsewhere asked before a gist would be made
   * @throws as {@link Api.write}
   */
  put(
    me: Account,
    name: string,
    text: string,
    isElsewhere: () => Promise<boolean>,
  ): Promise<null | 'elsewhere' | NoGists>;
  /** @throws as {@link Api.write} */
  remove(me: Account, name: string): Promise<void>;
}

/** In words. */
export interface NoGists {
  why: string;
}

/** GitHub's word that this account, with this token, has no gists: no limit, no scope, no trouble. Of a host it is a 404. */
const FOR_GOOD = [403, 422];

export function createGistWriter(api: Api): GistWriter {
  /** GitHub's lists lag behind by seconds: what was just created is remembered, else a second gist would be born. */
  let created: string | null = null;

  /** One's own gists that hold records or carry our description, whole. */
  async function ownGists(me: Account): Promise<Gist[]> {
    const ids = new Set(((await recordGists(api, me, true))?.gists ?? []).map(({ id }) => id));
    if (created !== null) ids.add(created);
    const gists: Gist[] = [];
    for (const id of ids) {
      const gist = await api.get(gistPath(id), gistDecoder);
      if (gist?.public === true && gist.ownerUid === me.uid) gists.push(gist);
      else if (id === created) created = null;
    }
    return gists;
  }

  async function takeOut(gist: Gist, name: string): Promise<void> {
    // A gist without files cannot be: GitHub refuses to take out the last one.
    if (gist.fileCount === 1 && !gist.truncated) await api.remove(gistPath(gist.id));
    else await api.write('PATCH', gistPath(gist.id), { files: { [name]: null } }, writtenGist);
  }

  /** Null: done. */
  async function create(files: object): Promise<NoGists | null> {
    const body = { description: GIST_DESCRIPTION, public: true, files };
    try {
      const gist = await api.write('POST', '/gists', body, writtenGist);
      created = gist?.id ?? null;
      return gist ? null : { why: 'GitHub does not let this account create gists' };
    } catch (error) {
      const refused = error instanceof GithubRefusal && error.scope === null && FOR_GOOD.includes(error.answered);
      if (refused) return { why: error.message };
      throw error;
    }
  }

  return {
    async put(me, name, text, isElsewhere) {
      const gists = await ownGists(me);
      const holders = gists.filter((gist) => gist.records.has(name));
      const others = new Set(gists.flatMap((gist) => [...gist.records.keys()]));
      others.delete(name);
      if (others.size >= RECORD_FILES_MAX) {
        throw new TeammateSyncError('GITHUB_REFUSED', `your account already publishes ${others.size} devices`, {
          hint: `delete the files of devices that are gone from your gist "${GIST_DESCRIPTION}"`,
        });
      }
      const target = holders[0] ?? gists.find((gist) => gist.described) ?? gists[0];
      const files = { [name]: { content: text } };
      if (target?.records.get(name) !== text) {
        const done = target && (await api.write('PATCH', gistPath(target.id), { files }, writtenGist));
        if (!done) {
          if (await isElsewhere()) return 'elsewhere';
          const refused = await create(files);
          if (refused) return refused;
        }
      }
      // An old copy in another gist would be offered to readers beside the new one.
      for (const stale of holders.slice(1)) await takeOut(stale, name);
      return null;
    },
    async remove(me, name) {
      for (const gist of await ownGists(me)) if (gist.records.has(name)) await takeOut(gist, name);
    },
  };
}
