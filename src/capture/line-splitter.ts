/** Bytes to lines, in bounded memory: a line beyond the limit is counted, not kept. */
import { SOURCE_LINE_MAX_BYTES } from '../protocol/limits.ts';

/** A complete line without its `\n`, or the length of one that was too long. */
export type RawLine = { bytes: Buffer } | { tooLong: number };

const NEWLINE = 10;

export class LineSplitter {
  /** Chunks of the line that has not ended yet. */
  #open: Buffer[] = [];
  #openBytes = 0;
  /** What was pushed last and is not split yet. */
  #rest: Buffer = Buffer.alloc(0);
  readonly #maxBytes: number;

  constructor(maxBytes: number = SOURCE_LINE_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that were pushed and did not come out as lines, including those of a line too long to keep. */
  get pendingBytes(): number {
    return this.#openBytes + this.#rest.length;
  }

  /** Call only when {@link next} has returned null. */
  push(bytes: Buffer): void {
    this.#rest = bytes;
  }

  /** The next complete line, or null when more bytes are needed. */
  next(): RawLine | null {
    const at = this.#rest.indexOf(NEWLINE);
    const piece = at < 0 ? this.#rest : this.#rest.subarray(0, at);
    this.#openBytes += piece.length;
    if (this.#openBytes > this.#maxBytes) this.#open = [];
    else if (piece.length > 0) this.#open.push(piece);
    if (at < 0) {
      this.#rest = Buffer.alloc(0);
      return null;
    }
    this.#rest = this.#rest.subarray(at + 1);
    const length = this.#openBytes;
    // Most lines lie within one chunk and need no copy.
    const whole = this.#open.length === 1 && this.#open[0] ? this.#open[0] : Buffer.concat(this.#open);
    const line: RawLine = length > this.#maxBytes ? { tooLong: length } : { bytes: whole };
    this.#open = [];
    this.#openBytes = 0;
    return line;
  }
}
