/** Reads blocks of a replica: from memory, from disk, or from its owner while they are connected. */
import type Hypercore from 'hypercore';
import type { CoreSlot } from '../platform/core-slot.ts';
import type { Turn } from '../protocol/turn.ts';
import type { Content } from './content.ts';
import type { Fetcher } from './fetcher.ts';
import type { OwnerLinks } from './owner-links.ts';

export interface BlockReaderOptions {
  slot: CoreSlot;
  fetcher: Fetcher;
  content: Content;
  links: OwnerLinks;
  /** Its header is proved, and it is not over. */
  isReadable: () => boolean;
  /** What is to be taken of it, nothing left out, is within the quota. */
  fitsQuota: () => boolean;
  parse: (block: Buffer) => Turn[];
}

export class BlockReader {
  readonly #options: BlockReaderOptions;

  constructor(options: BlockReaderOptions) {
    this.#options = options;
  }

  /** Entries of a block (from 1); waits for it while the owner is connected. Null: not here, and not to be had now. */
  async read(block: number, waitMs: number): Promise<Turn[] | null> {
    const { content, fetcher, isReadable, parse } = this.#options;
    if (!isReadable()) return null;
    const kept = content.block(block);
    if (kept) return parse(kept);
    const bytes = await this.with(block, waitMs, (_core, got) => got);
    if (bytes) fetcher.took(block, bytes);
    return bytes && isReadable() ? parse(bytes) : null;
  }

  /** What `task`, which must not fail, makes of the core once the block is on disk; null as {@link read}. */
  async with<T>(
    block: number,
    waitMs: number,
    task: (core: Hypercore, got: Buffer) => T | Promise<T>,
  ): Promise<T | null> {
    const { slot, isReadable } = this.#options;
    if (!isReadable()) return null;
    const use = async (core: Hypercore): Promise<T | null> => {
      const got = await this.#get(core, block, waitMs);
      return got && task(core, got);
    };
    const made = await slot.use(use, true).catch(() => null);
    return isReadable() ? made : null;
  }

  async #get(core: Hypercore, block: number, waitMs: number): Promise<Buffer | null> {
    const { links, fetcher, fitsQuota } = this.#options;
    const here = await core.get(block, { wait: false });
    if (here || links.alive.length === 0 || waitMs <= 0) return here;
    // Nothing is fetched over the quota because somebody reads on, nor what is old in the place of what is new.
    if (fetcher.overQuota || !fitsQuota()) return null;
    links.replicate(core);
    return core.get(block, { timeout: waitMs });
  }
}
