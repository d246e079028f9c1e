/** A person's published records wherever they are. What is not seen of a place must not look like what is not there. */
import type { Account, Directory, GistRecord, KeyringRecord, Place } from '../identity/index.ts';
import { RECORD_FILES_MAX } from '../protocol/limits.ts';
import type { RecordComment } from './decode.ts';
import type { Keyring } from './keyring.ts';

const NOTHING: ReadonlyMap<string, Place> = new Map();

/** The newest come last; more than a person may publish are not read. */
function written(uid: number, comments: readonly RecordComment[]): KeyringRecord[] {
  return comments
    .filter(({ authorUid }) => authorUid === uid)
    .slice(-RECORD_FILES_MAX)
    .map(({ text, edited, byApp }) => ({ place: 'keyring', ownerUid: uid, text, edited, byApp }));
}

/**
 * Both places, for one person may have devices in each. Failing to see the keyring is a failure when a device that is known
 * may be there; and, unless GitHub itself says that there is none to see, when nobody knows anything of this person.
 */
export function readEverywhere(
  inGists: (who: Account) => Promise<GistRecord[]>,
  keyring: Keyring,
): Directory['records'] {
  return async (who, { known = NOTHING, anew = false } = {}) => {
    const found = await inGists(who);
    const seen = new Set(found.map(({ name }) => name));
    const others = [...known].filter(([name]) => !seen.has(name));
    const view = await keyring.view(anew).catch((error: unknown) => {
      if (known.size > 0 && others.length === 0) return null;
      throw error;
    });
    if (view?.is === 'hidden' && others.some(([, place]) => place === 'keyring')) throw view.why;
    return view?.is === 'shown' ? [...found, ...written(who.uid, view.comments)] : found;
  };
}
