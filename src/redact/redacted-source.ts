/** One transcript that the redaction thread reads, as the daemon holds it. */
import { type ErrorCode, TeammateSyncError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { type Redacted, seal } from './sealed.ts';
import type { ReadAnswer, ToThread } from './thread-messages.ts';

/** The next entries of a transcript. */
export interface RedactedRead extends Pick<ReadAnswer, 'masked' | 'title' | 'caughtUp' | 'bytesBehind' | 'reset'> {
  entries: Redacted<Entry>[];
}

/** The thread is gone. What was not answered is lost with it: open the source again at what was taken, and read on. */
export class ThreadGone extends Error {
  override name = 'ThreadGone';
}

interface Pending {
  resolve: (read: RedactedRead | null) => void;
  reject: (error: Error) => void;
}

export class RedactedSource {
  readonly id: number;
  readonly #tell: (message: ToThread) => void;
  readonly #onClose: (source: RedactedSource) => void;
  /** Reads under way, oldest first: the thread answers in order. */
  readonly #pending: Pending[] = [];
  #gone: ThreadGone | null = null;
  #closed = false;

  /** Only {@link Redaction} makes these. */
  constructor(id: number, tell: (message: ToThread) => void, onClose: (source: RedactedSource) => void) {
    this.id = id;
    this.#tell = tell;
    this.#onClose = onClose;
  }

  get waiting(): boolean {
    return this.#pending.length > 0;
  }

  /**
   * What comes next; null once it is closed. A read may be asked for before the one before was answered: at most about
   * 2 MiB each are then under way.
   * @throws ThreadGone; TeammateSyncError as `capture` throws it (CANNOT_WATCH), after which the next read tries again
   */
  read(): Promise<RedactedRead | null> {
    if (this.#closed) return Promise.resolve(null);
    if (this.#gone) return Promise.reject(this.#gone);
    const read = new Promise<RedactedRead | null>((resolve, reject) => this.#pending.push({ resolve, reject }));
    this.#tell({ type: 'read', id: this.id });
    return read;
  }

  /** What is under way resolves to null, and what still comes is dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { resolve } of this.#pending.splice(0)) resolve(null);
    this.#onClose(this);
  }

  /** For {@link Redaction}: the thread has answered. */
  answered(answer: ReadAnswer): void {
    const { bytes, masked, title, caughtUp, bytesBehind, reset } = answer;
    let at = 0;
    const entries = answer.entries.map(({ length, ...entry }) => {
      const json = Buffer.from(bytes, at, length);
      at += length;
      return seal<Entry>({ ...entry, json });
    });
    this.#pending.shift()?.resolve({ entries, masked, title, caughtUp, bytesBehind, reset });
  }

  /** For {@link Redaction}: the thread could not read the file. */
  failed(code: ErrorCode, message: string): void {
    this.#pending.shift()?.reject(new TeammateSyncError(code, message));
  }

  /** For {@link Redaction}: there will be no answer. */
  lost(gone: ThreadGone): void {
    this.#gone = gone;
    for (const { reject } of this.#pending.splice(0)) reject(gone);
  }
}
