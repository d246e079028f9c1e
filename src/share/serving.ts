/** Who is served what on which connection: grants, how much there is, leases, and telling what ended. */
import path from 'node:path';
import type { Self } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import type { EndReason } from '../protocol/statements.ts';
import { PendingEnds } from './ends.ts';
import type { Generation } from './generation.ts';
import { Grants, type Readable, type RecipientDevice } from './grants.ts';
import { Heads } from './heads.ts';
import { Leases } from './leases.ts';
import { Progress } from './progress.ts';
import type { SharedSession } from './shared-session.ts';

export interface ServingOptions {
  self: Self;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** state/share */
  folder: string;
  /** Trusted devices of a person; none when the person left or nothing is trusted. */
  devices: (uid: number) => RecipientDevice[];
  /** The invite that made the connection with a person; null when there is none: then nothing is served. */
  connection: (uid: number) => string | null;
  /** False: nothing new is sealed to this device for now, and nothing renewed; what it has it keeps until its lease ends. */
  maySeal: (uid: number, sign: string) => boolean;
}

/** What ends for whom. */
export interface Ending {
  session: string;
  uids: number[];
}

export class Serving {
  readonly progress = new Progress();
  readonly leases: Leases;
  readonly ends: PendingEnds;
  readonly #options: ServingOptions;
  readonly #sessions: () => SharedSession[];
  readonly #grants: Grants;
  readonly #heads: Heads;

  constructor(options: ServingOptions, sessions: () => SharedSession[]) {
    const { self, clock, random, folder } = options;
    this.#options = options;
    this.#sessions = sessions;
    this.leases = new Leases(path.join(folder, 'leases.json'), clock);
    this.#grants = new Grants({ self, now: () => clock.now(), random, leases: this.leases });
    this.#heads = new Heads(this.#grants, this.progress);
    this.ends = new PendingEnds(path.join(folder, 'ends.json'), self, clock, this.leases);
  }

  stop(): void {
    this.#heads.stop();
    this.ends.stop();
    this.leases.stop();
  }

  /**
   * A device of a contact is there, its trust or connection changed, or it asks again for some: it is told what ended and
   * was not confirmed, and served all that it may read, no more.
   */
  serve(link: PeerLink, again: Set<string> = new Set()): void {
    this.ends.repeat(link);
    const to = this.#entitled(link);
    if (!to) {
      this.#grants.takeAway(link, null);
      return this.#grants.state(link);
    }
    const readable = this.#sessions().flatMap((session) => readableOf(session, link.uid));
    if (this.#options.maySeal(link.uid, link.sign)) this.#grants.serve(link, to.device, to.connection, readable, again);
    else this.#grants.keep(link, readable);
    this.progress.offer(link, this.#grants.on(link));
  }

  /** One session changed: what it has for each link, and nothing else, is looked at. */
  serveSession(session: SharedSession): void {
    for (const link of this.#grants.links()) {
      const isRecipient = session.stored.recipients.some((r) => r.uid === link.uid);
      if (!isRecipient && this.#grants.of(link, session.id).length === 0) continue;
      const to = this.#entitled(link);
      if (!to) {
        this.serve(link);
        continue;
      }
      const all = readableOf(session, link.uid);
      const readable = this.#options.maySeal(link.uid, link.sign) ? all : this.#grants.served(link, all);
      const fresh = this.#grants.serveSession(link, to.device, to.connection, session.id, readable);
      this.progress.update(link, session.id, this.#grants.of(link, session.id));
      this.progress.tell(link, fresh);
    }
  }

  /** There is more of a generation than some device may know. */
  unheard(session: string, generation: Generation): void {
    this.#heads.due(session, generation);
  }

  /** The sessions of which this link is served such generations. */
  sessionsOf(link: PeerLink, gids: readonly string[]): string[] {
    const asked = new Set(gids);
    return [...new Set(this.#grants.on(link).flatMap(({ gid, session }) => (asked.has(gid) ? [session] : [])))];
  }

  /** Says how much there is of these sessions, as far as this link is served them now. */
  tellHeads(link: PeerLink, sessions: readonly string[]): void {
    this.progress.tell(
      link,
      sessions.flatMap((session) => this.#grants.of(link, session)),
    );
  }

  closed(link: PeerLink): void {
    this.#grants.closed(link);
    this.progress.closed(link);
  }

  /** Their device has asked for all of it again, perhaps after it had refused what was granted on this link. */
  again(link: PeerLink): void {
    this.serve(link, new Set(this.#grants.on(link).map((g) => g.gid)));
  }

  /**
   * Serves the person's links anew, also with what was held back from them. True when one of them was served and is no
   * longer of a trusted device.
   */
  devicesChanged(uid: number): boolean {
    const trusted = new Set(this.#options.devices(uid).map((d) => d.sign));
    let lost = false;
    for (const link of this.#linksOf(uid)) {
      lost ||= !trusted.has(link.sign) && this.#grants.on(link).length > 0;
      this.serve(link);
      this.#renew(link);
    }
    return lost;
  }

  /** Takes away, in this tick, before anything is written or said. */
  takeAway(endings: readonly Ending[]): void {
    for (const { session, uids } of endings)
      for (const uid of uids) for (const link of this.#linksOf(uid)) this.#grants.takeAway(link, session);
  }

  /** Says what ended, to those who are there now, and keeps it for the others. */
  tellEnds(endings: readonly Ending[], reason: EndReason): void {
    this.ends.add(
      endings.flatMap(({ session, uids }) =>
        uids.flatMap((uid) => this.#options.devices(uid).map((device) => ({ device, session }))),
      ),
      reason,
    );
    const ended = new Map<number, Set<string>>();
    for (const { session, uids } of endings)
      for (const uid of uids) ended.set(uid, (ended.get(uid) ?? new Set()).add(session));
    for (const [uid, sessions] of ended) {
      for (const link of this.#linksOf(uid)) {
        this.ends.repeat(link, sessions);
        this.#grants.state(link);
      }
    }
  }

  renewAll(): void {
    for (const link of this.#grants.links()) {
      // What was lost on the way is said again, on a line that stays up for a day, too.
      this.serve(link);
      this.#renew(link);
    }
  }

  #renew(link: PeerLink): void {
    const to = this.#entitled(link);
    if (to && this.#options.maySeal(link.uid, link.sign)) this.#grants.renew(link, to.device);
  }

  #linksOf(uid: number): PeerLink[] {
    return this.#grants.links().filter((link) => link.uid === uid);
  }

  /** Null: nothing may be served on this link. */
  #entitled(link: PeerLink): { device: RecipientDevice; connection: string } | null {
    const device = this.#options.devices(link.uid).find((d) => d.sign === link.sign);
    const connection = this.#options.connection(link.uid);
    return device && connection !== null && !link.skewed ? { device, connection } : null;
  }
}

function readableOf(session: SharedSession, uid: number): Readable[] {
  return session.readableBy(uid).map((generation) => ({ session: session.id, generation }));
}
