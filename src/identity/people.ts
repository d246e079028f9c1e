/**
 * The people of the workspace as this machine knows them, oneself among them: resolves handles, keeps pins, and refreshes
 * records so that an invite finds its way. What GitHub does not clearly say changes nothing.
 */
import { TeammateSyncError } from '../errors.ts';
import { orLate } from '../platform/within.ts';
import { GITHUB_SECOND_NO_MS, RESOLVE_TIMEOUT_MS } from '../protocol/limits.ts';
import { noteAbsence } from './absence.ts';
import type { Account } from './directory.ts';
import { Handles, rename } from './handles.ts';
import { KnownPeople, type PeopleOptions } from './known-people.ts';
import { membersOf } from './members.ts';
import { lasting } from './pin-store.ts';
import { applyRecords, metUnder, noChange, ownPin, type PinChange, type PinnedPerson, trustDevice } from './pins.ts';
import { githubNow, isUnclear, type ListedRecord, listedRecords, onceEach } from './published.ts';
import { checkRecord } from './records.ts';
import { Rotation } from './rotation.ts';

export class People extends KnownPeople {
  readonly #rotation: Rotation;
  readonly #handles: Handles;
  readonly #refused: PeopleOptions['warn'];

  constructor(options: PeopleOptions) {
    super(options);
    const { directory, me, clock, warn } = options;
    this.#refused = onceEach(warn);
    this.#handles = new Handles({
      directory,
      people: () => this.book.people,
      matters: (person) => this.matters(person),
      suggest: (handle) => this.#rotation.suggest(handle),
      onRenamed: (account) => this.#called(account),
    });
    this.#rotation = new Rotation({
      ...{ me, clock, warn, knownMs: options.knownMs },
      members: () => this.#listMembers(),
      checkedAt: (uid) => this.get(uid)?.checkedAt ?? 0,
      isPinned: (uid) => (this.get(uid)?.devices.length ?? 0) > 0,
      refresh: (account, member) => this.#refresh(account, member),
      onMembers: (members) => this.#membersAre(members),
    });
  }

  start(): void {
    this.#rotation.start();
  }

  stop(): void {
    this.#rotation.stop();
  }

  /**
   * Who a typed handle means: asks GitHub, checks the pin, the membership, and refreshes the records.
   * @throws NO_SUCH_PERSON, ONESELF, RENAMED, HANDLE_REUSED, NOT_A_MEMBER, GITHUB_*
   */
  async resolve(typed: string): Promise<PinnedPerson> {
    const person = await this.resolveAnyone(typed);
    if (person.uid === this.options.me.uid) throw new TeammateSyncError('ONESELF', 'you cannot share with yourself');
    return person;
  }

  /** As {@link resolve}, for verbs about devices: oneself is a person, too. */
  resolveAnyone(typed: string): Promise<PinnedPerson> {
    return orLate(this.#resolve(typed), this.options.resolveMs ?? RESOLVE_TIMEOUT_MS, () => {
      throw new TeammateSyncError('GITHUB_UNREACHABLE', 'GitHub did not answer in time; nothing was done');
    });
  }

  async #resolve(typed: string): Promise<PinnedPerson> {
    const { directory, me } = this.options;
    const account = await this.#handles.account(typed).catch((error: unknown) => {
      if (isUnclear(error)) this.book.silent([this.known(typed)]);
      throw error;
    });
    if (account.uid !== me.uid) {
      const membership = await directory.membership(this.org, account.login);
      if (membership.is === 'no') {
        await this.#noMember(account);
        throw new TeammateSyncError('NOT_A_MEMBER', `${account.login} is not a member of ${this.org}`);
      }
      if (membership.is === 'unknown') {
        this.book.silent([this.get(account.uid)]);
        throw new TeammateSyncError('GITHUB_UNREACHABLE', membership.why);
      }
    }
    await this.#refresh(account, true, true);
    return this.book.ensure(account);
  }

  /** {@link Handles.known} */
  known(typed: string): PinnedPerson | null {
    return this.#handles.known(typed);
  }

  get members(): Rotation['listed'] {
    return this.#rotation.listed;
  }

  /** {@link Rotation.hurry} */
  refreshNow(weight: (uid: number) => number | null, ms: number): Promise<void> {
    return this.#rotation.hurry(weight, ms);
  }

  /** {@link Rotation.isFresh} */
  isFresh(uid: number): boolean {
    return this.#rotation.isFresh(uid);
  }

  /** Fetches the account's records and applies them to its pins. @throws GITHUB_* */
  async refresh(account: Account): Promise<void> {
    await this.#refresh(account, false, true);
  }

  /**
   * A device of this person showed this record, in its hello or later. One that is newer than the pinned one leads to a
   * question to GitHub, never to trust; nobody makes us ask more often than the rotation would. @throws GITHUB_*
   */
  async shown(uid: number, text: string): Promise<void> {
    const person = this.get(uid);
    if (!person) return;
    const { host } = this.options;
    let record;
    try {
      ({ record } = checkRecord(text, { host, uid, fileName: null, now: githubNow(this.options) }));
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

  /** A link to a device of this person is there; it was found under this box key. */
  met(uid: number, sign: string, box: string): void {
    const device = this.goodDevices(uid).find((d) => d.sign === sign);
    if (device && metUnder(device, box)) this.#changed(uid, {});
  }

  /** This device's record is another one now; what it says of others counts from now on. */
  ownRecordChanged(): void {
    const { me, ownRecord } = this.options;
    this.#changed(me.uid, ownPin(this.own, ownRecord(), githubNow(this.options)));
  }

  #changed(uid: number, change: Partial<PinChange>): void {
    this.book.save();
    this.emit('changed', uid, { ...noChange(), ...change });
  }

  /** @param member GitHub has just said that the account is in the org: only this takes back an earlier no */
  async #refresh(account: Account, member: boolean, anew = false): Promise<void> {
    const { clock, me } = this.options;
    const listed = await this.#listed(account, anew);
    const stored = lasting(this.get(account.uid));
    const person = this.book.ensure(account);
    const before = JSON.stringify(person.devices);
    const waited = this.staleSince(person.uid) !== null;
    const formerly = rename(person, account.login, this.matters(person));
    person.checkedAt = clock.now();
    person.staleSince = null;
    const returned = member && person.left;
    if (member) Object.assign(person, { firstNoAt: null, left: false });
    const all = account.uid === me.uid ? this.withOwn(listed) : listed;
    const change = applyRecords(person, all, githubNow(this.options), clock.now());
    if (stored !== lasting(person) || this.book.isSaveDue) this.book.save();
    // A second look, also where it would be others' turn for long.
    if (change.missing.length > 0) clock.after(GITHUB_SECOND_NO_MS, () => this.#rotation.soon(person));
    const differs = before !== JSON.stringify(person.devices) || change.rolledBack.length > 0;
    if (formerly !== null) this.emit('renamed', person.uid, formerly);
    if (returned || differs || waited) this.emit('changed', person.uid, change);
  }

  /** Who is in the org now, and under which handles. */
  async #membersAre(members: readonly Account[]): Promise<void> {
    const now = new Map(members.map((m) => [m.uid, m]));
    for (const person of [this.own, ...this.all()]) {
      const member = now.get(person.uid);
      if (member && member.login.toLowerCase() !== person.login.toLowerCase()) this.#called(member);
      if (!member && person !== this.own) await this.#noMember(person);
      if (member && this.staleSince(person.uid) !== null) this.#rotation.soon(member);
    }
  }

  /** GitHub says under which handle a known account goes now. */
  #called(account: Account): void {
    const person = this.book.ensure(account);
    const before = rename(person, account.login, this.matters(person));
    this.book.save();
    if (before !== null) this.emit('renamed', person.uid, before);
  }

  #listMembers(): Promise<Account[]> {
    const { directory, org, me } = this.options;
    const asked = membersOf(directory, { id: org.id, login: this.org }, me, (now) => this.#orgCalled(now));
    return asked.catch((error: unknown) => {
      this.book.silent(this.all());
      throw error;
    });
  }

  #orgCalled(now: string): void {
    const before = this.org;
    this.org = now;
    this.emit('orgRenamed', before, now);
  }

  /** @throws GITHUB_*, and the person is stale from then on */
  async #listed(account: Account, anew: boolean): Promise<ListedRecord[]> {
    const now = (): number => githubNow(this.options);
    const how = { devices: this.get(account.uid)?.devices, anew };
    return listedRecords(this.options.directory, account, now, this.#refused, how).catch((error: unknown) => {
      this.book.silent([this.get(account.uid)]);
      throw error;
    });
  }

  async #noMember({ uid }: Account): Promise<void> {
    const person = this.get(uid);
    if (!person || person.left) return;
    const { clock, directory } = this.options;
    const own = async (): Promise<boolean> => (await directory.membership(this.org, this.own.login)).is === 'yes';
    const absence = await noteAbsence(person, clock.now(), own);
    if (absence === 'again') return;
    if (absence === 'gone') {
      person.left = true;
      // Told before it is saved: a crash in between asks again, and never leaves shares for somebody who comes back.
      this.emit('left', uid);
    } else if (person.devices.length > 0) {
      // Whose account is gone altogether is sealed nothing from now on. The org's list alone does not say so.
      await this.#refresh(person, false).catch(() => {});
    }
    this.book.save();
  }
}
