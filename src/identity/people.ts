/**
 * The people of the workspace as this machine knows them, oneself among them: resolves handles, keeps pins, and refreshes
 * records so that an invite finds its way. What GitHub does not clearly say changes nothing.
 */
import { EventEmitter } from 'node:events';
import { TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import { GITHUB_SECOND_NO_MS } from '../protocol/limits.ts';
import type { SignedRecord } from '../protocol/record.ts';
import type { Account, Directory } from './directory.ts';
import { lasting, openPinStore } from './pin-store.ts';
import {
  applyRecords,
  noChange,
  ownPin,
  type PinChange,
  type PinnedDevice,
  type PinnedPerson,
  trustDevice,
} from './pins.ts';
import { githubNow, listedRecords, withOwn } from './published.ts';
import { checkRecord } from './records.ts';
import { Rotation } from './rotation.ts';

export interface PeopleOptions {
  directory: Directory;
  host: string;
  org: string;
  me: Account;
  /** This device's record as it is now: whatever GitHub lists or leaves out, one's own device is itself. */
  ownRecord: () => SignedRecord;
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
  readonly #rotation: Rotation;

  constructor(options: PeopleOptions) {
    super();
    this.#options = options;
    const { directory, org, me, clock, warn } = options;
    this.#store = openPinStore(options.pinsPath);
    ownPin(this.#person(me), options.ownRecord(), githubNow(this.#options));
    this.#rotation = new Rotation({
      ...{ directory, org, me, clock, warn },
      checkedAt: (uid) => this.get(uid)?.checkedAt ?? 0,
      isPinned: (uid) => (this.get(uid)?.devices.length ?? 0) > 0,
      refresh: (member) => this.#refresh(member, true),
      onMembers: async (uids) => {
        const gone = this.all().filter((p) => !uids.has(p.uid));
        for (const person of gone) await this.#noMember(person);
      },
    });
  }

  start(): void {
    this.#rotation.start();
  }

  stop(): void {
    this.#rotation.stop();
  }

  get(uid: number): PinnedPerson | null {
    return this.#store.value.people.find((p) => p.uid === uid) ?? null;
  }

  /** Every other pinned person who is in the org. */
  all(): PinnedPerson[] {
    return this.#store.value.people.filter((p) => !p.left && p.uid !== this.#options.me.uid);
  }

  /** Oneself, with one's own devices. */
  get own(): PinnedPerson {
    return this.#person(this.#options.me);
  }

  /** Devices that may be talked to; none for someone who left. */
  goodDevices(uid: number): PinnedDevice[] {
    const person = this.get(uid);
    return !person || person.left ? [] : person.devices.filter((d) => d.state === 'good');
  }

  /** True once another device of oneself has disowned this one: it is nobody any more. */
  get isRevoked(): boolean {
    const { sign } = this.#options.ownRecord().record;
    return this.own.devices.some((d) => d.sign === sign && d.state === 'revoked');
  }

  /**
   * Who a typed handle means: asks GitHub, checks the pin, the membership, and refreshes the records.
   * @throws NO_SUCH_PERSON, ONESELF, HANDLE_REUSED, NOT_A_MEMBER, GITHUB_*
   */
  async resolve(typed: string): Promise<PinnedPerson> {
    const person = await this.resolveAnyone(typed);
    if (person.uid === this.#options.me.uid) throw new TeammateSyncError('ONESELF', 'you cannot share with yourself');
    return person;
  }

  /** As {@link resolve}, for verbs about devices: oneself is a person, too. */
  async resolveAnyone(typed: string): Promise<PinnedPerson> {
    const handle = normaliseHandle(typed);
    if (!handle) throw new TeammateSyncError('NO_SUCH_PERSON', `${JSON.stringify(typed)} is not a GitHub handle`);
    const { directory, me, org } = this.#options;
    const account = await directory.account(handle).catch((error: unknown) => this.#withSuggestion(error, handle));
    this.#refuseReused(handle, account);
    if (account.uid !== me.uid) {
      const membership = await directory.membership(org, account.login);
      if (membership.is === 'no') {
        await this.#noMember(account);
        throw new TeammateSyncError('NOT_A_MEMBER', `${account.login} is not a member of ${org}`);
      }
      if (membership.is === 'unknown') throw new TeammateSyncError('GITHUB_UNREACHABLE', membership.why);
    }
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
   * A device of this person showed this record, in its hello or later. One that is newer than the pinned one leads to a
   * question to GitHub, never to trust; nobody makes us ask more often than the rotation would. @throws GITHUB_*
   */
  async shown(uid: number, text: string): Promise<void> {
    const person = this.get(uid);
    if (!person) return;
    const { host } = this.#options;
    let record;
    try {
      ({ record } = checkRecord(text, { host, uid, fileName: null, now: githubNow(this.#options) }));
    } catch {
      return;
    }
    const pinned = person.devices.find((d) => d.sign === record.sign);
    if (!pinned || record.seq <= pinned.seq) return;
    if (this.#rotation.isFresh(uid)) this.#rotation.soon(person);
    else await this.refresh({ uid, login: person.login });
  }

  /**
   * The user trusts this device of a known person, here or on another device of theirs. A device that is not known yet is
   * looked for. Returns false when there is none with these keys, or it was revoked. @throws GITHUB_*
   */
  async trust(uid: number, keys: { sign: string; box: string }): Promise<boolean> {
    const person = this.get(uid);
    if (!person || person.left) return false;
    if (!person.devices.some((d) => d.sign === keys.sign)) await this.refresh(person);
    const before = JSON.stringify(person.devices);
    const trusted = trustDevice(person, keys);
    if (before !== JSON.stringify(person.devices)) this.#changed(uid, { added: [keys.sign] });
    return trusted;
  }

  /** This device's record is another one now; what it says of others counts from now on. */
  ownRecordChanged(): void {
    const { me, ownRecord } = this.#options;
    this.#changed(me.uid, ownPin(this.#person(me), ownRecord(), githubNow(this.#options)));
  }

  #changed(uid: number, change: Partial<PinChange>): void {
    this.#store.save();
    this.emit('changed', uid, { ...noChange(), ...change });
  }

  /** @param member GitHub has just said that the account is in the org: only this takes back an earlier no */
  async #refresh(account: Account, member: boolean): Promise<void> {
    const { clock, directory, me, ownRecord, warn } = this.#options;
    const listed = await listedRecords(directory, account, () => githubNow(this.#options), warn);
    const stored = lasting(this.get(account.uid));
    const person = this.#person(account);
    const before = JSON.stringify(person.devices);
    person.login = account.login;
    person.checkedAt = clock.now();
    const returned = member && person.left;
    if (member) Object.assign(person, { firstNoAt: null, left: false });
    const all = account.uid === me.uid ? withOwn(listed, ownRecord()) : listed;
    const change = applyRecords(person, all, githubNow(this.#options));
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

  #withSuggestion(error: unknown, handle: string): never {
    const noSuch = error instanceof TeammateSyncError && error.code === 'NO_SUCH_PERSON';
    const near = noSuch ? this.#rotation.suggest(handle) : null;
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
}
