/** The texts themselves, as UTF-8 in pages that can be overwritten: a string stays in memory until it is collected. */
import { createHash } from 'node:crypto';
import { int32 } from './column.ts';
import { SAME_TEXT_CHARS } from './settings.ts';

/** Pages grow with what is held, so that many short sessions cost little. */
const FIRST_PAGE_BYTES = 16 * 1024;
const PAGE_MAX_BYTES = 1024 * 1024;

export class Texts {
  #pages: Buffer[] = [];
  #free = 0;
  /** Where each text is, and how long, in bytes. */
  readonly #page = int32();
  readonly #offset = int32();
  readonly #length = int32();
  /** Of long ones, by digest: what is said again is kept once. */
  readonly #known = new Map<string, number>();
  #bytes = 0;

  get length(): number {
    return this.#page.length;
  }

  /** Of all texts. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of a text, and whether it is new. */
  add(text: string): { id: number; fresh: boolean } {
    const digest = text.length > SAME_TEXT_CHARS ? createHash('sha1').update(text).digest('base64') : null;
    const known = digest === null ? undefined : this.#known.get(digest);
    if (known !== undefined) return { id: known, fresh: false };
    const id = this.#store(Buffer.from(text, 'utf8'));
    if (digest !== null) this.#known.set(digest, id);
    return { id, fresh: true };
  }

  get(id: number): string {
    const start = this.#offset.at(id);
    return this.#pages[this.#page.at(id)]?.toString('utf8', start, start + this.#length.at(id)) ?? '';
  }

  bytesOf(id: number): number {
    return this.#length.at(id);
  }

  wipe(): void {
    for (const page of this.#pages) page.fill(0);
    this.#pages = [];
    this.#known.clear();
    this.#bytes = 0;
    for (const column of [this.#page, this.#offset, this.#length]) column.wipe();
  }

  #store(bytes: Buffer): number {
    if (bytes.length > this.#free) {
      const size = Math.max(Math.min(PAGE_MAX_BYTES, FIRST_PAGE_BYTES + this.#bytes), bytes.length);
      this.#pages.push(Buffer.allocUnsafeSlow(size));
      this.#free = size;
    }
    const page = this.#pages.at(-1);
    const offset = (page?.length ?? 0) - this.#free;
    bytes.copy(page ?? bytes, offset);
    this.#free -= bytes.length;
    this.#bytes += bytes.length;
    this.#page.push(this.#pages.length - 1);
    this.#offset.push(offset);
    return this.#length.push(bytes.length);
  }
}
