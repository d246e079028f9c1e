/**
 * One generation of a session: a hypercore that only the process that made it appends to. After a restart it is served,
 * never written: a restored disk that appends again under the same key and index is a two-time pad (measured). It is open
 * only while it is needed; the process that made it keeps the key pair in memory and looks, whenever it opens the core
 * again, whether exactly what it wrote is there.
 */
import path from 'node:path';
import type { CorePeer } from 'hypercore';
import HyperDHT, { type KeyPair } from 'hyperdht';
import type Protomux from 'protomux';
import { bytesOf, type Self, sign } from '../identity/index.ts';
import type Hypercore from 'hypercore';
import { TeammateSyncError } from '../errors.ts';
import type { CorePool } from '../platform/core-pool.ts';
import { CoreSlot } from '../platform/core-slot.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { b64url, pae } from '../protocol/bytes.ts';
import {
  type CoreHeader,
  encodeBlock,
  encodeHeader,
  HEADER_DOMAIN,
  headerPayload,
  parseBlock,
} from '../protocol/core-block.ts';
import { BLOCK_TARGET_BYTES } from '../protocol/limits.ts';
import type { Turn } from '../protocol/turn.ts';
import type { Entry, Redacted } from '../redact/index.ts';

/** What is kept of a generation between starts, beside its folder. */
export interface StoredGeneration {
  gen: number;
  /** base64url of the core key and of the block key. */
  core: string;
  key: string;
  kind: 'continue' | 'replace';
  /** Turns in it, for listings. */
  turns: number;
  /** The conversation's name that it says last, as its readers have it; absent: it says none. */
  title?: string;
  /** Blocks, once it is never written again: then it need not be opened to be known. */
  blocks?: number;
}

/** Where generations are opened, and who is told what they cannot know by themselves. */
export interface GenerationHome {
  cores: CorePool;
  folder: string;
  /** A connection was left with less than there is. */
  onBehind?: (generation: Generation) => void;
  /** The core is not what was written: copied back, moved or damaged. */
  onLost?: (generation: Generation, error: unknown) => void;
}

export interface NewGeneration extends GenerationHome {
  session: string;
  gen: number;
  kind: 'continue' | 'replace';
  project: string;
  startedAt: string;
  after: { source: string; line: number }[];
  self: Self;
  random: (bytes: number) => Uint8Array;
}

export class Generation {
  readonly stored: StoredGeneration;
  /** This process made it and appends to it; all others are served as they are. */
  readonly writable: boolean;
  readonly #home: GenerationHome;
  readonly #slot: CoreSlot;
  /** When it was last open; 0: it was not yet. */
  #blocks: number;
  #closed = false;

