/** Asks GitHub about the members of the workspace, one after the other, slowly enough for its limits. */
import { asTeammateSyncError } from '../errors.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { nearest } from '../platform/nearest.ts';
import { GITHUB_ROTATION_MS } from '../protocol/limits.ts';
import type { Account, Directory } from './directory.ts';

/** The member list is asked for anew after this; in between each member's records are refreshed in turn. */
const MEMBER_LIST_MS = 60_000;
/** In a small org no single person is asked about more often than this by the rotation. */
const PERSON_REFRESH_MIN_MS = 10_000;
/** People whose records are asked for in one go at start. */
const FIRST_ROUND_MAX = 25;

export interface RotationOptions {
  directory: Directory;
  org: string;
  me: Account;
  clock: Clock;
  warn: (message: string, error: unknown) => void;
  /** When GitHub last answered about this person, unix milliseconds; 0: never. */
  checkedAt: (uid: number) => number;
  /** Known to have devices: these come first at start. */
  isPinned: (uid: number) => boolean;
  /** Fetches the records of an account. `member`: GitHub has just listed it as one of the org. */
  refresh: (account: Account, member: boolean) => Promise<void>;
  /** Another list of members came. */
  onMembers: (uids: ReadonlySet<number>) => Promise<void>;
  /** The list of members was asked for, and nothing clear came. */
  onSilence: () => void;
}

export class Rotation {
  readonly #options: RotationOptions;
  #timer: Timer | null = null;
  /** Without oneself. */
  #members: Account[] = [];
  #membersAt = Number.NEGATIVE_INFINITY;
  #next = 0;
  /** To be asked about before it is their turn. */
  readonly #due = new Map<number, Account>();

  constructor(options: RotationOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, warn } = this.#options;
    const onError = (error: unknown): void => warn('refreshing members', error);
    void this.#first().catch(onError);
    this.#timer = every(clock, GITHUB_ROTATION_MS, () => this.#rotate(), onError);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** True when GitHub was asked about this person just now. */
  isFresh(uid: number): boolean {
    return Math.abs(this.#options.clock.now() - this.#options.checkedAt(uid)) < PERSON_REFRESH_MIN_MS;
  }

  /** Somebody's records are worth a look as soon as nobody can make us ask too often. */
  soon(account: Account): void {
    this.#due.set(account.uid, account);
  }

  /** The member whose handle is closest to a mistyped one; null when none is close. */
  suggest(handle: string): string | null {
    const logins = new Map(this.#members.map((m) => [m.login.toLowerCase(), m.login]));
    return logins.get(nearest(handle, logins.keys()) ?? '') ?? null;
  }

  async #listMembers(): Promise<void> {
    const { clock, directory, me, org, onMembers, onSilence } = this.#options;
    if (clock.elapsed() - this.#membersAt < MEMBER_LIST_MS) return;
    const members = await directory.members(org).catch((error: unknown) => {
      onSilence();
      throw error;
    });
    this.#members = members.filter((m) => m.uid !== me.uid);
    this.#membersAt = clock.elapsed();
    await onMembers(new Set(this.#members.map((m) => m.uid)));
  }

  async #refresh(account: Account): Promise<void> {
    const { me, warn, refresh } = this.#options;
    if (this.isFresh(account.uid)) return;
    this.#due.delete(account.uid);
    const member = account.uid === me.uid || this.#members.some((m) => m.uid === account.uid);
    await refresh(account, member).catch((error: unknown) =>
      warn(`records of ${account.login}`, asTeammateSyncError(error)),
    );
  }

  /** At start the pinned people and a first round come at once, so that contacts meet without waiting for the rotation. */
  async #first(): Promise<void> {
    const { me, isPinned } = this.#options;
    await this.#listMembers();
    const pinned = this.#members.filter((m) => isPinned(m.uid));
    const rest = this.#members.filter((m) => !pinned.includes(m));
    for (const member of [me, ...pinned, ...rest].slice(0, FIRST_ROUND_MAX)) await this.#refresh(member);
  }

  async #rotate(): Promise<void> {
    await this.#listMembers();
    const urgent = [...this.#due.values()].find((a) => !this.isFresh(a.uid));
    if (urgent) return this.#refresh(urgent);
    // One's own devices, too: a record under one's name that this machine does not know is an alarm.
    const everyone = [this.#options.me, ...this.#members];
    const member = everyone[this.#next++ % everyone.length];
    if (member) await this.#refresh(member);
  }
}
