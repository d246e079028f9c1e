/** Handles as people type them: whose they are now, and whose they were when this machine met them. */
import { TeammateSyncError } from '../errors.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import type { Account, Directory } from './directory.ts';
import type { PinnedPerson } from './pins.ts';

export interface HandlesOptions {
  directory: Pick<Directory, 'account'>;
  people: () => readonly PinnedPerson[];
  /** The member whose handle is closest to a mistyped one. */
  suggest: (handle: string) => string | null;
}

export class Handles {
  readonly #options: HandlesOptions;

  constructor(options: HandlesOptions) {
    this.#options = options;
  }

  /**
   * The account that GitHub gives this handle, which is the one that this machine knows under it.
   * @throws NO_SUCH_PERSON, HANDLE_REUSED, GITHUB_*
   */
  async account(typed: string): Promise<Account> {
    const handle = normaliseHandle(typed);
    if (!handle) throw new TeammateSyncError('NO_SUCH_PERSON', `${JSON.stringify(typed)} is not a GitHub handle`);
    const { directory } = this.#options;
    const account = await directory.account(handle).catch((error: unknown) => this.#withSuggestion(error, handle));
    this.#refuseReused(handle, account);
    return account;
  }

  #withSuggestion(error: unknown, handle: string): never {
    const noSuch = error instanceof TeammateSyncError && error.code === 'NO_SUCH_PERSON';
    const near = noSuch ? this.#options.suggest(handle) : null;
    if (near === null || !(error instanceof TeammateSyncError)) throw error;
    throw new TeammateSyncError(error.code, error.message, { hint: `did you mean ${near}?`, cause: error });
  }

  #refuseReused(handle: string, account: Account): void {
    const pinned = this.#options.people().find((p) => p.login.toLowerCase() === handle && p.devices.length > 0);
    if (!pinned || pinned.uid === account.uid) return;
    throw new TeammateSyncError(
      'HANDLE_REUSED',
      `@${handle} was account ${pinned.uid} and is now account ${account.uid}; nothing was sent`,
    );
  }
}
