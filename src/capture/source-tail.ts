/**
 * The reading end of one file of a transcript: what was read, and whether the file still is what was read.
 * No file stays open between two calls, so nothing is locked and any number of subagents costs no descriptors.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from '../platform/ownership.ts';
import { LineSplitter, type RawLine } from './line-splitter.ts';

/** shrunk and replaced: what was read before does not stand any more. */
export type TailState = 'same' | 'missing' | 'shrunk' | 'replaced';

/** So much of what was read is compared with the file each time: its first bytes, and the last before the offset. */
const PROBE_BYTES = 4096;
/** Opening a FIFO without it would wait for a writer. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export class SourceTail {
  readonly source: string;
  readonly path: string;
  /** Of the file when it was looked at last. */
  size = 0;
  /** Complete lines taken so far. */
  lines = 0;
  #identity: string | null = null;
  #seen = '';
  #offset = 0;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  readonly #splitter = new LineSplitter();

  constructor(source: string, path: string) {
    this.source = source;
    this.path = path;
  }

  /** True once any byte was read. */
  get started(): boolean {
    return this.#offset > 0;
  }

  /** Bytes of the file that did not come out as lines yet. */
  get bytesBehind(): number {
    return this.size - this.#offset + this.#splitter.pendingBytes;
  }

  /** True when {@link pull} would bring more. */
  get hasMore(): boolean {
    return this.#offset < this.size;
  }

  /**
   * Looks at the file: is it still the one that was read, with the same bytes? `size` is then its present size.
   * @param always look into it also when its size, times and inode are those of the last time
   * @throws the system's error, except that there is no such file
   */
  async check(always: boolean): Promise<TailState> {
    return this.#with(async (handle) => (await this.#verify(handle, always)).state);
  }

  /** Reads at most `maxBytes` more, not beyond `size`, and hands them to {@link nextLine}. Returns how many came. */
  async pull(maxBytes: number): Promise<{ state: TailState; bytes: number }> {
    let bytes = 0;
    const state = await this.#with(async (handle) => {
      const until = this.size;
      const found = await this.#verify(handle, true, Math.min(maxBytes, until - this.#offset));
      if (found.state !== 'same') return found.state;
      this.size = Math.max(until, this.#offset + found.more.length);
      bytes = found.more.length;
      if (bytes > 0) this.#take(found.more);
      return 'same';
    });
    return { state, bytes };
  }

  /** The next complete line that was read, or null. */
  nextLine(): RawLine | null {
    const line = this.#splitter.next();
    if (line) this.lines++;
    return line;
  }

  async #with(use: (handle: FileHandle) => Promise<TailState>): Promise<TailState> {
    let handle: FileHandle;
    try {
      handle = await open(this.path, READ_ONLY);
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
      throw error;
    }
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  }

  async #verify(handle: FileHandle, always: boolean, more = 0): Promise<{ state: TailState; more: Buffer }> {
    const none = Buffer.alloc(0);
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error(`${this.path} is not a file`);
    const identity = `${stat.dev}:${stat.ino}`;
    const size = Number(stat.size);
    // A file that gave nothing yet may be exchanged for any other.
    if (this.#offset > 0) {
      if (identity !== this.#identity) return { state: 'replaced', more: none };
      if (size < this.#offset) return { state: 'shrunk', more: none };
    }
    this.#identity = identity;
    this.size = size;
    const seen = `${identity}:${size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    if (!always && seen === this.#seen) return { state: 'same', more: none };

    if (!(await readAt(handle, 0, this.#head.length)).equals(this.#head)) return { state: 'replaced', more: none };
    // The old bytes and the new in one read, so that a rewrite between two reads cannot join old lines to new ones.
    const start = this.#offset - this.#tail.length;
    const bytes = await readAt(handle, start, this.#tail.length + more);
    if (!bytes.subarray(0, this.#tail.length).equals(this.#tail)) return { state: 'replaced', more: none };
    this.#seen = seen;
    return { state: 'same', more: bytes.subarray(this.#tail.length) };
  }

  #take(bytes: Buffer): void {
    if (this.#head.length < PROBE_BYTES && this.#head.length === this.#offset) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, PROBE_BYTES - this.#head.length)]);
    }
    const tail = bytes.length >= PROBE_BYTES ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = Buffer.from(tail.subarray(-PROBE_BYTES));
    this.#offset += bytes.length;
    this.#splitter.push(bytes);
  }
}

/** Up to `length` bytes from `position`; fewer at the end of the file. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
