/**
 * The people of the workspace as this machine knows them: resolves handles, keeps pins, and refreshes members' records
 * in rotation so that an invite finds its way. What GitHub does not clearly say changes nothing.
 */
import { EventEmitter } from 'node:events';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { nearest } from '../platform/nearest.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import { GITHUB_ROTATION_MS, GITHUB_SECOND_NO_MS } from '../protocol/limits.ts';
import type { SignedRecord } from '../protocol/record.ts';
import type { Account, Directory } from './directory.ts';
import { openPinStore } from './pin-store.ts';
import { applyRecords, type PinChange, type PinnedDevice, type PinnedPerson } from './pins.ts';
import { checkRecord } from './records.ts';

/** The member list is asked for anew after this; in between each member's records are refreshed in turn. */
const MEMBER_LIST_MS = 60_000;
/** In a small org no single person is asked about more often than this by the rotation. */
const PERSON_REFRESH_MIN_MS = 10_000;

export interface PeopleOptions {
  directory: Directory;
  host: string;
  org: string;
  me: Account;
  pinsPath: string;
  clock: Clock;
  warn: (message: string, error: unknown) => void;
}

export interface PeopleEvents {
  /** Devices of this person were added, changed or withdrawn. */
  changed: [uid: number, change: PinChange];
  /** GitHub said twice that this person is no longer in the org. */
  left: [uid: number];
}

export class People extends EventEmitter<PeopleEvents> {
  readonly #options: PeopleOptions;
  readonly #store;
  #rotation: Timer | null = null;
  #members: Account[] = [];
  #membersAt = Number.NEGATIVE_INFINITY;
  #next = 0;

  constructor(options: PeopleOptions) {
    super();
    this.#options = options;
    this.#store = openPinStore(options.pinsPath);
  }

  start(): void {
    const { clock, warn } = this.#options;
    const onError = (error: unknown): void => warn('refreshing members', error);
    void this.#rotateAll().catch(onError);
    this.#rotation = every(clock, GITHUB_ROTATION_MS, () => this.#rotate(), onError);
  }

  stop(): void {
    this.#rotation?.cancel();
    this.#rotation = null;
  }

  get(uid: number): PinnedPerson | null {
    return this.#store.value.people.find((p) => p.uid === uid) ?? null;
  }

  /** Every pinned person who is in the org. */
  all(): PinnedPerson[] {
    return this.#store.value.people.filter((p) => !p.left);
  }

  /** Devices that may be talked to; none for someone who left. */
  goodDevices(uid: number): PinnedDevice[] {
    const person = this.get(uid);
    return !person || person.left ? [] : person.devices.filter((d) => d.state === 'good');
  }

  /**
   * Who a typed handle means: asks GitHub, checks the pin, the membership, and refreshes the records.
   * @throws NO_SUCH_PERSON, ONESELF, HANDLE_REUSED, NOT_A_MEMBER, GITHUB_*
   */
  async resolve(typed: string): Promise<PinnedPerson> {
    const handle = normaliseHandle(typed);
    if (!handle) throw new TeammateSyncError('NO_SUCH_PERSON', `${JSON.stringify(typed)} is not a GitHub handle`);
    const { directory, me, org } = this.#options;
    const account = await directory.account(handle).catch((error: unknown) => this.#withSuggestion(error, handle));
    if (account.uid === me.uid) throw new TeammateSyncError('ONESELF', 'you cannot share with yourself');
    this.#refuseReused(handle, account);
    const membership = await directory.membership(org, account.login);
    if (membership.is === 'no') {
      await this.#noMember(account);
      throw new TeammateSyncError('NOT_A_MEMBER', `${account.login} is not a member of ${org}`);
    }
    if (membership.is === 'unknown') throw new TeammateSyncError('GITHUB_UNREACHABLE', membership.why);
    await this.#refresh(account, true);
    return this.#person(account);
  }

  /** A person known by handle without asking GitHub; null when never seen. */
  known(typed: string): PinnedPerson | null {
    const handle = normaliseHandle(typed);
    return this.#store.value.people.find((p) => p.login.toLowerCase() === handle) ?? null;
  }

  /** Fetches the account's records and applies them to its pins. @throws GITHUB_* */
  async refresh(account: Account): Promise<void> {
    await this.#refresh(account, false);
  }

  /**
   * A device of this person showed this record in its hello. One that is newer than the pinned one leads to a question to
   * GitHub, never to trust; nobody makes us ask more often than the rotation would. @throws GITHUB_*
   */
  async shown(uid: number, text: string): Promise<void> {
    const person = this.get(uid);
    const { host, clock, directory } = this.#options;
    if (!person || Math.abs(clock.now() - person.checkedAt) < PERSON_REFRESH_MIN_MS) return;
    let record;
    const now = clock.now() + (directory.dateSkewMs() ?? 0);
    try {
      ({ record } = checkRecord(text, { host, uid, fileName: null, now }));
    } catch {
      return;
    }
    const pinned = person.devices.find((d) => d.sign === record.sign);
    if (pinned && record.seq > pinned.seq) await this.refresh({ uid, login: person.login });
  }

  /** @param member GitHub has just said that the account is in the org: only this takes back an earlier no */
  async #refresh(account: Account, member: boolean): Promise<void> {
    const { directory, host, clock } = this.#options;
    const published = await directory.records(account);
    // By the clock of GitHub, which has just answered: ours may have been set, and nobody's records lapse by that.
    const now = clock.now() + (directory.dateSkewMs() ?? 0);
    const listed: SignedRecord[] = [];
    for (const { ownerUid, name, text } of published) {
      try {
        if (ownerUid !== account.uid) {
          throw new TeammateSyncError('RECORD_WRONG_OWNER', `a record among those of ${account.login} is not theirs`);
        }
        listed.push(checkRecord(text, { host, uid: ownerUid, fileName: name, now }));
      } catch (error) {
        this.#options.warn(`a device record of ${account.login} was refused`, error);
      }
    }
    const stored = lasting(this.get(account.uid));
    const person = this.#person(account);
    const before = JSON.stringify(person.devices);
    person.login = account.login;
    person.checkedAt = clock.now();
    const returned = member && person.left;
    if (member) Object.assign(person, { firstNoAt: null, left: false });
    const change = applyRecords(person, listed, now);
    if (stored !== lasting(person)) this.#store.save();
    const differs = before !== JSON.stringify(person.devices) || change.rolledBack.length > 0;
    if (returned || differs) this.emit('changed', person.uid, change);
  }

