/** What a verb prints, for a reader who is shown some lines and no more. */
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { clip } from '../../platform/printable.ts';

/** Longer lines are cut: one that fills everything would hide the rest. */
const LINE_MAX = 2000;

export class Collector extends Writable {
  readonly #maxBytes: number;
  readonly #keep: 'first' | 'newest';
  readonly #decoder = new StringDecoder('utf8');
  readonly #lines: string[] = [];
  #bytes = 0;
  #open = '';
  /** Lines that were left out. */
  left = 0;

  /** @param keep which lines stay when there is no room for all */
  constructor(maxBytes: number, keep: 'first' | 'newest') {
    super();
    this.#maxBytes = maxBytes;
    this.#keep = keep;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const parts = (this.#open + this.#decoder.write(chunk)).split('\n');
    this.#open = parts.pop() ?? '';
    for (const part of parts) this.#add(part);
    done();
  }

  /** All that was kept, without a last line break. */
  text(): string {
    if (this.#open !== '') this.#add(this.#open);
    this.#open = '';
    return this.#lines.join('\n').trimEnd();
  }

  #add(line: string): void {
    const kept = clip(line, LINE_MAX);
    const bytes = Buffer.byteLength(kept) + 1;
    if (this.#keep === 'first' && (this.left > 0 || this.#bytes + bytes > this.#maxBytes)) {
      this.left++;
      return;
    }
    this.#lines.push(kept);
    this.#bytes += bytes;
    for (; this.#bytes > this.#maxBytes; this.left++) this.#bytes -= Buffer.byteLength(this.#lines.shift() ?? '') + 1;
  }
}
