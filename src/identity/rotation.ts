/** Asks GitHub about the members of the workspace, one after the other, slowly enough for its limits. */
import { asTeammateSyncError } from '../errors.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { nearest } from '../platform/nearest.ts';
import { within } from '../platform/within.ts';
import { GITHUB_KNOWN_MS, GITHUB_ROTATION_MS } from '../protocol/limits.ts';
import type { Account } from './directory.ts';

/** The member list is asked for anew after this; in between each member's records are refreshed in turn. */
const MEMBER_LIST_MS = 60_000;
/** In a small org no single person is asked about more often than this, out of turn either. */
const PERSON_REFRESH_MIN_MS = 10_000;
/** People whose records are asked for in one go at start. */
const FIRST_ROUND_MAX = 25;

export interface RotationOptions {
  me: Account;
  clock: Clock;
  warn: (message: string, error: unknown) => void;
  /** When GitHub last answered about this person, unix milliseconds; 0: never. */
  checkedAt: (uid: number) => number;
  /** Known to have devices: these come first at start, and seldom after it. */
  isPinned: (uid: number) => boolean;
  /** These are passed over for so long; GITHUB_KNOWN_MS by default. */
  knownMs?: number | undefined;
  /** Fetches the records of an account. `member`: GitHub has just listed it as one of the org. */
  refresh: (account: Account, member: boolean) => Promise<void>;
  /** The members now, oneself among them. @throws GITHUB_*, NOT_A_MEMBER */
  members: () => Promise<Account[]>;
  /** Another list of members came. */
  onMembers: (members: readonly Account[]) => Promise<void>;
}

export class Rotation {
  readonly #options: RotationOptions;
  #timer: Timer | null = null;
  /** Oneself, under the handle of now. */
  #me: Account;
  /** Without oneself. */
  #members: Account[] = [];
  #membersAt = Number.NEGATIVE_INFINITY;
  #listedAt: number | null = null;
  /** When it was last asked out of turn, and that, while it goes on. */
  #hurriedAt = Number.NEGATIVE_INFINITY;
  #hurrying: Promise<void> | null = null;
  #next = 0;
  /** The last turn was somebody's out of turn. */
  #wasUrgent = false;
  /** To be asked about before it is their turn. */
  readonly #due = new Map<number, Account>();

  constructor(options: RotationOptions) {
    this.#options = options;
    this.#me = options.me;
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
    return this.#wasAsked(uid, PERSON_REFRESH_MIN_MS);
  }

  #wasAsked(uid: number, withinMs: number): boolean {
    return Math.abs(this.#options.clock.now() - this.#options.checkedAt(uid)) < withinMs;
  }

  /** Somebody's records are worth a look as soon as nobody can make us ask too often. */
  soon(account: Account): void {
    this.#due.set(account.uid, account);
  }

  /** The other members, and when GitHub listed them, unix milliseconds; null: it has not yet. */
  get listed(): { members: readonly Account[]; at: number | null } {
    return { members: this.#members, at: this.#listedAt };
  }

  /**
   * Asks out of turn about those members first of whom `weight` is smallest, as many as there is time for; null leaves
   * somebody out. Nobody is asked about more often by it than by the rotation, whether an answer came or not. Resolves when
   * it is over, or after `ms`.
   */
  async hurry(weight: (uid: number) => number | null, ms: number): Promise<void> {
    const { clock, warn } = this.#options;
    if (!this.#hurrying && clock.elapsed() - this.#hurriedAt >= PERSON_REFRESH_MIN_MS) {
      this.#hurriedAt = clock.elapsed();
      this.#hurrying = this.#askNow(weight, performance.now() + ms)
        .catch((error: unknown) => warn('refreshing members', error))
        .finally(() => (this.#hurrying = null));
    }
    if (this.#hurrying) await within(this.#hurrying, ms);
  }

  async #askNow(weight: (uid: number) => number | null, until: number): Promise<void> {
    const { checkedAt } = this.#options;
    await this.#listMembers(PERSON_REFRESH_MIN_MS);
    const due = this.#members.flatMap((member) => {
      const heavy = weight(member.uid);
      return heavy === null || this.isFresh(member.uid) ? [] : [{ member, heavy, checked: checkedAt(member.uid) }];
    });
    due.sort((a, b) => a.heavy - b.heavy || a.checked - b.checked);
    for (const { member } of due.slice(0, FIRST_ROUND_MAX)) {
      if (performance.now() >= until) return;
      await this.#refresh(member);
    }
  }

  /** The member whose handle is closest to a mistyped one; null when none is close. */
  suggest(handle: string): string | null {
    const logins = new Map(this.#members.map((m) => [m.login.toLowerCase(), m.login]));
    return logins.get(nearest(handle, logins.keys()) ?? '') ?? null;
  }

  async #listMembers(ageMs = MEMBER_LIST_MS): Promise<void> {
    const { clock, me, members, onMembers } = this.#options;
    if (clock.elapsed() - this.#membersAt < ageMs) return;
    const all = await members();
    this.#members = all.filter((m) => m.uid !== me.uid);
    this.#me = all.find((m) => m.uid === me.uid) ?? this.#me;
    this.#membersAt = clock.elapsed();
    this.#listedAt = clock.now();
    await onMembers(all);
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
    const { isPinned } = this.#options;
    await this.#listMembers();
    const pinned = this.#members.filter((m) => isPinned(m.uid));
    const rest = this.#members.filter((m) => !pinned.includes(m));
    for (const member of [this.#me, ...pinned, ...rest].slice(0, FIRST_ROUND_MAX)) await this.#refresh(member);
  }

  async #rotate(): Promise<void> {
    await this.#listMembers();
    const urgent = [...this.#due.values()].find((a) => !this.isFresh(a.uid));
    // Not twice in a row: of whom GitHub never gives a clear answer would take every turn.
    const member = this.#wasUrgent ? (this.#inTurn() ?? urgent) : (urgent ?? this.#inTurn());
    this.#wasUrgent = member !== undefined && member === urgent;
    if (member) await this.#refresh(member);
  }

  #inTurn(): Account | undefined {
    // One's own devices, too: a record under one's name that this machine does not know is an alarm.
    const everyone = [this.#me, ...this.#members];
    for (let passed = 0; passed < everyone.length; passed++) {
      const member = everyone[this.#next++ % everyone.length];
      if (member && this.#isDue(member.uid)) return member;
    }
    return undefined;
  }

  /**
   * What is new of somebody with pinned devices comes over the links to these devices first, and is then asked for (`soon`).
   * Whoever has none yet can say nothing else than on GitHub.
   */
  #isDue(uid: number): boolean {
    const { isPinned, knownMs = GITHUB_KNOWN_MS } = this.#options;
    return !this.#wasAsked(uid, isPinned(uid) ? Math.max(knownMs, PERSON_REFRESH_MIN_MS) : PERSON_REFRESH_MIN_MS);
  }
}
