/**
 * One core folder that is opened when it is needed and closed when the pool needs its place. Opening, closing and the end
 * follow one another; the end wins over all that waits.
 */
import Hypercore from 'hypercore';
import type Protomux from 'protomux';
import { answerChannel, endChannels } from './core-channels.ts';
import type { CorePool, PoolMember } from './core-pool.ts';
import { type CoreFolder, openCopyFolder, openCoreFolder } from './core-storage.ts';
import { removeTree } from './private-files.ts';
import type { ServedCore } from './served-cores.ts';

export interface CoreSlotOptions {
  pool: CorePool;
  folder: string;
  /** A key pair to write, or a core key to read; the pair stays in memory, so that only this process ever writes. */
  which: Parameters<typeof openCoreFolder>[1];
  /** A copy of somebody's core: one that cannot be opened is fetched anew. */
  copy?: boolean;
  /** 32 bytes. */
  blockKey: Uint8Array;
  /** Resolves when the folder may be used. */
  free?: () => Promise<void>;
  /** In the tick in which it was opened. Whoever throws here closes it again. */
  onOpen?: (core: Hypercore) => void;
  /** In the tick in which its closing begins. */
  onClose?: (core: Hypercore) => void;
  /** It could not be opened. */
  onFailed?: (error: unknown) => void;
  /** Something is under way with it, though nobody holds it at this moment. Believed for {@link STALLED_MS}. */
  busy?: (core: Hypercore) => boolean;
}

/** A core that claims to be busy and was not touched for this long may be closed: whoever does not answer keeps no place. */
const STALLED_MS = 2000;
/** What was just touched stays: the other side has not had the time to answer, and nothing is opened to be closed at once. */
const SETTLE_MS = 50;

export class CoreSlot implements PoolMember, ServedCore {
  readonly #options: CoreSlotOptions;
  #open: CoreFolder | null = null;
  #opening: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #users = 0;
  #touchedAt = 0;
  #over = false;
  /** Connections whose asking was answered, until it is detached from them or closed. */
  readonly #answered = new Set<Protomux>();
  #discoveryKey: string | null;

  constructor(options: CoreSlotOptions) {
    this.#options = options;
    this.#discoveryKey = 'key' in options.which ? discoveryKeyOf(options.which.key) : null;
  }

  /** Hex; of a core that is to be written, known once it was open. */
  get discoveryKey(): string {
    return this.#discoveryKey ?? '';
  }

  /** The open core; null while it is closed, being opened or being closed. */
  get core(): Hypercore | null {
    return this.#closing || this.#over ? null : (this.#open?.core ?? null);
  }

  get closing(): boolean {
    return this.#closing !== null;
  }

  get idle(): boolean {
    return this.#unneeded && performance.now() - this.#touchedAt > SETTLE_MS;
  }

  get #unneeded(): boolean {
    if (!this.#open || this.#closing || this.#users > 0) return false;
    const stalled = performance.now() - this.#touchedAt > STALLED_MS;
    return stalled || !this.#options.busy?.(this.#open.core);
  }

  /**
   * Runs `task` with the open core, which is not closed before it is done, unless it ends for good.
   * @param first somebody waits for the answer
   * @throws what opening throws; an error when the slot is over
   */
  async use<T>(task: (core: Hypercore) => T | Promise<T>, first = false): Promise<T> {
    this.#users++;
    try {
      const core = await this.#opened(first);
      this.touch();
      return await task(core);
    } finally {
      this.#users--;
      this.touch();
      this.#options.pool.freed();
    }
  }

  /** From this tick on, the other side of this connection may ask for it, open or not. */
  serve(mux: Protomux): void {
    this.#options.pool.served.serve(mux, this);
  }

  /** From this tick on it may not, and gets nothing more of what it asked for. */
  withdraw(mux: Protomux): void {
    this.#options.pool.served.withdraw(mux, this);
    this.detach(mux);
  }

