/**
 * The recipient's copy of one generation: ciphertext on disk, its key in memory only. The core is open while something is
 * to be fetched or read, and as long after that as nobody needs its place; what is known of it stays known.
 */
import type Hypercore from 'hypercore';
import { asTeammateSyncError, type ErrorCode, TeammateSyncError } from '../errors.ts';
import { bytesOf } from '../identity/index.ts';
import { CoreSlot } from '../platform/core-slot.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import type { CoreHeader } from '../protocol/core-block.ts';
import type { Grant } from '../protocol/statements.ts';
import type { Turn } from '../protocol/turn.ts';
import { BlockReader } from './block-reader.ts';
import { Content, entriesOf } from './content.ts';
import { Fetcher, type Taken } from './fetcher.ts';
import { proveHeader } from './header-proof.ts';
import { OwnerLinks } from './owner-links.ts';
import { type Proved, proveEntries } from './proved-entries.ts';
import type { ReplicaOptions } from './replica-options.ts';
import { Retry } from './retry.ts';

export class Replica {
  readonly grant: Grant;
  header: CoreHeader | null = null;
  /** Blocks and entries that the owner says there are. */
  announced = { blocks: 0, turns: 0, final: false };
  readonly #options: ReplicaOptions;
  readonly #links = new OwnerLinks();
  readonly #slot: CoreSlot;
  readonly #fetcher: Fetcher;
  readonly #content = new Content((block) => this.#parse(block));
  readonly #reader: BlockReader;
  readonly #retry = new Retry(() => this.#work());
  /** As of when it was last open; null: it was not yet. */
  #known: { length: number; byteLength: number } | null = null;
  #over = false;
  #proving = false;

