/** Takes grants, keeps replicas as long as their leases live, and wipes what ends. */
import { EventEmitter } from 'node:events';
import { asTeammateSyncError, type TeammateSyncError } from '../errors.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import type { CorePool } from '../platform/core-pool.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { standing } from '../identity/index.ts';
import type { ControlBodies } from '../protocol/control.ts';
import type { End, Grant, Lease as LeaseStatement } from '../protocol/statements.ts';
import { checkGrant, checkLifetime } from './checks.ts';
import { endKey, type HeldGeneration, replacedGenerations } from './held.ts';
import { HeldTable } from './held-table.ts';
import { leaseFrom, leftMs } from './lease.ts';
import { allowance, type Quotas, quotaExceeded } from './quota.ts';
import { ProgressReports } from './progress-reports.ts';
import { Listings, need, Retries } from './listings.ts';
import { Replica } from './replica.ts';
import { Shelf } from './shelf.ts';
import type { StoredReplica } from './store.ts';

export interface InboxOptions extends Quotas {
  clock: Clock;
  /** Where cores are opened. */
  cores: CorePool;
  /** state/inbox */
  folder: string;
  /** The invites that stand between us and a person. */
  consented: (uid: number) => string[];
  onProblem: (error: TeammateSyncError, uid: number) => void;
}

export interface InboxEvents {
  changed: [uid: number, session: string];
  ended: [uid: number, session: string, reason: string];
}

const RAN_OUT = 'the lease ran out';
/** How often leases are looked at; every read looks, too. */
const SWEEP_MS = 1000;

export class Inbox extends EventEmitter<InboxEvents> {
  readonly #options: InboxOptions;
  readonly #shelf: Shelf;
  readonly #progress = new ProgressReports();
  readonly #held = new HeldTable();
  /** seq of the newest end, by owner's sign key and session. */
  readonly #ended = new Map<string, number>();
  readonly #listings = new Listings();
  readonly #retries = new Retries();
  #sweeper: Timer | null = null;

  constructor(options: InboxOptions) {
    super();
    this.#options = options;
    this.#shelf = new Shelf(options.folder, options.clock, options.onProblem);
  }

  /** Wipes what ran out while this daemon did not run, and whose wiping a crash cut short, before anything can be shown. */
  async start(): Promise<void> {
    this.#wipeStored((r) => this.#shelf.isOver(r), RAN_OUT);
    this.#wipeStored((r) => this.#options.consented(r.owner.uid).length === 0, 'no longer connected');
    await this.#shelf.settled();
    await this.#shelf.removeStrays();
    const sweep = (): void => this.sweep();
    this.#sweeper = every(this.#options.clock, SWEEP_MS, sweep, () => {});
  }

