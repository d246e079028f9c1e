/**
 * Writing one's own record. One gist per person, one file per device: PATCH of one file leaves the others alone, so two
 * devices never overwrite each other. Two gists born at once are both read; nothing merges them.
 */
import { TeammateSyncError } from '../errors.ts';
import type { Account } from '../identity/index.ts';
import { RECORD_FILES_MAX, RECORD_FILE_MAX_BYTES } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { GIST_DESCRIPTION, type Gist, RECORD_FILE, gist as gistDecoder, writtenGist } from './decode.ts';
import { gistPath, recordGists } from './records.ts';

export interface Publisher {
  publish(name: string, text: string): Promise<void>;
  unpublish(name: string): Promise<void>;
}

function checkName(name: string): void {
  if (!RECORD_FILE.test(name)) throw new TeammateSyncError('BAD_REQUEST', 'not the file name of a device record');
}

export function createPublisher(api: Api, whoAmI: () => Promise<Account>): Publisher {
  /** GitHub's lists lag behind by seconds: what was just created is remembered, else a second gist would be born. */
  let created: string | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  /** Look, then write: one at a time. */
  function alone<T>(task: () => Promise<T>): Promise<T> {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  }

  /** One's own gists that hold records or carry our description, whole. */
  async function ownGists(): Promise<Gist[]> {
    const me = await whoAmI();
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

  async function put(name: string, text: string): Promise<void> {
    const gists = await ownGists();
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
        const body = { description: GIST_DESCRIPTION, public: true, files };
        const gist = await api.write('POST', '/gists', body, writtenGist);
        if (!gist) throw new TeammateSyncError('GITHUB_REFUSED', 'GitHub does not let this account create gists');
        created = gist.id;
      }
    }
    // An old copy in another gist would be offered to readers beside the new one.
    for (const stale of holders.slice(1)) await takeOut(stale, name);
  }

  return {
    async publish(name, text) {
      checkName(name);
      if (text.trim() === '' || Buffer.byteLength(text) > RECORD_FILE_MAX_BYTES) {
        throw new TeammateSyncError('BAD_REQUEST', 'the text of a device record is empty or too long');
      }
      await alone(() => put(name, text));
    },
    async unpublish(name) {
      checkName(name);
      await alone(async () => {
        for (const gist of await ownGists()) if (gist.records.has(name)) await takeOut(gist, name);
      });
    },
  };
}
