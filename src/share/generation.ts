/**
 * One generation of a session: a hypercore that only the process that made it appends to. After a restart it is served,
 * never written: a restored disk that appends again under the same key and index is a two-time pad (measured).
 */
import path from 'node:path';
import HyperDHT from 'hyperdht';
import { bytesOf, type Self, sign } from '../identity/index.ts';
import { type CoreFolder, openCoreFolder } from '../platform/core-storage.ts';
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
}

export interface NewGeneration {
  folder: string;
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
  readonly #folder: CoreFolder;
  #closed = false;
  private constructor(stored: StoredGeneration, folder: CoreFolder, writable: boolean) {
    this.stored = stored;
    this.#folder = folder;
    this.writable = writable;
  }

  /** A new core with a new key pair and a new block key, its signed header in block 0. */
  static async create(options: NewGeneration): Promise<Generation> {
    const { self, session, gen, kind } = options;
    // A later start opens this core by its key alone, so that only this process ever appends to it.
    const keyPair = HyperDHT.keyPair(options.random(32));
    const blockKey = options.random(32);
    const opened = await openCoreFolder(folderOf(options.folder, gen), { keyPair }, blockKey);
    const stored = { gen, core: b64url(opened.core.key), key: b64url(blockKey), kind, turns: 0 };
    const header: CoreHeader = {
      t: 'teammate-sync/core',
      format: 1,
      session,
      gen,
      core: stored.core,
      owner: { uid: self.uid, sign: self.signKey },
      host: self.workspace.host,
      org: self.workspace.orgId,
      project: options.project,
      startedAt: options.startedAt,
      kind,
      after: options.after,
    };
    const payload = headerPayload(header);
    await opened.core.append(encodeHeader(payload, sign(pae(HEADER_DOMAIN, payload), self.keys.sign.secretKey)));
    return new Generation(stored, opened, true);
  }

  /** An earlier generation, for reading and serving only. */
  static async reopen(folder: string, stored: StoredGeneration): Promise<Generation> {
    const opened = await openCoreFolder(
      folderOf(folder, stored.gen),
      { key: bytesOf(stored.core) },
      bytesOf(stored.key),
    );
    return new Generation(stored, opened, false);
  }

  get gen(): number {
    return this.stored.gen;
  }

  /** Blocks, the header included. */
  get blocks(): number {
    return this.#folder.core.length;
  }

  /** Appends entries, packed; resolves when they are on disk. Only what `redact` made can be given. */
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
    await this.#folder.core.append(blocks);
  }

  /** Own entries of one block (from 1). */
  async read(block: number): Promise<Turn[]> {
    const bytes = await this.#folder.core.get(block, { wait: false });
    return bytes ? parseBlock(bytes) : [];
  }

  /** Serves this core on one connection. Call in the tick in which the grant was checked. */
  attach(link: PeerLink): void {
    if (!this.#closed && !link.closed) this.#folder.core.replicate(link.mux);
  }

  /**
   * Takes it away from one connection, in this tick. Detach first: a closed but attached core is paired again by the
   * remote. `detachFrom` is internal to hypercore; versions are pinned and a test holds it.
   */
  detach(link: PeerLink): void {
    if (this.#closed) return;
    const { core } = this.#folder;
    core.core.replicator.detachFrom(link.mux);
    for (const peer of [...core.peers]) if (peer.protomux === link.mux) peer.channel.close();
  }

  /** True while this core is replicated on that connection. */
  servedOn(link: PeerLink): boolean {
    return this.#folder.core.peers.some((peer) => peer.protomux === link.mux);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#folder.close();
  }

  async wipe(): Promise<void> {
    this.#closed = true;
    await this.#folder.wipe();
  }
}

function folderOf(folder: string, gen: number): string {
  return path.join(folder, String(gen));
}
