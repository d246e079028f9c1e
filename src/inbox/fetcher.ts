/** Fetches a replica's blocks, newest first: what was just said is wanted before what was said in the morning. */
import type Hypercore from 'hypercore';
import { countEntries } from '../protocol/core-block.ts';
import { BLOCK_MAX_BYTES } from '../protocol/limits.ts';

/** Blocks asked for at once: about 1 MiB, so that a new block never waits long behind old ones. */
const WINDOW = 16;
/** A block that does not come in this time is asked for again when the owner is back. */
const GET_TIMEOUT_MS = 15_000;

export interface FetcherOptions {
  core: Hypercore;
  onBlock: (index: number, block: Buffer) => void;
  /** A block that no honest owner sends. */
  onBroken: (why: string) => void;
}

export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #entries = new Map<number, number>();
  #running = false;
  #stopped = false;
  #paused = false;
  #turns = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
    options.core.on('append', () => this.resume());
  }

  /** Blocks on this machine, without the header. */
  get blocks(): number {
    return this.#entries.size;
  }

  /** Entries in them. */
  get turns(): number {
    return this.#turns;
  }

  has(block: number): boolean {
    return this.#entries.has(block);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Not beyond what is taken from one session or person. False when it was paused before. */
  pause(): boolean {
    const first = !this.#paused;
    this.#paused = true;
    return first;
  }

  /** There is more, or the owner is back. */
  resume(): void {
    if (this.#running || this.#stopped || this.#paused) return;
    this.#running = true;
    void this.#run().finally(() => {
      this.#running = false;
    });
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
    this.#turns += count;
    this.#options.onBlock(index, block);
  }

  async #run(): Promise<void> {
    for (;;) {
      const wanted = this.#newestMissing();
      if (wanted.length === 0 || this.#stopped || this.#paused) return;
      const got = await Promise.all(wanted.map((i) => this.#get(i)));
      if (got.every((ok) => !ok)) return;
    }
  }

  #newestMissing(): number[] {
    const wanted: number[] = [];
    for (let i = this.#options.core.length - 1; i > 0 && wanted.length < WINDOW; i--) {
      if (!this.#entries.has(i)) wanted.push(i);
    }
    return wanted;
  }

  async #get(index: number): Promise<boolean> {
    try {
      const block = await this.#options.core.get(index, { timeout: GET_TIMEOUT_MS });
      if (block) this.took(index, block);
      return block !== null;
    } catch {
      return false;
    }
  }
}