  /** True while the other side of this connection may ask for it, or gets it. */
  servedOn(mux: Protomux): boolean {
    const attached = this.#open?.core.peers.some((peer) => peer.protomux === mux) ?? false;
    return attached || this.#options.pool.served.isServed(mux, this);
  }

  answer(mux: Protomux, allowed: () => boolean): void {
    const attach = (core: Hypercore): void => {
      if (!allowed()) return;
      this.#answered.add(mux);
      answerChannel(core, mux);
    };
    const { core } = this;
    if (!core) return void this.use(attach).catch(() => {});
    this.touch();
    attach(core);
  }

  /** It is used at this moment by somebody who does not hold it. */
  touch(): void {
    this.#touchedAt = performance.now();
    this.#options.pool.touch(this);
  }

  /** Ends its replication on this connection in this tick, whatever else is under way. */
  detach(mux: Protomux): void {
    this.#answered.delete(mux);
    if (this.#open) endChannels(this.#open.core, mux);
  }

  /** Closes it now if nobody needs it; it can be opened again. */
  rest(): void {
    if (this.#unneeded) this.evict();
  }

  evict(): void {
    void this.#shut().catch(() => {});
  }

  /** Closes it for good: nobody gets the core from this tick on. Resolves when the folder is free. */
  async close(): Promise<void> {
    this.#over = true;
    this.#options.pool.cancel(this, closed());
    await this.#opening?.catch(() => {});
    await this.#shut();
  }

  /** Closes it for good and removes the folder. */
  async wipe(): Promise<void> {
    await this.close().catch(() => {});
    await removeTree(this.#options.folder);
  }

  async #opened(first: boolean): Promise<Hypercore> {
    for (;;) {
      const { core } = this;
      if (core) return core;
      if (this.#over) throw closed();
      if (this.#closing) await this.#closing.catch(() => {});
      else await this.#opens(first);
    }
  }

  #opens(first: boolean): Promise<void> {
    this.#opening ??= this.#openFolder(first).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openFolder(first: boolean): Promise<void> {
    const { pool, free, onFailed } = this.#options;
    try {
      await free?.();
      if (this.#over) throw closed();
      await pool.enter(this, first);
      await this.#openNow();
    } catch (error) {
      if (this.#open) await this.#shut().catch(() => {});
      else pool.leave(this);
      if (!this.#over) onFailed?.(error);
      throw error;
    }
  }

  async #openNow(): Promise<void> {
    const { folder, which, blockKey, copy, onOpen } = this.#options;
    // Looked at after each wait: whoever ended it meanwhile waits for this to fail.
    if (this.#over) throw closed();
    const opened = await (copy && 'key' in which
      ? openCopyFolder(folder, which.key, blockKey)
      : openCoreFolder(folder, which, blockKey));
    this.#open = opened;
    this.#discoveryKey ??= discoveryKeyOf(opened.core.key);
    this.touch();
    if (this.#over) throw closed();
    onOpen?.(opened.core);
  }

  #shut(): Promise<void> {
    const opened = this.#open;
    if (!opened) return Promise.resolve();
    if (this.#closing) return this.#closing;
    const { pool, onClose } = this.#options;
    const closing = Promise.resolve().then(() => opened.close());
    this.#closing = closing.finally(() => {
      this.#open = null;
      this.#closing = null;
      pool.leave(this);
    });
    // First of all: a core that is closed with its channels tells them that it wants nothing now, and the other side's
    // hypercore opens such a channel again at once, which would open the core here (measured).
    for (const mux of [...opened.core.core.replicator._attached, ...this.#answered]) this.detach(mux);
    onClose?.(opened.core);
    return this.#closing;
  }
}

function discoveryKeyOf(key: Uint8Array): string {
  return Hypercore.discoveryKey(key).toString('hex');
}

function closed(): Error {
  return new Error('the core is closed');
}
