/**
 * Carries a transcript into a session's newest generation. The redaction thread reads it and leaves out and masks what
 * must not leave; here its entries are appended, one step at a time, and the next are read meanwhile.
 *
 * What the cores hold is the truth of how far it came: when the thread died or an append failed, the transcript is opened
 * again at the positions of the cores, so that no entry is lost or repeated.
 */
import { watchTranscript } from '../capture/index.ts';
import { TeammateSyncError } from '../errors.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import { REDACTION_RETRY_MS, REDACTION_TRIES } from '../protocol/limits.ts';
import { type Entry, type Redacted, type RedactedRead, type RedactedSource, ThreadGone } from '../redact/index.ts';
import type { Redaction } from '../redact/index.ts';
import type { Positions } from './positions.ts';

export interface FeedOptions {
  /** Of the transcript's main file. */
  path: string;
  clock: Clock;
  redaction: Pick<Redaction, 'open'>;
  /** Of the marks. */
  key: Uint8Array;
  withThinking: boolean;
  /** How far the cores reach now. */
  positions: () => Positions;
  append: (entries: Redacted<Entry>[], masked: ReadonlyMap<string, number>) => Promise<void>;
  /** What was appended before is void: the source shrank, was replaced or removed. The feed is over then. */
  onReset: (why: string) => void;
  onCaughtUp: () => void;
  onError: (error: unknown) => void;
}

interface Waiting {
  resolve: (nothing?: unknown) => void;
  reject: (error: Error) => void;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #stopWatching: () => void;
  #source: RedactedSource | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  /** Who waits for the next look at the transcript to be over. */
  #waiting: Waiting[] = [];
  /** What failed is tried again then. */
  #retry: Timer | null = null;
  /** Why nothing is tried before; null: whenever the transcript changes. */
  #held: Error | null = null;
  #stopped = false;
  #title: string | null = null;
  /** Bytes of the transcript that are not read yet, now and at most since it was caught up. */
  #behind = { now: 1, most: 1 };

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#stopWatching = watchTranscript(options.path, () => this.#wake(), options.clock);
    this.#wake();
  }

  /** The conversation's title, as far as it was appended. */
  get title(): string | null {
    return this.#title;
  }

  /** How much of what there was to read at once is read, 0 to 1. */
  get read(): number {
    return 1 - this.#behind.now / this.#behind.most;
  }

  /**
   * Resolves when all that was in the transcript when this was called is appended, or when the feed is over; rejects with
   * the reason when it cannot be appended now.
   */
  async drain(): Promise<void> {
    if (this.#stopped) return;
    if (this.#held) throw this.#held;
    const drained = new Promise<unknown>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#wake();
    await drained;
  }

  /** Nothing is appended after this was called, whatever still comes; resolves when the step under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopWatching();
    this.#retry?.cancel();
    this.#close();
    await this.#running;
  }

  #wake(): void {
    this.#again = true;
    if (this.#running || this.#stopped || this.#held) return;
    this.#again = false;
    const waiting = this.#waiting.splice(0);
    this.#running = this.#run()
      .then(
        () => {
          for (const { resolve } of waiting) resolve();
        },
        (error: Error) => {
          for (const { resolve, reject } of waiting) (this.#stopped ? resolve : reject)(error);
          if (!this.#stopped) this.#failed(error);
        },
      )
      .finally(() => {
        this.#running = null;
        if (this.#stopped) for (const { resolve } of this.#waiting.splice(0)) resolve();
        if (this.#again) this.#wake();
      });
  }

  /** But for an unreadable file, nothing is tried for a while: what failed may fail for long, and each time costs. */
  #failed(error: Error): void {
    this.#options.onError(error);
    if (!isUnreadable(error)) {
      this.#held = error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    }
    this.#retry?.cancel();
    this.#retry = this.#options.clock.after(REDACTION_RETRY_MS, () => {
      this.#held = null;
      this.#wake();
    });
  }

  /** Up to the end of the transcript; what dies with the redaction thread is done again. */
  async #run(): Promise<void> {
    for (let tries = REDACTION_TRIES; ;) {
      const progress = { made: false };
      try {
        return await this.#carry(progress);
      } catch (error) {
        // An unreadable file is asked again; after all else the cores say where to go on.
        if (isUnreadable(error)) throw error;
        this.#close();
        if (!(error instanceof ThreadGone) || this.#stopped) throw error;
        if (progress.made) tries = REDACTION_TRIES;
        if (--tries === 0) throw redactionFailed(error);
      }
    }
  }

  async #carry(progress: { made: boolean }): Promise<void> {
    const source = (this.#source ??= this.#open());
    let next: Promise<RedactedRead | null> | null = source.read();
    while (next) {
      const read: RedactedRead | null = await next;
      if (!read || this.#stopped) return;
      if (read.reset) {
        // What is read from now on belongs into a generation that replaces this one, filled by a feed of its own.
        this.#stopped = true;
        return this.#options.onReset(read.reset);
      }
      next = read.caughtUp ? null : source.read();
      // It is looked at when its turn comes.
      next?.catch(() => {});
      if (read.entries.length > 0) {
        await this.#options.append(read.entries, read.masked);
        progress.made = true;
      }
      this.#title = read.title;
      const now = read.caughtUp ? 0 : read.bytesBehind;
      this.#behind = { now, most: Math.max(1, read.caughtUp ? 1 : this.#behind.most, now) };
    }
    if (!this.#stopped) this.#options.onCaughtUp();
  }

  #open(): RedactedSource {
    const { path, key, withThinking, positions, redaction } = this.#options;
    return redaction.open({ path, key, withThinking, resume: positions(), title: this.#title });
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof TeammateSyncError && error.code === 'CANNOT_WATCH';
}

function redactionFailed(cause: Error): TeammateSyncError {
  const message = `${cause.message}, ${REDACTION_TRIES} times; nothing more of this conversation is shared meanwhile`;
  return new TeammateSyncError('REDACTION_FAILED', message, { cause });
}