  async stop(): Promise<void> {
    this.#sweeper?.cancel();
    this.#progress.stop();
    await Promise.all(this.#held.all().map((h) => h.replica.close()));
    await this.#shelf.settled();
    this.#held.clear();
  }

  /** What is held of a person, of all their devices. */
  of(uid: number): HeldGeneration[] {
    return this.#held.person(uid);
  }

  /** Sessions whose ciphertext waits for the owner to grant again. */
  waiting(uid: number): StoredReplica[] {
    return this.#shelf.kept.filter((r) => r.owner.uid === uid && !this.#held.core(r.core));
  }

  /** Ends what must not be read any more; called before every read. An owner who is there is asked: its word was lost. */
  sweep(): void {
    const { clock } = this.#options;
    for (const held of this.#held.all()) {
      if (leftMs(held.lease, clock) > 0) continue;
      const links = held.replica.links.filter((link) => !link.skewed);
      this.#drop(held, RAN_OUT);
      for (const link of links) need(link, [held.gid]);
    }
    this.#wipeStored((r) => this.#shelf.isOver(r), RAN_OUT);
  }

  /** @throws GRANT_* and STATEMENT_REPLAYED */
  granted(link: PeerLink, grant: Grant): void {
    const sameCore = this.#held.core(grant.core);
    const sameGeneration = this.#held.generation(grant);
    const { clock, consented: consentedOf } = this.#options;
    const [consented, endedSeq] = [consentedOf(grant.from.uid), this.#ended.get(endKey(grant)) ?? 0];
    checkGrant(grant, { consented, sameCore, sameGeneration, endedSeq }, clock.now());
    const lease = leaseFrom(clock, grant, link.skewMs);
    const held = sameCore ?? { replica: this.#open(grant), lease, gid: grant.gid, seq: grant.seq };
    if (sameCore) this.#held.remove(held);
    Object.assign(held, { lease, gid: grant.gid, seq: grant.seq });
    this.#held.add(held);
    this.#remember(held);
    held.replica.attach(link);
  }

  /** Their device lists all that we may read: the rest is wiped. @throws FRAME_TOO_LARGE */
  stated(link: PeerLink, state: ControlBodies['state']): void {
    const listed = this.#listings.take(link, state);
    if (!listed) return;
    for (const held of this.of(link.uid)) {
      if (held.replica.grant.from.sign === link.sign && !listed.has(held.gid)) this.#drop(held, 'no longer shared');
    }
    this.#wipeStored((r) => r.owner.sign === link.sign, 'no longer shared');
    const unknown = [...listed].filter((gid) => !this.#held.gid(link.sign, gid));
    if (this.#options.consented(link.uid).length > 0) need(link, unknown);
  }

  /** @throws GRANT_MISMATCH */
  renewed(link: PeerLink, statement: LeaseStatement): void {
    checkLifetime(statement);
    const missing: string[] = [];
    for (const gid of statement.gids) {
      const held = this.#held.gid(link.sign, gid);
      if (!held) missing.push(gid);
      else if (statement.seq > standing(held.seq, this.#options.clock.now())) {
        held.seq = statement.seq;
        held.lease = leaseFrom(this.#options.clock, statement, link.skewMs);
        this.#remember(held);
      }
    }
    need(link, missing);
  }

  ended(statement: End): void {
    const key = endKey(statement);
    this.#ended.set(key, Math.max(this.#ended.get(key) ?? 0, statement.seq));
    for (const held of this.#held.session(statement)) {
      if (held.seq < statement.seq) this.#drop(held, statement.reason);
    }
    this.#wipeStored((r) => endKey({ from: r.owner, session: r.session }) === key, statement.reason);
  }

  /** How much their device says there is. */
  announced(link: PeerLink, head: ControlBodies['head']): void {
    for (const count of head.generations) {
      const held = this.#held.gid(link.sign, count.gid);
      if (!held) continue;
      held.replica.announce(count);
      this.#progress.report(link, held);
      this.#changed(held);
    }
  }

  closed(link: PeerLink): void {
    this.#listings.closed(link);
    this.#progress.closed(link);
    for (const held of this.of(link.uid)) {
      held.replica.detached(link);
      this.#changed(held);
    }
  }

  /** Trust in a person is over: everything of theirs goes. Resolves when it is gone from disk. */
  async wipePerson(uid: number, reason: string): Promise<string[]> {
    const known = [...this.of(uid).map((h) => h.replica.grant), ...this.waiting(uid)].map((r) => r.session);
    for (const held of this.of(uid)) this.#drop(held, reason);
    this.#wipeStored((r) => r.owner.uid === uid, reason);
    await this.#shelf.settled();
    return [...new Set(known)];
  }

  #open(grant: Grant): Replica {
    const { core, from, session, gen } = grant;
    return new Replica({
      cores: this.#options.cores,
      folder: this.#shelf.folderOf({ core, owner: from, session, gen }),
      free: () => this.#shelf.free({ core, owner: from, session, gen }),
      grant,
      allowance: (replica) => allowance(replica, this.of(from.uid), this.#options),
      onQuota: (replica) => this.#grown(this.#tellBoth(replica, quotaExceeded(replica))),
      onChanged: (replica) => this.#grown(replica),
      onBroken: (replica, error) => this.#broken(this.#tellBoth(replica, error), error),
      onFailed: (replica, error) => {
        this.#options.onProblem(asTeammateSyncError(error), from.uid);
        this.#broken(replica, asTeammateSyncError(error));
      },
    });
  }

  /** There is more of it to read, or all that is going to come is here. */
  #grown({ grant }: Replica): void {
    const held = this.#held.core(grant.core);
    if (!held) return;
    for (const old of replacedGenerations(this.#held.session(grant))) this.#drop(old, 'replaced');
    this.#progress.changed(held);
    this.#changed(held);
  }

  /** A limit or a broken rule is named on both sides. Returns the replica. */
  #tellBoth(replica: Replica, error: TeammateSyncError): Replica {
    this.#options.onProblem(error, replica.grant.from.uid);
    for (const link of replica.links) link.tell('refused', { code: error.code, message: error.message });
    return replica;
  }

  #changed(held: HeldGeneration): void {
    this.emit('changed', held.replica.grant.from.uid, held.replica.grant.session);
  }

  /** A copy that is no good: one of a restored disk, or of an owner whose disk was. */
  #broken({ grant, links }: Replica, error: Error): void {
    const held = this.#held.core(grant.core);
    if (!held) return;
    this.#drop(held, error.message);
    this.#retries.ask(links[0], grant.core, held.gid);
  }

  /** Not readable from this tick on; the disk follows. */
  #drop(held: HeldGeneration, reason: string): void {
    const { grant } = held.replica;
    if (!this.#held.remove(held)) return;
    const isIt = (r: StoredReplica): boolean => r.core === grant.core;
    void this.#shelf.remove(isIt, () => held.replica.close());
    if (this.#held.session(grant).length === 0) this.emit('ended', grant.from.uid, grant.session, reason);
    this.#changed(held);
  }

  #remember(held: HeldGeneration): void {
    const { core, from, session, gen } = held.replica.grant;
    const { clock } = this.#options;
    const until = Math.round(clock.now() + Math.max(0, leftMs(held.lease, clock)));
    this.#shelf.remember({ core, owner: from, session, gen, until });
  }

  /** Ciphertext of earlier runs; what is held goes by {@link #drop}. */
  #wipeStored(which: (replica: StoredReplica) => boolean, reason: string): void {
    const over = this.#shelf.kept.filter((r) => !this.#held.core(r.core) && which(r));
    void this.#shelf.remove((r) => over.includes(r));
    for (const { owner, session } of this.#shelf.without(over)) this.emit('ended', owner.uid, session, reason);
  }
}
