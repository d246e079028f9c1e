/**
 * Tells owners which of their lines were read here, with what and when; never what was asked. Batched and bounded; in memory
 * only, so that nothing on this disk says what was read; kept while the owner is away, and gone with the share.
 */
import type { Clock } from '../../platform/clock.ts';
import { setNewest } from '../../platform/newest.ts';
import type { ControlBodies } from '../../protocol/control.ts';
import type { LineRange } from '../../protocol/local-api.ts';
import { RECEIPT_RANGES_MAX, RECEIPTS_MS, RECEIPTS_PENDING_MAX, RECEIPTS_PER_FRAME } from '../../protocol/limits.ts';
import type { DeviceLink } from '../../swarm/index.ts';
import { joined } from './ranges.ts';

type Read = ControlBodies['receipts']['reads'][number];

/** What was read, and of whose device it is. */
interface Pending {
  uid: number;
  sign: string;
  read: Read;
}

export interface ReadOf {
  /** Of the owner: the account, and the device that shares it. */
  uid: number;
  sign: string;
  session: string;
  /** With what it is read. */
  reader: string;
}

/** A name of a subagent that any owner's Claude Code gives; of another one nothing is told. */
const SOURCE = /^[\w-]{1,128}$/;

export class Receipts {
  readonly #clock: Clock;
  readonly #links: (uid: number) => DeviceLink[];
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock, links: (uid: number) => DeviceLink[]) {
    this.#clock = clock;
    this.#links = links;
  }

  /** These lines are shown to somebody here. */
  note({ uid, sign, session, reader }: ReadOf, source: string, range: LineRange): void {
    if (!SOURCE.test(source)) return;
    const key = JSON.stringify([uid, sign, session, source, reader]);
    const before = this.#pending.get(key)?.read.ranges ?? [];
    const ranges = joined(before, [range], RECEIPT_RANGES_MAX);
    const read = { session, source, with: reader, at: Math.round(this.#clock.now()), ranges };
    setNewest(this.#pending, key, { uid, sign, read }, RECEIPTS_PENDING_MAX);
    this.#later();
  }

  /** A device is there: it may be the one that waits for some. */
  opened(): void {
    if (this.#pending.size > 0) this.#later();
  }

  /** The share is over: nobody is told of it any more. */
  forget(uid: number, session: string): void {
    for (const [key, { uid: of, read }] of this.#pending) {
      if (of === uid && read.session === session) this.#pending.delete(key);
    }
  }

  /** Sends what can be sent. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#send();
    this.#pending.clear();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.#send(), RECEIPTS_MS).unref();
  }

  #send(): void {
    this.#timer = null;
    const byLink = new Map<DeviceLink, Read[]>();
    for (const [key, { uid, sign, read }] of this.#pending) {
      const link = this.#links(uid).find((one) => one.sign === sign && one.ready && !one.closed);
      if (!link) continue;
      this.#pending.delete(key);
      // Of an older version: it is told nothing.
      if (link.can('receipts')) byLink.set(link, [...(byLink.get(link) ?? []), read]);
    }
    for (const [link, reads] of byLink) {
      for (let at = 0; at < reads.length; at += RECEIPTS_PER_FRAME) {
        link.tell('receipts', { reads: reads.slice(at, at + RECEIPTS_PER_FRAME) });
      }
    }
  }
}
