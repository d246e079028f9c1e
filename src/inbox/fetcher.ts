/**
 * Fetches a replica's blocks, newest first: what was just said is wanted before what was said in the morning. What was
 * fetched in an earlier run comes before all else: it counts against the quota.
 */
import type Hypercore from 'hypercore';
import { countEntries } from '../protocol/core-block.ts';
import { BLOCK_MAX_BYTES } from '../protocol/limits.ts';

/** Blocks under way at once: about 1 MiB, so that a new block never waits long behind old ones. */
const WINDOW = 16;
/** A block that does not come in this time is asked for again when the owner is back. */
const GET_TIMEOUT_MS = 15_000;

export interface FetcherOptions {
  /** Bytes that may be taken in all, at this moment. */
  allowance: () => number;
  /** No more may be taken, though there is more: told once. */
  onOverQuota: () => void;
  /** A block came. Returns how many of its entries are no turns (titles). */
  onBlock: (index: number, block: Buffer) => number;
  /** A block that no honest owner sends. */
  onBroken: (why: string) => void;
  /** Nothing is under way any more: all that is known of is here, or does not come now. */
  onQuiet: () => void;
}

/** What was taken of a generation. */
export interface Taken {
  readonly bytes: number;
  /** What is taken from its session or person is reached: nothing more is fetched. */
  readonly overQuota: boolean;
  /** A block (from 1) is here. */
  has(index: number): boolean;
  /** A block (from 1) that is not here, and does not come: it is over the quota. */
  lacks(index: number): boolean;
}

export class Fetcher implements Taken {
  readonly #options: FetcherOptions;
  readonly #entries = new Map<number, number>();
  /** While it is open. */
  #core: Hypercore | null = null;
  /** Blocks to fetch, the newest last. */
  readonly #missing: number[] = [];
  /** Blocks to count that an earlier run fetched. */
  readonly #stored: number[] = [];
  /** Blocks below this are fetched, under way or in the list; block 0 is the header. */
  #known = 1;
  /** Fetches under way. */
  #lines = 0;
  #stopped = false;
  #overQuota = false;
  #turns = 0;
  #bytes = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  /** Blocks on this machine, without the header. */
  get blocks(): number {
    return this.#entries.size;
  }

  /** Entries in them. */
  get turns(): number {
    return this.#turns;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Fetches under way. */
  get active(): boolean {
    return this.#lines > 0;
  }

  /** Blocks that are known of, not here and wanted. */
  get wanting(): boolean {
    const listed = [this.#stored, this.#missing].some((list) => list.some((index) => !this.#entries.has(index)));
    return !this.#overQuota && !this.#stopped && listed;
  }

  /** The core that is open now; null: it is closed, and fetches under way come to nothing. */
  set core(core: Hypercore | null) {
    this.#core = core;
  }

  stop(): void {
    this.#stopped = true;
  }

  get overQuota(): boolean {
    return this.#overQuota;
  }

  has(index: number): boolean {
    return this.#entries.has(index);
  }

  lacks(index: number): boolean {
    return this.#overQuota && !this.#entries.has(index);
  }

  /** There is more, or the owner is back: as many blocks as may be are under way. */
  resume(): void {
    if (!this.#core) return;
    const { bitfield } = this.#core.core;
    for (; this.#known < this.#core.length; this.#known++) {
      (bitfield.get(this.#known) ? this.#stored : this.#missing).push(this.#known);
    }
    if (this.#stopped || this.#overQuota) return;
    const listed = this.#stored.length + this.#missing.length;
    for (let free = Math.min(WINDOW - this.#lines, listed); free > 0; free--) void this.#fetch();
  }

  /** A block that was read on demand counts as fetched. */
  took(index: number, block: Buffer): void {
    if (this.#entries.has(index) || this.#stopped) return;
    if (block.length > BLOCK_MAX_BYTES) return this.#options.onBroken(`a block of ${block.length} bytes`);
    let count: number;
    try {
      count = countEntries(block);
    } catch (error) {
      return this.#options.onBroken(error instanceof Error ? error.message : String(error));
    }
    this.#entries.set(index, count);
    this.#bytes += block.length;
    this.#turns += count;
    this.#turns -= this.#options.onBlock(index, block);
  }

  /** Takes the newest block that is missing, and the next, until there is none or one does not come. */
  async #fetch(): Promise<void> {
    this.#lines++;
    for (let index = this.#next(); index !== null; index = this.#next()) {
      if (await this.#get(index)) continue;
      // Asked for again with the next growth, or when the owner is back; behind what is newer.
      this.#missing.unshift(index);
      break;
    }
    this.#lines--;
    if (this.#lines === 0 && !this.#stopped) this.#options.onQuiet();
  }

  #next(): number | null {
    while (!this.#stopped && !this.#overQuota) {
      const stored = this.#stored.pop();
      const index = stored ?? this.#missing.pop();
      if (index === undefined) return null;
      if (this.#entries.has(index)) continue;
      if (stored !== undefined || this.#mayFetch()) return index;
      this.#missing.push(index);
      return null;
    }
    return null;
  }

  /** Near the quota one block at a time: none is fetched when it is reached, and how large one is, shows when it is here. */
  #mayFetch(): boolean {
    const left = this.#options.allowance() - this.#bytes;
    const others = this.#lines - 1;
    if (left > others * BLOCK_MAX_BYTES) return true;
    if (others > 0) return false;
    this.#overQuota = true;
    this.#options.onOverQuota();
    return false;
  }

  async #get(index: number): Promise<boolean> {
    try {
      const block = await this.#core?.get(index, { timeout: GET_TIMEOUT_MS });
      if (block) this.took(index, block);
      return block !== null && block !== undefined;
    } catch {
      return false;
    }
  }
}
