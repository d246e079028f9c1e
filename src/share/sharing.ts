/** All that this machine shares: the verbs, and who is served what on which connection. */
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import type { Self } from '../identity/index.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { removeTree, removeUnfinished } from '../platform/private-files.ts';
import { b64url } from '../protocol/bytes.ts';
import { LEASE_RENEW_MS } from '../protocol/limits.ts';
import type { EndReason } from '../protocol/statements.ts';
import type { Redaction } from '../redact/index.ts';
import { PendingEnds } from './ends.ts';
import { Grants, type Readable, type RecipientDevice } from './grants.ts';
import { Leases } from './leases.ts';
import { Progress } from './progress.ts';
import { SharedSession } from './shared-session.ts';
import { type Conversation, freshSession, openSessionFile, type StoredSession } from './store.ts';
import { storedSessions } from './stored-sessions.ts';

export interface SharingOptions {
  self: Self;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  redaction: Pick<Redaction, 'open'>;
  /** state/share */
  folder: string;
  /** Trusted devices of a person; none when the person left or nothing is trusted. */
  devices: (uid: number) => RecipientDevice[];
  /** The invite that made the connection with a person; null when there is none: then nothing is served. */
  connection: (uid: number) => string | null;
  onError: (error: unknown) => void;
}

export interface SharingEvents {
  changed: [session: string];
  ended: [session: string, reason: EndReason, people: string[]];
}

export class Sharing extends EventEmitter<SharingEvents> {
  readonly progress = new Progress();
  readonly leases: Leases;
  readonly ends: PendingEnds;
  readonly #options: SharingOptions;
  readonly #sessions = new Map<string, SharedSession>();
  readonly #grants: Grants;
  /** Sessions whose removal from disk is under way. */
  readonly #ending = new Set<Promise<void>>();
  #renewal: Timer | null = null;

  constructor(options: SharingOptions) {
    super();
    this.#options = options;
    const { self, clock, random } = options;
    this.leases = new Leases(path.join(options.folder, 'leases.json'), clock);
    this.#grants = new Grants({ self, now: () => clock.now(), random, leases: this.leases });
    this.ends = new PendingEnds(path.join(options.folder, 'ends.json'), self, clock, this.leases);
  }

  /** Opens what was shared before; each session begins a new generation. */
  async start(): Promise<void> {
    const { folder, clock, onError } = this.#options;
    for (const name of storedSessions(folder)) {
      const at = path.join(folder, name);
      removeUnfinished(at);
      const file = openSessionFile(at, null);
      // A crash in the middle of a wipe, or of a share before anybody had it, leaves no file, or nobody in it.
      if (!file || file.value.recipients.length === 0) await removeTree(at);
      else await this.#open(at, file.value);
    }
    removeUnfinished(folder);
    this.#renewal = every(clock, LEASE_RENEW_MS, () => this.#renewAll(), onError);
  }

