/** Handles as people type them: whose they are now, and whose they were when this machine dealt with them. */
import { TeammateSyncError } from '../errors.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import type { Account, Directory } from './directory.ts';
import type { PinnedPerson } from './pins.ts';

/** Earlier handles of a person that are remembered. */
export const FORMER_HANDLES_MAX = 8;

export interface HandlesOptions {
  directory: Pick<Directory, 'account' | 'accountByUid'>;
  people: () => readonly PinnedPerson[];
  /** One has ties with this person, or knows devices of theirs: who takes over their handle is somebody else. */
  matters: (person: PinnedPerson) => boolean;
  /** The member whose handle is closest to a mistyped one. */
  suggest: (handle: string) => string | null;
  /** GitHub says that a known account has another handle now. */
  onRenamed: (account: Account) => void;
}

/** The person is called so from now on. Returns the handle before, when it is another one. @param matters see above */
export function rename(person: PinnedPerson, login: string, matters: boolean): string | null {
  const [before, now] = [person.login, login.toLowerCase()];
  person.login = login;
  const old = before.toLowerCase();
  if (old === now) return null;
  const others = person.former.filter((handle) => handle !== now && handle !== old);
  person.former = (matters ? [...others, old] : others).slice(-FORMER_HANDLES_MAX);
  return before;
}

const isCalled = (person: PinnedPerson, handle: string): boolean => person.login.toLowerCase() === handle;

function renamed(handle: string, { login }: Account): TeammateSyncError {
  return new TeammateSyncError('RENAMED', `${handle} is now ${login}, the same account`, {
    hint: `type it again with ${login}; nothing was done`,
  });
}

function reused(handle: string, { uid, login }: Account, other: number): TeammateSyncError {
  const now = login.toLowerCase() === handle ? '' : `, which is ${login} now`;
  return new TeammateSyncError(
    'HANDLE_REUSED',
    `@${handle} was account ${uid}${now}, and is now account ${other}; nothing was sent`,
  );
}

export class Handles {
  readonly #options: HandlesOptions;

  constructor(options: HandlesOptions) {
    this.#options = options;
  }

  /** A person known by handle without asking GitHub; null when never seen. @throws RENAMED, HANDLE_REUSED */
  known(typed: string): PinnedPerson | null {
    const handle = normaliseHandle(typed);
    if (handle === null) return null;
    const now = this.#options.people().find((p) => isCalled(p, handle)) ?? null;
    const before = this.#before(handle, now?.uid ?? 0);
    if (before && now) throw reused(handle, before, now.uid);
    if (before) throw renamed(handle, before);
    return now;
  }

  /**
   * The account that GitHub gives this handle, which is the one that this machine knows under it.
   * @throws NO_SUCH_PERSON, RENAMED, HANDLE_REUSED, GITHUB_*
   */
  async account(typed: string): Promise<Account> {
    const handle = normaliseHandle(typed);
    if (!handle) throw new TeammateSyncError('NO_SUCH_PERSON', `${JSON.stringify(typed)} is not a GitHub handle`);
    const account = await this.#options.directory.account(handle).catch((error: unknown) => this.#gone(error, handle));
    const { people, matters } = this.#options;
    const pinned = people().find((p) => p.uid !== account.uid && isCalled(p, handle) && matters(p));
    const before = pinned ?? this.#before(handle, account.uid);
    if (before) throw reused(handle, before, account.uid);
    return account;
  }

  /** Who had this handle when they were dealt with, and has another one now. */
  #before(handle: string, except: number): PinnedPerson | null {
    return this.#options.people().findLast((p) => p.uid !== except && p.former.includes(handle)) ?? null;
  }

  /** GitHub knows no such handle: perhaps it did when this machine dealt with its account. */
  async #gone(error: unknown, handle: string): Promise<never> {
    if (!(error instanceof TeammateSyncError) || error.code !== 'NO_SUCH_PERSON') throw error;
    const { directory, people, matters, onRenamed, suggest } = this.#options;
    const before = this.#before(handle, 0);
    if (before) throw renamed(handle, before);
    const pinned = people().find((p) => isCalled(p, handle) && matters(p));
    const now = pinned ? await directory.accountByUid(pinned.uid) : null;
    if (now && now.login.toLowerCase() !== handle) {
      onRenamed(now);
      throw renamed(handle, now);
    }
    const near = suggest(handle);
    if (near === null) throw error;
    throw new TeammateSyncError(error.code, error.message, { hint: `did you mean ${near}?`, cause: error });
  }
}