  constructor(options: ReplicaOptions) {
    const { cores, folder, grant, free } = options;
    this.#options = options;
    this.grant = grant;
    this.#slot = new CoreSlot({
      pool: cores,
      folder,
      which: { key: bytesOf(grant.core) },
      copy: true,
      blockKey: bytesOf(grant.key),
      free,
      onOpen: (core) => this.#onOpen(core),
      onClose: (core) => this.#onClose(core),
      onFailed: (error) => options.onFailed(this, error),
      busy: () => this.live && (this.#proving || this.#fetcher.active || this.#lacking),
    });
    this.#fetcher = new Fetcher({
      allowance: () => options.allowance(this),
      onOverQuota: () => options.onQuota(this),
      onBlock: (index, block) => this.#onBlock(index, block),
      onBroken: (why) => this.#malformed(why),
      onQuiet: () => this.#onQuiet(),
    });
    this.#reader = new BlockReader({
      ...{ slot: this.#slot, fetcher: this.#fetcher, content: this.#content, links: this.#links },
      isReadable: () => this.header !== null && !this.#over,
      fitsQuota: () => this.wholeBytes <= options.allowance(this),
      parse: (block) => this.#parse(block),
    });
  }

  get title(): string | null {
    return this.#content.title;
  }

  /** Blocks, the header included, that are known to exist. */
  get length(): number {
    return (this.#slot.core ?? this.#known)?.length ?? 0;
  }

  get fetched(): { blocks: number; turns: number } {
    return { blocks: this.#fetcher.blocks, turns: this.#fetcher.turns };
  }

  /** From now on it is replicated on this connection, when there is something to replicate. */
  attach(link: PeerLink): void {
    this.#links.add(link);
    this.#retry.reset();
    if (this.#slot.core && !this.#settled) this.#links.replicate(this.#slot.core);
    this.#work();
  }

  /** The owner's device says how much there is. */
  announce(count: { blocks: number; turns: number; final: boolean }): void {
    this.announced = { blocks: count.blocks, turns: count.turns, final: count.final };
    if (!this.#checkWhole()) return;
    this.#retry.reset();
    this.#work();
  }

  /** What was taken of it, and whether that is all that is taken. */
  get taken(): Taken {
    return this.#fetcher;
  }

  /** Bytes that its owner has of it, as far as is known. */
  get wholeBytes(): number {
    return (this.#slot.core ?? this.#known)?.byteLength ?? 0;
  }

  /** Connections on which it is replicated. */
  get links(): PeerLink[] {
    return this.#links.alive;
  }

  detached(link: PeerLink): void {
    this.#links.delete(link);
  }

  /** The owner is connected. */
  get live(): boolean {
    return this.links.length > 0;
  }

  /** Entries of a block (from 1); waits for it while the owner is connected. Null: not here, and not to be had now. */
  read(block: number, waitMs: number): Promise<Turn[] | null> {
    return this.#reader.read(block, waitMs);
  }

  /** The same out of what is on disk, with the proof that its owner signed it. @throws CITATION_UNPROVED */
  prove(block: number, waitMs: number): Promise<Proved | null> {
    return proveEntries(this.#reader, bytesOf(this.grant.core), block, waitMs);
  }

  /** Ends all reading in this tick and forgets the key; resolves when the folder is free. The ciphertext stays. */
  close(): Promise<void> {
    this.#over = true;
    this.header = null;
    this.#retry.stop();
    this.#fetcher.stop();
    this.#content.clear();
    return this.#slot.close();
  }

  /** Something of it is not here, as far as is known, and may be taken. */
  get #lacking(): boolean {
    if (!this.#known || !this.header) return true;
    return this.#fetcher.wanting || (!this.#fetcher.overQuota && this.length < this.announced.blocks);
  }

  /** Opens and replicates it if its owner is there and has something for us; else leaves it as it is. */
  #work(): void {
    if (this.#over || !this.live || !this.#lacking) return;
    this.#slot.use((core) => this.#go(core)).catch(() => {});
  }

  #go(core: Hypercore): void {
    if (this.#over || !this.#checkWhole()) return;
    this.#links.replicate(core);
    // Nothing but the header is asked for before it has proved whose core this is.
    if (this.header) this.#fetcher.resume();
    else void this.#prove(core);
    if (!this.#fetcher.active && !this.#proving) this.#onQuiet();
  }

  #onOpen(core: Hypercore): void {
    if (core.length < this.length) throw new TeammateSyncError('CORE_LOST', 'the copy lost what had been fetched');
    core.on('truncate', () => this.#broken('GENERATION_FORKED', 'the owner rewrote this generation'));
    core.on('append', () => this.#grown());
    core.on('peer-remove', () => this.#onQuiet());
    this.#known = { length: core.length, byteLength: core.byteLength };
    this.#fetcher.core = core;
    if (this.live && !this.#settled) this.#links.replicate(core);
  }

  #onClose(core: Hypercore): void {
    this.#known = { length: core.length, byteLength: core.byteLength };
    this.#fetcher.core = null;
    this.#onQuiet();
  }

  /** Nothing comes any more for now: tried again if something is lacking, closed if all of it came that is going to. */
  #onQuiet(): void {
    if (this.#over) return;
    const lacking = this.#lacking;
    if (lacking && this.live) this.#retry.later();
    if (!lacking && this.#settled) this.#slot.rest();
  }

  /** Nothing more comes of it: of what is over the quota, its owner says how much there is. */
  get #settled(): boolean {
    return this.announced.final || this.#fetcher.overQuota;
  }

  async #prove(core: Hypercore): Promise<void> {
    if (this.#proving) return;
    this.#proving = true;
    try {
      const header = await proveHeader(core, this.grant, () => this.#slot.core === core && this.#links.replicate(core));
      if (!this.#over) this.header = header;
    } catch (error) {
      const { code, message } = asTeammateSyncError(error);
      return this.#broken(code, message);
    } finally {
      this.#proving = false;
    }
    // Not to be had now: asked for again when its owner is back.
    if (!this.header) return this.#onQuiet();
    this.#slot.touch();
    this.#options.onChanged(this);
    this.#grown();
  }

  /** An owner that has less of a finished generation than we do was set back to an older copy of its disk. */
  #checkWhole(): boolean {
    const { blocks, final } = this.announced;
    if (!final || this.length <= blocks) return true;
    this.#broken('GENERATION_FORKED', 'the owner has less of this generation than was sent before');
    return false;
  }

  #grown(): void {
    const { core } = this.#slot;
    if (!core || this.#over) return;
    if (core.fork !== 0) return this.#broken('GENERATION_FORKED', 'this generation has a fork');
    if (!this.#checkWhole() || !this.header) return;
    this.#fetcher.resume();
    this.#options.onChanged(this);
    if (!this.#fetcher.active) this.#onQuiet();
  }

  #onBlock(index: number, block: Buffer): number {
    const titles = this.#content.add(index, block);
    this.#slot.touch();
    this.#retry.reset();
    this.#options.onChanged(this);
    return titles;
  }

  #parse(block: Buffer): Turn[] {
    return entriesOf(block, (why) => this.#malformed(why));
  }

  #malformed(why: string): void {
    this.#broken('FRAME_MALFORMED', `the session core holds ${why}`);
  }

  #broken(code: ErrorCode, message: string): void {
    if (!this.#over) this.#options.onBroken(this, new TeammateSyncError(code, message));
  }
}