  async stop(): Promise<void> {
    this.#renewal?.cancel();
    for (const session of this.#sessions.values()) await session.stop();
    await Promise.all(this.#ending);
    this.#sessions.clear();
    this.leases.stop();
  }

  get(session: string): SharedSession | null {
    return this.#sessions.get(session) ?? null;
  }

  list(): SharedSession[] {
    return [...this.#sessions.values()];
  }

  /** Shares a conversation with these people, beside those who have it. Returns who is new. */
  async share(
    conversation: Conversation,
    people: { uid: number; login: string }[],
    options: { fromNow: boolean; withThinking: boolean },
  ): Promise<number[]> {
    const known = this.#sessions.get(conversation.session);
    const session = known ?? (await this.#create(conversation, options.withThinking));
    if (known && options.withThinking) await known.setThinking(true);
    const added = await session.add(people, options.fromNow);
    for (const { uid } of added) {
      this.ends.forget(uid, session.id);
      this.#serveAll(uid);
    }
    this.emit('changed', session.id);
    return added.map((r) => r.uid);
  }

  /**
   * Takes a session from one person, or (uid null) from all, which ends it. Effective in this tick on every live
   * connection; resolves when it is also gone from disk.
   * @throws NOT_SHARED
   */
  async unshare(sessionId: string, uid: number | null, reason: EndReason): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session) throw new TeammateSyncError('NOT_SHARED', `session ${sessionId.slice(0, 8)} is not shared`);
    const leaving = session.stored.recipients.filter((r) => uid === null || r.uid === uid);
    if (leaving.length === 0) throw new TeammateSyncError('NOT_SHARED', 'this person does not have that session');
    for (const recipient of leaving) session.remove(recipient.uid);
    const over = session.stored.recipients.length === 0;
    if (over) this.#sessions.delete(sessionId);
    for (const recipient of leaving) this.#tellEnd(recipient.uid, sessionId, reason);
    const logins = leaving.map((r) => r.login);
    this.emit('ended', sessionId, reason, logins);
    if (over) await this.#track(session.end());
    else await session.newGeneration();
    this.emit('changed', sessionId);
  }

  /** Ends every share with a person; resolves when what ended is gone from disk, whoever ended it. */
  async endAllWith(uid: number, reason: EndReason): Promise<void> {
    const theirs = this.list().filter((s) => s.stored.recipients.some((r) => r.uid === uid));
    await Promise.all(theirs.map((s) => this.unshare(s.id, uid, reason)));
    await Promise.all(this.#ending);
  }

  /** A device of a contact is there, or its trust or connection changed: it is served what it may read, no more. */
  serve(link: PeerLink, again: Set<string> = new Set()): void {
    const device = this.#options.devices(link.uid).find((d) => d.sign === link.sign);
    const connection = this.#options.connection(link.uid);
    this.ends.repeat(link);
    if (!device || connection === null || link.skewed) {
      this.#grants.takeAway(link, null);
      return this.#grants.state(link);
    }
    this.#grants.serve(link, device, connection, this.#readable(link.uid), again);
    this.progress.offer(link, this.#grants.on(link));
  }

  /** A new connection: the device has nothing of us in memory, perhaps. */
  opened(link: PeerLink): void {
    this.serve(link);
  }

  closed(link: PeerLink): void {
    this.#grants.closed(link);
    this.progress.closed(link);
  }

  /** Consent has just become mutual, perhaps after what was granted on this link had been refused: grant it again. */
  connected(link: PeerLink): void {
    this.serve(link, new Set(this.#grants.on(link).map((g) => g.gid)));
  }

  /** Their device has no key for these and asks again. */
  needed(link: PeerLink, gids: string[]): void {
    this.serve(link, new Set(gids));
  }

  acknowledged(link: PeerLink, id: string): void {
    this.ends.acknowledged(link.sign, id);
  }

  /** Trusted devices of a person changed: those that are no longer trusted lose everything, in this tick. */
  devicesChanged(uid: number): void {
    const trusted = new Set(this.#options.devices(uid).map((d) => d.sign));
    let lost = false;
    for (const link of this.#grants.links()) {
      if (link.uid !== uid) continue;
      lost ||= !trusted.has(link.sign) && this.#grants.on(link).length > 0;
      this.serve(link);
    }
    if (!lost) return;
    const theirs = this.list().filter((s) => s.stored.recipients.some((r) => r.uid === uid));
    for (const session of theirs) void session.newGeneration().catch(this.#options.onError);
  }

  #track(end: Promise<void>): Promise<void> {
    this.#ending.add(end);
    return end.finally(() => this.#ending.delete(end));
  }

  #readable(uid: number): Readable[] {
    return this.list().flatMap((s) => s.readableBy(uid).map((generation) => ({ session: s.id, generation })));
  }

  #serveAll(uid: number | null): void {
    for (const link of this.#grants.links()) if (uid === null || link.uid === uid) this.serve(link);
  }

  #tellEnd(uid: number, session: string, reason: EndReason): void {
    for (const link of this.#grants.links()) if (link.uid === uid) this.#grants.takeAway(link, session);
    for (const device of this.#options.devices(uid)) this.ends.add(device, session, reason);
    for (const link of this.#grants.links()) {
      if (link.uid !== uid) continue;
      this.ends.repeat(link);
      this.#grants.state(link);
    }
  }

  #renewAll(): void {
    for (const link of this.#grants.links()) {
      const device = this.#options.devices(link.uid).find((d) => d.sign === link.sign);
      // What was lost on the way is said again, on a line that stays up for a day, too.
      this.serve(link);
      if (device && !link.skewed) this.#grants.renew(link, device);
    }
  }

  async #create(conversation: Conversation, withThinking: boolean): Promise<SharedSession> {
    const { folder, clock, random } = this.#options;
    const fresh = freshSession(conversation, withThinking, clock.now(), b64url(random(32)));
    return this.#open(path.join(folder, conversation.session), fresh);
  }

  async #open(folder: string, stored: StoredSession): Promise<SharedSession> {
    const { self, clock, random, redaction, onError } = this.#options;
    const file = openSessionFile(folder, stored);
    if (!file) throw new TeammateSyncError('INTERNAL', 'a shared session has no file');
    const session = new SharedSession({
      folder,
      file,
      self,
      clock,
      random,
      redaction,
      onGenerations: () => this.#serveAll(null),
      onAppended: () => {
        this.emit('changed', session.id);
      },
      onError,
    });
    this.#sessions.set(session.id, session);
    await session.start();
    return session;
  }
}
