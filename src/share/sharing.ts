/** All that this machine shares: the verbs, over the sessions and those who serve them. */
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { shortId } from '../protocol/ids.ts';
import { every, type Timer } from '../platform/clock.ts';
import type { CorePool } from '../platform/core-pool.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { removeTree, removeUnfinished } from '../platform/private-files.ts';
import { within } from '../platform/within.ts';
import { b64url } from '../protocol/bytes.ts';
import { LEASE_RENEW_MS, REFRESH_MS } from '../protocol/limits.ts';
import type { EndReason } from '../protocol/statements.ts';
import type { Redaction } from '../redact/index.ts';
import type { PendingEnds } from './ends.ts';
import type { Leases } from './leases.ts';
import type { Progress } from './progress.ts';
import { type Ending, Serving, type ServingOptions } from './serving.ts';
import { SharedSession } from './shared-session.ts';
import { type Conversation, freshSession, openSessionFile, type StoredRecipient, type StoredSession } from './store.ts';
import { storedSessions } from './stored-sessions.ts';

export interface SharingOptions extends ServingOptions {
  redaction: Pick<Redaction, 'open'>;
  /** Where cores are opened. */
  cores: CorePool;
  onError: (error: unknown) => void;
}

export interface SharingEvents {
  changed: [session: string];
  ended: [session: string, reason: EndReason, people: string[]];
}

/** People who lose a session. */
interface Leaving {
  session: SharedSession;
  recipients: StoredRecipient[];
}

export class Sharing extends EventEmitter<SharingEvents> {
  readonly #options: SharingOptions;
  readonly #sessions = new Map<string, SharedSession>();
  readonly #serving: Serving;
  /** Sessions whose removal from disk is under way. */
  readonly #ending = new Set<Promise<void>>();
  #renewal: Timer | null = null;

  constructor(options: SharingOptions) {
    super();
    this.#options = options;
    this.#serving = new Serving(options, () => this.list());
  }

  /** What recipients have fetched. */
  get progress(): Progress {
    return this.#serving.progress;
  }

  /** Until when recipients may read. */
  get leases(): Leases {
    return this.#serving.leases;
  }

  /** What ended and was not confirmed. */
  get ends(): PendingEnds {
    return this.#serving.ends;
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
    this.#renewal = every(clock, LEASE_RENEW_MS, () => this.#serving.renewAll(), onError);
  }

