/**
 * Publishing one's own record: as a gist, which everybody's token can read, or where GitHub refuses those for good in the
 * org's keyring. Whoever publishes does not choose, and is told.
 */
import { TeammateSyncError } from '../errors.ts';
import type { Account, Directory } from '../identity/index.ts';
import { RECORD_FILE_MAX_BYTES } from '../protocol/limits.ts';
import { RECORD_FILE } from './decode.ts';
import type { GistWriter } from './gist-writer.ts';
import type { KeyringWriter } from './keyring-writer.ts';
import { keyringName } from './places.ts';

export type Publisher = Pick<Directory, 'publish' | 'unpublish'>;

export interface PublisherOptions {
  gists: GistWriter;
  keyring: KeyringWriter;
  whoAmI: () => Promise<Account>;
  workspace: () => string | null;
}

function checkName(name: string): void {
  if (!RECORD_FILE.test(name)) throw new TeammateSyncError('BAD_REQUEST', 'not the file name of a device record');
}

/** KEYRING_MISSING says what to do; also why it has to be the keyring. */
function withReason(error: unknown, why: string): unknown {
  if (!(error instanceof TeammateSyncError) || error.code === 'GITHUB_UNREACHABLE') return error;
  return new TeammateSyncError(
    error.code,
    `${why.replace(/\.$/, '')}, so the org's keyring is needed: ${error.message}`,
    {
      hint: error.hint,
      cause: error,
    },
  );
}

export function createPublisher({ gists, keyring, whoAmI, workspace }: PublisherOptions): Publisher {
  let tail: Promise<unknown> = Promise.resolve();

  /** Look, then write: one at a time. */
  function alone<T>(task: () => Promise<T>): Promise<T> {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  }

  return {
    async publish(name, text) {
      checkName(name);
      if (text.trim() === '' || Buffer.byteLength(text) > RECORD_FILE_MAX_BYTES) {
        throw new TeammateSyncError('BAD_REQUEST', 'the text of a device record is empty or too long');
      }
      return alone(async () => {
        const me = await whoAmI();
        // A keyring that does not answer keeps nobody from a gist.
        const isThere = (): Promise<boolean> => keyring.holds(me.uid, name, text).catch(() => false);
        const refused = await gists.put(me, name, text, isThere);
        if (refused === null) {
          // From before there were gists. One that stays is older, and counts for nothing.
          await keyring.remove(me.uid, name, false).catch(() => {});
          return { place: 'gist', where: `as a gist of ${me.login}`, why: null };
        }
        const where = `as a comment on ${keyringName(workspace() ?? '')}`;
        if (refused === 'elsewhere') return { place: 'keyring', where, why: null };
        await keyring.put(me.uid, name, text).catch((error: unknown) => {
          throw withReason(error, refused.why);
        });
        return { place: 'keyring', where, why: refused.why };
      });
    },
    async unpublish(name, place) {
      checkName(name);
      await alone(async () => {
        const me = await whoAmI();
        const both = await Promise.allSettled([
          gists.remove(me, name),
          keyring.remove(me.uid, name, place === 'keyring'),
        ]);
        for (const one of both) if (one.status === 'rejected') throw one.reason;
      });
    },
  };
}
