/**
 * Who read which of our lines, as their devices told it: bounded, on disk, and of our own sessions only. An entry stays when
 * its share has ended: it says what was read of it, and is a help in looking back.
 */
import type { Clock, Timer } from '../../platform/clock.ts';
import { setNewest } from '../../platform/newest.ts';
import type { StateFile } from '../../platform/state-file.ts';
import { TokenBucket } from '../../platform/token-bucket.ts';
import type { ControlBodies } from '../../protocol/control.ts';
import { b64, type Decoded, int, list, object, oneOf, text } from '../../protocol/decode.ts';
import { sessionId } from '../../protocol/ids.ts';
import {
  ACTIVITY_KEPT_MS,
  ACTIVITY_MAX,
  ACTIVITY_PER_PERSON_MAX,
  ACTIVITY_SAVE_MS,
  RECEIPT_RANGES_MAX,
  RECEIPTS_BURST,
  RECEIPTS_PER_SECOND,
} from '../../protocol/limits.ts';
import { readerName } from '../../protocol/reader.ts';
import { joined } from './ranges.ts';

const range = object({ from: int(1), to: int(1) });

export const activityFile = object({
  v: oneOf(1),
  /** The newest last. `sign`: the device that told it. `first`, `at`: unix milliseconds of the first and the last time. */
  reads: list(
    object({
      uid: int(1),
      sign: b64(32),
      session: sessionId,
      project: text(1024),
      source: text(128),
      with: readerName,
      ranges: list(range, RECEIPT_RANGES_MAX),
      first: int(0),
      at: int(0),
    }),
    ACTIVITY_MAX,
  ),
});

export type ActivityFile = Decoded<typeof activityFile>;
export type Activity = ActivityFile['reads'][number];

export const NO_ACTIVITY: ActivityFile = { v: 1, reads: [] };

/** Whose device tells, as the link proves it. */
interface Teller {
  uid: number;
  sign: string;
  /** Their clock minus ours, milliseconds. */
  skewMs: number;
}

/** Of a session that this device is served now: its project, since when, and the last line of each source. */
export interface Served {
  project: string;
  since: number;
  lines: ReadonlyMap<string, number>;
}

export class ActivityLog {
  readonly #file: StateFile<ActivityFile>;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #buckets = new Map<string, TokenBucket>();
  #timer: Timer | null = null;

  constructor(file: StateFile<ActivityFile>, clock: Clock, onError: (error: unknown) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** All that is kept, the newest first. */
  get reads(): Activity[] {
    const since = this.#clock.now() - ACTIVITY_KEPT_MS;
    return this.#file.value.reads.filter(({ at }) => at >= since).toReversed();
  }

  /** Of one person and session. */
  of(uid: number, session: string): Activity[] {
    return this.reads.filter((read) => read.uid === uid && read.session === session);
  }

  /**
   * A device told what was read on it. Only what it is served counts, and only lines that there are; what comes faster than
   * any honest device tells is dropped.
   * @param served null: it is not served that session
   */
  heard(teller: Teller, { reads }: ControlBodies['receipts'], served: (session: string) => Served | null): void {
    if (!this.#takes(teller.sign)) return;
    for (const { session, source, with: reader, at, ranges } of reads) {
      const of = served(session);
      const last = of?.lines.get(source);
      if (!of || last === undefined) continue;
      const there = ranges
        .filter(({ from, to }) => from <= to && from <= last)
        .map(({ from, to }) => ({ from, to: Math.min(to, last) }));
      if (there.length === 0) continue;
      const now = Math.round(this.#clock.now());
      const when = Math.round(Math.min(now, Math.max(of.since, at - teller.skewMs)));
      const { uid, sign } = teller;
      this.#add({
        uid,
        sign,
        session,
        project: of.project,
        source,
        with: reader,
        ranges: there,
        first: when,
        at: when,
      });
    }
  }

  stop(): void {
    if (this.#timer) this.#save();
  }

  #takes(sign: string): boolean {
    const elapsed = (): number => this.#clock.elapsed();
    const bucket = this.#buckets.get(sign) ?? new TokenBucket(RECEIPTS_PER_SECOND, elapsed, RECEIPTS_BURST);
    setNewest(this.#buckets, sign, bucket, ACTIVITY_PER_PERSON_MAX);
    return bucket.take();
  }

  /** As the newest; with what the same device told before of the same source, read with the same. */
  #add(read: Activity): void {
    const { value } = this.#file;
    const before = value.reads.find((one) => isSame(one, read));
    const merged = before
      ? {
          ...read,
          ranges: joined(before.ranges, read.ranges, RECEIPT_RANGES_MAX),
          first: Math.min(before.first, read.first),
          at: Math.max(before.at, read.at),
        }
      : read;
    const since = this.#clock.now() - ACTIVITY_KEPT_MS;
    const others = value.reads.filter((one) => one !== before && one.at >= since);
    const theirs = others.filter(({ uid }) => uid === read.uid);
    const over = new Set(theirs.slice(0, Math.max(0, theirs.length + 1 - ACTIVITY_PER_PERSON_MAX)));
    value.reads = [...others.filter((one) => !over.has(one)), merged].slice(-ACTIVITY_MAX);
    this.#timer ??= this.#clock.after(ACTIVITY_SAVE_MS, () => this.#save());
  }

  #save(): void {
    this.#timer?.cancel();
    this.#timer = null;
    try {
      this.#file.save();
    } catch (error) {
      this.#onError(error);
    }
  }
}

function isSame(a: Activity, b: Activity): boolean {
  return a.uid === b.uid && a.sign === b.sign && a.session === b.session && a.source === b.source && a.with === b.with;
}