  private constructor(home: GenerationHome, stored: StoredGeneration, keyPair: KeyPair | null) {
    this.#home = home;
    this.stored = stored;
    this.writable = keyPair !== null;
    this.#blocks = stored.blocks ?? 0;
    this.#slot = new CoreSlot({
      pool: home.cores,
      folder: folderOf(home.folder, stored.gen),
      which: keyPair ? { keyPair } : { key: bytesOf(stored.core) },
      blockKey: bytesOf(stored.key),
      onOpen: (core) => this.#onOpen(core),
      onFailed: (error) => home.onLost?.(this, error),
      busy: (core) => core.peers.some((peer) => peer.remoteContiguousLength < core.length),
    });
  }

  /** A new core with a new key pair and a new block key, its signed header in block 0. */
  static async create(options: NewGeneration): Promise<Generation> {
    const { gen, kind } = options;
    // A later start opens this core by its key alone, so that only this process ever appends to it.
    const keyPair = HyperDHT.keyPair(options.random(32));
    const blockKey = options.random(32);
    const stored = { gen, core: '', key: b64url(blockKey), kind, turns: 0 };
    const made = new Generation(options, stored, keyPair);
    await made.#slot.use(async (core) => {
      stored.core = b64url(core.key);
      await core.append(made.#header(options));
      made.#blocks = core.length;
    });
    return made;
  }

  #header(options: NewGeneration): Buffer {
    const { self, session, gen, kind } = options;
    const header: CoreHeader = {
      t: 'teammate-sync/core',
      format: 1,
      session,
      gen,
      core: this.stored.core,
      owner: { uid: self.uid, sign: self.signKey },
      host: self.workspace.host,
      org: self.workspace.orgId,
      project: options.project,
      startedAt: options.startedAt,
      kind,
      after: options.after,
    };
    const payload = headerPayload(header);
    return encodeHeader(payload, sign(pae(HEADER_DOMAIN, payload), self.keys.sign.secretKey));
  }

  /**
   * An earlier generation, for reading and serving only. Opened here only when it is not known yet how long it is.
   * @throws what the storage says about a core that cannot be opened
   */
  static async reopen(home: GenerationHome, stored: StoredGeneration): Promise<Generation> {
    const generation = new Generation(home, stored, null);
    if (stored.blocks === undefined) await generation.#slot.use(() => {});
    return generation;
  }

  get gen(): number {
    return this.stored.gen;
  }

  /** Blocks, the header included. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Connections that have this core now, and hear of what is appended without being told. */
  reached(): Set<Protomux> {
    return new Set(this.#slot.core?.peers.map((peer) => peer.protomux));
  }

  /**
   * Appends entries, packed; resolves when they are on disk. Only what `redact` made can be given.
   * @throws CORE_LOST when the core is not what this process wrote: then nothing is appended
   */
  async append(entries: Redacted<Entry>[]): Promise<void> {
    if (!this.writable || this.#closed || entries.length === 0) return;
    const blocks: Buffer[] = [];
    let pack: Buffer[] = [];
    let bytes = 0;
    for (const { json: encoded } of entries) {
      if (pack.length > 0 && bytes + encoded.length > BLOCK_TARGET_BYTES) {
        blocks.push(encodeBlock(pack));
        pack = [];
        bytes = 0;
      }
      pack.push(encoded);
      bytes += encoded.length;
    }
    blocks.push(encodeBlock(pack));
    await this.#slot.use(async (core) => {
      await core.append(blocks);
      this.#blocks = core.length;
    });
  }

  /** Own entries of one block (from 1). */
  async read(block: number): Promise<Turn[]> {
    const bytes = await this.#slot.use((core) => core.get(block, { wait: false }));
    return bytes ? parseBlock(bytes) : [];
  }

  /** False when its core was rewritten while it is open: nobody is granted that, and all is made anew. */
  isAsWritten(): boolean {
    const fork = this.#slot.core?.fork ?? 0;
    if (fork !== 0) this.#home.onLost?.(this, this.#rewritten());
    return fork === 0;
  }

  /** From this tick on the other side of this connection may ask for it. Call in the tick in which the grant was checked. */
  attach(link: PeerLink): void {
    if (!this.#closed && !link.closed) this.#slot.serve(link.mux);
  }

  /** Takes it away from one connection, in this tick. */
  detach(link: PeerLink): void {
    this.#slot.withdraw(link.mux);
  }

  /** True while the other side of this connection may ask for it, or gets it. */
  servedOn(link: PeerLink): boolean {
    return this.#slot.servedOn(link.mux);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#slot.close();
  }

  async wipe(): Promise<void> {
    this.#closed = true;
    await this.#slot.wipe();
  }

  #onOpen(core: Hypercore): void {
    const known = this.#blocks > 0;
    if (known && core.length !== this.#blocks) {
      throw new TeammateSyncError('CORE_LOST', `generation ${this.gen} has ${core.length} blocks of ${this.#blocks}`);
    }
    if (core.fork !== 0) throw this.#rewritten();
    this.#blocks = core.length;
    core.on('peer-remove', (peer: CorePeer) => {
      if (peer.remoteLength < this.#blocks) this.#home.onBehind?.(this);
    });
    core.on('upload', () => this.#slot.touch());
  }

  #rewritten(): TeammateSyncError {
    return new TeammateSyncError('CORE_LOST', `generation ${this.gen} was rewritten`);
  }
}

function folderOf(folder: string, gen: number): string {
  return path.join(folder, String(gen));
}