  async stop(): Promise<void> {
    this.#renewal?.cancel();
    await Promise.all(this.list().map((session) => session.stop()));
    await Promise.all(this.#ending);
    this.#sessions.clear();
    this.#serving.stop();
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
    for (const { uid } of added) this.ends.forget(uid, session.id);
    if (added.length > 0) this.#serving.serveSession(session);
    this.emit('changed', session.id);
    return added.map((r) => r.uid);
  }

  /**
   * Takes sessions from these people, or (null) from all, which ends them. Effective in this tick on every live
   * connection; resolves when it is also gone from disk.
   * @throws NOT_SHARED, and nothing is taken away
   */
  async unshare(sessionIds: readonly string[], uids: readonly number[] | null, reason: EndReason): Promise<void> {
    const leaving = sessionIds.map((id) => {
      const session = this.#sessions.get(id);
      if (!session) throw new TeammateSyncError('NOT_SHARED', `session ${shortId(id)} is not shared`);
      const recipients = session.stored.recipients.filter((r) => !uids || uids.includes(r.uid));
      if (recipients.length === 0) throw new TeammateSyncError('NOT_SHARED', 'this person does not have that session');
      return { session, recipients };
    });
    await this.#end(leaving, reason);
  }

  /** Ends every share with a person; resolves when what ended is gone from disk, whoever ended it. */
  async endAllWith(uid: number, reason: EndReason): Promise<void> {
    const leaving = this.#theirs(uid).map((session) => ({
      session,
      recipients: session.stored.recipients.filter((r) => r.uid === uid),
    }));
    await this.#end(leaving, reason);
    await Promise.all(this.#ending);
  }

  /** A new connection: the device has nothing of us in memory, perhaps. */
  opened(link: PeerLink): void {
    this.#serving.serve(link);
  }

  closed(link: PeerLink): void {
    this.#serving.closed(link);
  }

  /** Consent has just become mutual, perhaps after what was granted on this link had been refused: grant it again. */
  connected(link: PeerLink): void {
    this.#serving.again(link);
  }

  /** Their device has no key for these and asks again. */
  needed(link: PeerLink, gids: string[]): void {
    this.#serving.serve(link, new Set(gids));
  }

  /**
   * Their device wants the newest of these: their transcripts are read on to where they end now, for REFRESH_MS at most, and
   * then it is told how much there is. Resolves when it was told.
   */
  async refreshed(link: PeerLink, gids: readonly string[]): Promise<void> {
    const sessions = this.#serving.sessionsOf(link, gids).flatMap((id) => this.get(id) ?? []);
    await within(
      Promise.all(sessions.map((session) => session.drained())).then(() => {}),
      REFRESH_MS,
    );
    this.#serving.tellHeads(
      link,
      sessions.map((session) => session.id),
    );
  }

  acknowledged(link: PeerLink, id: string): void {
    this.ends.acknowledged(link.sign, id);
  }

  /** Trusted devices of a person changed: those that are no longer trusted lose everything, in this tick. */
  devicesChanged(uid: number): void {
    if (!this.#serving.devicesChanged(uid)) return;
    for (const session of this.#theirs(uid)) void session.newGeneration().catch(this.#options.onError);
  }

  /** In one tick: taken from the connections first, then from the lists on disk, then said. */
  async #end(leaving: Leaving[], reason: EndReason): Promise<void> {
    const endings = leaving.map(({ session, recipients }): Ending => ({
      session: session.id,
      uids: recipients.map((r) => r.uid),
    }));
    this.#serving.takeAway(endings);
    for (const { session, recipients } of leaving) {
      session.remove(recipients);
      if (session.stored.recipients.length === 0) this.#sessions.delete(session.id);
    }
    this.#serving.tellEnds(endings, reason);
    await Promise.all(leaving.map((one) => this.#ended(one, reason)));
  }

  async #ended({ session, recipients }: Leaving, reason: EndReason): Promise<void> {
    const people = recipients.map((r) => r.login);
    this.emit('ended', session.id, reason, people);
    if (this.#sessions.get(session.id) === session) await session.newGeneration();
    else await this.#track(session.end());
    this.emit('changed', session.id);
  }

  #theirs(uid: number): SharedSession[] {
    return this.list().filter((s) => s.stored.recipients.some((r) => r.uid === uid));
  }

  #track(end: Promise<void>): Promise<void> {
    this.#ending.add(end);
    return end.finally(() => this.#ending.delete(end));
  }

  async #create(conversation: Conversation, withThinking: boolean): Promise<SharedSession> {
    const { folder, clock, random } = this.#options;
    const fresh = freshSession(conversation, withThinking, clock.now(), b64url(random(32)));
    return this.#open(path.join(folder, conversation.session), fresh);
  }

  async #open(folder: string, stored: StoredSession): Promise<SharedSession> {
    const { self, clock, random, redaction, cores, onError } = this.#options;
    const file = openSessionFile(folder, stored);
    if (!file) throw new TeammateSyncError('INTERNAL', 'a shared session has no file');
    const session = new SharedSession({
      folder,
      file,
      self,
      clock,
      random,
      redaction,
      cores,
      onGenerations: () => {
        this.#serving.serveSession(session);
        this.emit('changed', session.id);
      },
      onUnheard: (generation) => this.#serving.unheard(session.id, generation),
      onAppended: () => void this.emit('changed', session.id),
      onError,
    });
    this.#sessions.set(session.id, session);
    await session.start();
    return session;
  }
}