  #person(account: Account): PinnedPerson {
    const known = this.get(account.uid);
    if (known) return known;
    const person = { uid: account.uid, login: account.login, devices: [], checkedAt: 0, firstNoAt: null, left: false };
    this.#store.value.people.push(person);
    return person;
  }

  /** The member whose handle is closest to a mistyped one; null when none is close. */
  #suggest(handle: string): string | null {
    const logins = new Map(this.#members.map((m) => [m.login.toLowerCase(), m.login]));
    return logins.get(nearest(handle, logins.keys()) ?? '') ?? null;
  }

  #withSuggestion(error: unknown, handle: string): never {
    const near = error instanceof TeammateSyncError && error.code === 'NO_SUCH_PERSON' ? this.#suggest(handle) : null;
    if (near === null || !(error instanceof TeammateSyncError)) throw error;
    throw new TeammateSyncError(error.code, error.message, { hint: `did you mean ${near}?`, cause: error });
  }

  #refuseReused(handle: string, account: Account): void {
    const pinned = this.#store.value.people.find((p) => p.login.toLowerCase() === handle && p.devices.length > 0);
    if (!pinned || pinned.uid === account.uid) return;
    throw new TeammateSyncError(
      'HANDLE_REUSED',
      `@${handle} was account ${pinned.uid} and is now account ${account.uid}; nothing was sent`,
    );
  }

  /** The first no is remembered, the second, later and with our own membership confirmed, counts. */
  async #noMember(account: Account): Promise<void> {
    const person = this.get(account.uid);
    if (!person || person.left) return;
    const { clock, directory, me, org } = this.#options;
    const now = clock.now();
    // A first no that lies ahead was noted under another clock: it would never be long enough ago.
    if (person.firstNoAt === null || person.firstNoAt > now) {
      person.firstNoAt = now;
    } else if (now - person.firstNoAt >= GITHUB_SECOND_NO_MS) {
      const own = await directory.membership(org, me.login);
      if (own.is !== 'yes') return;
      person.left = true;
      // Told before it is saved: a crash in between asks again, and never leaves shares for somebody who comes back.
      this.emit('left', person.uid);
    }
    this.#store.save();
  }

  async #listMembers(): Promise<void> {
    const { clock, directory, me, org } = this.#options;
    if (clock.elapsed() - this.#membersAt < MEMBER_LIST_MS) return;
    this.#members = (await directory.members(org)).filter((m) => m.uid !== me.uid);
    this.#membersAt = clock.elapsed();
    const uids = new Set(this.#members.map((m) => m.uid));
    for (const person of this.all()) if (!uids.has(person.uid)) await this.#noMember(person);
  }

  async #refreshMember(member: Account): Promise<void> {
    const { clock, warn } = this.#options;
    const checkedAt = this.get(member.uid)?.checkedAt ?? 0;
    if (Math.abs(clock.now() - checkedAt) < PERSON_REFRESH_MIN_MS) return;
    await this.#refresh(member, true).catch((error: unknown) =>
      warn(`records of ${member.login}`, asTeammateSyncError(error)),
    );
  }

  /** At start the pinned people and a first round come at once, so that contacts meet without waiting for the rotation. */
  async #rotateAll(): Promise<void> {
    await this.#listMembers();
    const pinned = this.#members.filter((m) => (this.get(m.uid)?.devices.length ?? 0) > 0);
    const rest = this.#members.filter((m) => !pinned.includes(m));
    for (const member of [...pinned, ...rest].slice(0, FIRST_ROUND_MAX)) await this.#refreshMember(member);
  }

  async #rotate(): Promise<void> {
    await this.#listMembers();
    const member = this.#members[this.#next++ % Math.max(1, this.#members.length)];
    if (member) await this.#refreshMember(member);
  }
}

/** What must survive a restart. When GitHub was asked last need not: a durable write at every question costs more. */
function lasting(person: PinnedPerson | null): string {
  return JSON.stringify(person && { ...person, checkedAt: 0 });
}

/** People whose records are asked for in one go at start. */
const FIRST_ROUND_MAX = 25;
