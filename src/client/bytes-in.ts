/** What comes in, as lines and pieces. Nothing is read before it is asked for, so a slow reader slows the daemon. */

/** Waits for the next bytes; how long is the caller's rule. */
export type Wait = <T>(bytes: Promise<T>) => Promise<T>;

export class BytesIn {
  readonly #source: AsyncIterator<Buffer>;
  readonly #wait: Wait;
  /** Came with what was asked for before. */
  #ahead: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>, wait: Wait) {
    this.#source = source[Symbol.asyncIterator]();
    this.#wait = wait;
  }

  /**
   * A line in latin1 without its end (LF or CRLF); null when it is longer than `maxBytes`.
   * @throws what the source fails with; ECONNRESET when it ends before the line does
   */
  async line(maxBytes: number): Promise<string | null> {
    for (let end = this.#ahead.indexOf(10); ; end = this.#ahead.indexOf(10)) {
      if (end > maxBytes || (end < 0 && this.#ahead.length > maxBytes)) return null;
      if (end >= 0) {
        const line = this.#ahead.toString('latin1', 0, this.#ahead[end - 1] === 13 ? end - 1 : end);
        this.#ahead = this.#ahead.subarray(end + 1);
        return line;
      }
      this.#ahead = Buffer.concat([this.#ahead, await this.#next()]);
    }
  }

  /** At least one byte and at most `maxBytes`, as they come. @throws as {@link line} */
  async some(maxBytes: number): Promise<Buffer> {
    const bytes = this.#ahead.length > 0 ? this.#ahead : await this.#next();
    this.#ahead = bytes.subarray(maxBytes);
    return bytes.subarray(0, maxBytes);
  }

  async #next(): Promise<Buffer> {
    const { done, value } = await this.#wait(this.#source.next());
    if (done) throw Object.assign(new Error('closed'), { code: 'ECONNRESET' });
    return value;
  }
}
