/** The people of the workspace as this machine knows them, without asking anybody: pins, and how fresh they are. */
import { EventEmitter } from 'node:events';
import type { Clock } from '../platform/clock.ts';
import type { SignedRecord } from '../protocol/record.ts';
import { type ComparedChange, comparedChanges } from './compared.ts';
import type { Account, Directory, Organisation } from './directory.ts';
import { OwnListing } from './own-listing.ts';
import { PinBook } from './pin-book.ts';
import { ownPin, type PinChange, type PinnedDevice, type PinnedPerson } from './pins.ts';
import { githubNow, type ListedRecord, withOwn } from './published.ts';

export interface PeopleOptions {
  directory: Directory;
  host: string;
  /** The workspace; its name may change, its id does not. */
  org: Organisation;
  me: Account;
  /** One has ties with this person. */
  isDealtWith?: (uid: number) => boolean;
  /** This device's record as it is now: whatever GitHub lists or leaves out, one's own device is itself. */
  ownRecord: () => SignedRecord;
  pinsPath: string;
  clock: Clock;
  warn: (message: string, error: unknown) => void;
  /** The rotation passes over people with pinned devices for so long; GITHUB_KNOWN_MS by default. */
  knownMs?: number | undefined;
  /** How long a verb waits for GitHub's word; RESOLVE_TIMEOUT_MS by default. */
  resolveMs?: number;
}

export interface PeopleEvents {
  /** Devices of this person were added, changed or withdrawn, or GitHub speaks of them again. */
  changed: [uid: number, change: PinChange];
  /** GitHub said twice that this person is no longer in the org. */
  left: [uid: number];
  /** Somebody has another handle now; told once. */
  renamed: [uid: number, before: string];
  /** The workspace has another name now; told once. */
  orgRenamed: [before: string, now: string];
  /** GitHub lists no good record of this device any more, though it was published; or it does again. */
  ownListed: [isListed: boolean];
}

export class KnownPeople extends EventEmitter<PeopleEvents> {
  readonly options: PeopleOptions;
  readonly book: PinBook;
  readonly #ownListing = new OwnListing();
  /** The workspace's name, as GitHub writes it today. */
  org: string;

  constructor(options: PeopleOptions) {
    super();
    this.options = options;
    this.org = options.org.login;
    this.book = new PinBook(options.pinsPath, options.clock);
    ownPin(this.own, options.ownRecord(), githubNow(options));
  }

  get(uid: number): PinnedPerson | null {
    return this.book.get(uid);
  }

  /** Knows this account from now on, so that its handle cannot come to mean another one unseen. */
  keep(account: Account): void {
    if (this.get(account.uid)) return;
    this.book.ensure(account);
    this.book.save();
  }

  /** Every other pinned person who is in the org. */
  all(): PinnedPerson[] {
    return this.book.people.filter((p) => !p.left && p.uid !== this.options.me.uid);
  }

  /** Oneself, with one's own devices. */
  get own(): PinnedPerson {
    return this.book.ensure(this.options.me);
  }

  /** What GitHub lists of oneself, as {@link withOwn}; notes whether this device is among it. */
  withOwn(listed: ListedRecord[]): ListedRecord[] {
    const { clock, ownRecord } = this.options;
    const own = ownRecord();
    const isListed = listed.some((s) => s.record.sign === own.record.sign);
    const news = this.#ownListing.saw(isListed, clock.now());
    // A revoked one is taken off by whoever revoked it.
    if (news !== null && !this.isRevoked) this.emit('ownListed', news);
    return withOwn(listed, own);
  }

  /** Devices that may be talked to; none for someone who left. To some of them nothing new is sealed: {@link maySeal}. */
  goodDevices(uid: number): PinnedDevice[] {
    const person = this.get(uid);
    return !person || person.left ? [] : person.devices.filter((d) => d.state === 'good' || d.state === 'missing');
  }

  /** True when a grant, an invite or a renewal may be sealed to this device now: {@link PinBook.maySeal}. */
  maySeal(uid: number, sign: string, connectedAt: number): boolean {
    return this.book.maySeal(uid, sign, connectedAt);
  }

  /** {@link PinBook.staleSince} */
  staleSince(uid: number): number | null {
    return this.book.staleSince(uid);
  }

  /** {@link PinBook.isOverdue} */
  isOverdue(uid: number): boolean {
    return this.book.isOverdue(uid);
  }

  /** True once another device of oneself has disowned this one: it is nobody any more. */
  get isRevoked(): boolean {
    const { sign } = this.options.ownRecord().record;
    return this.own.devices.some((d) => d.sign === sign && d.state === 'revoked');
  }

  /** The devices of which the safety number with this person is: sign keys, one's own and theirs. */
  numbered(uid: number): { own: string[]; theirs: string[] } {
    const of = (whose: number): string[] => this.goodDevices(whose).map((d) => d.sign);
    return { own: of(this.options.me.uid), theirs: of(uid) };
  }

  /** The user has compared the safety number of now. */
  compare(uid: number): void {
    const person = this.get(uid);
    if (!person) return;
    person.compared = { at: this.options.clock.now(), ...this.numbered(uid) };
    this.book.save();
  }

  /** Takes back what was compared of another number than that of now; returns by which devices it differs. */
  uncompare(uid: number): ComparedChange[] {
    const person = this.get(uid);
    // Of whom has left the org nothing is used; when they come back the same devices are compared still.
    if (!person?.compared || person.left) return [];
    const { own, theirs } = this.numbered(uid);
    const changes = comparedChanges(person.compared, own, theirs);
    if (changes.length === 0) return [];
    person.compared = null;
    this.book.save();
    return changes;
  }

  /** One has ties with them, or knows devices of theirs. */
  matters(person: PinnedPerson): boolean {
    return person.devices.length > 0 || (this.options.isDealtWith?.(person.uid) ?? false);
  }
}
