/**
 * Keeps an index of each generation of the sessions that were asked about: begun at the first question, the newest block
 * first, a few milliseconds at a time; fed as blocks come; wiped in the tick in which it is not held any more. What nobody
 * asks about costs nothing.
 */
import { EventEmitter } from 'node:events';
import type { ReadableCore } from '../../inbox/index.ts';
import { INDEX_MAX_BYTES } from '../../protocol/limits.ts';
import { LexicalIndex, type SearchIndex } from '../../search/index.ts';
import { Slices } from './slices.ts';

/** The cores of an account's session that can be read now. */
export type CoresOf = (uid: number, session: string) => readonly ReadableCore[];

interface Kept {
  replica: ReadableCore;
  index: SearchIndex;
  /** Blocks above it were looked at; 0: all were. */
  below: number;
  /** What is here could not be read: not before this is over. */
  resting: boolean;
}

/** Newer blocks than those that were looked at: as many as come at once. */
const NEWEST_BLOCKS = 32;
const REST_MS = 500;

export class IndexKeeper extends EventEmitter<{ grown: []; looked: [] }> {
  readonly #coresOf: CoresOf;
  /** By core key. */
  readonly #kept = new Map<string, Kept>();
  /** Sessions that were asked about, as long as something of them is held. */
  readonly #wanted = new Set<string>();
  #working = false;
  #stopped = false;
  readonly #slices = new Slices();

  constructor(coresOf: CoresOf) {
    super();
    this.setMaxListeners(0);
    this.#coresOf = coresOf;
  }

  stop(): void {
    this.#stopped = true;
    for (const core of this.#kept.keys()) this.#forget(core);
  }

  /** Somebody asks about this session: it is indexed from now on. */
  want(uid: number, session: string): void {
    if (this.#wanted.has(keyOf(uid, session))) return;
    this.#wanted.add(keyOf(uid, session));
    this.changed(uid, session);
  }

  /** The same; resolves when all of it that is here is indexed, or after so long. */
  async whole(uid: number, session: string, ms: number): Promise<void> {
    this.want(uid, session);
    await this.until(() => this.#coresOf(uid, session).every((replica) => this.isWhole(replica)), ms);
  }

  /** The index of a generation; null: nothing of it can be searched yet. */
  of(replica: ReadableCore): SearchIndex | null {
    const kept = this.#kept.get(replica.grant.core);
    return kept?.replica === replica ? kept.index : null;
  }

  /** False once what it is of is not held any more. */
  holds(index: SearchIndex): boolean {
    return [...this.#kept.values()].some((kept) => kept.index === index);
  }

  /** Bytes of text that are held. */
  get bytes(): number {
    return [...this.#kept.values()].reduce((sum, { index }) => sum + index.textBytes, 0);
  }

  /** Everything of it that is here, and there is room for, is indexed. */
  isWhole(replica: ReadableCore): boolean {
    const index = this.of(replica);
    return index !== null && index.blocks >= replica.fetched.blocks;
  }

  /** Resolves when `done` says so, or after so long. It is asked whenever something was indexed or has come. */
  async until(done: () => boolean, ms: number): Promise<boolean> {
    if (done() || ms <= 0) return done();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.off('grown', look);
        this.off('looked', look);
        resolve(done());
      };
      const look = (): void => {
        if (done()) finish();
      };
      const timer = setTimeout(finish, ms);
      this.on('grown', look);
      this.on('looked', look);
    });
  }

  /** To be called in the tick in which something of a session has come, or is held no more. */
  changed(uid: number, session: string): void {
    if (this.#stopped) return;
    this.#look(uid, session);
    this.emit('looked');
  }

  #look(uid: number, session: string): void {
    const held = this.#coresOf(uid, session);
    const cores = new Map(held.map((replica) => [replica.grant.core, replica]));
    for (const [core, { replica }] of this.#kept) {
      const { from, session: of } = replica.grant;
      if (from.uid === uid && of === session && cores.get(core) !== replica) this.#forget(core);
    }
    if (held.length === 0) this.#wanted.delete(keyOf(uid, session));
    if (!this.#wanted.has(keyOf(uid, session))) return;
    for (const [core, replica] of cores) {
      if (!replica.header || this.#kept.has(core)) continue;
      this.#kept.set(core, { replica, index: new LexicalIndex(), below: replica.length, resting: false });
    }
    if (this.#working) return;
    this.#working = true;
    void this.#work();
  }

  #forget(core: string): void {
    this.#kept.get(core)?.index.wipe();
    this.#kept.delete(core);
  }

  async #work(): Promise<void> {
    await this.#slices.next();
    for (let next = this.#next(); next; next = this.#next()) await this.#add(next.kept, next.block);
    this.#working = false;
  }

  async #add(kept: Kept, block: number): Promise<void> {
    const turns = await kept.replica.read(block, 0);
    if (!turns) return this.#rest(kept);
    const steps = kept.index.adding(block, turns);
    while (steps.next().done !== true) await this.#pause();
    await this.#pause();
    this.emit('grown');
  }

  async #pause(): Promise<void> {
    if (this.#slices.isOver) await this.#slices.next();
  }

  /** The newest block that is here and not indexed, of the session of which the least is. */
  #next(): { kept: Kept; block: number } | null {
    if (this.#stopped || this.bytes >= INDEX_MAX_BYTES) return null;
    let next: { kept: Kept; block: number } | null = null;
    // Each a little, so that the newest of every session comes soon.
    for (const kept of this.#kept.values()) {
      if (kept.resting || (next && kept.index.textBytes >= next.kept.index.textBytes) || this.isWhole(kept.replica))
        continue;
      const block = nextBlock(kept);
      if (block > 0) next = { kept, block };
    }
    return next;
  }

  #rest(kept: Kept): void {
    kept.resting = true;
    const wake = (): void => {
      kept.resting = false;
      this.changed(kept.replica.grant.from.uid, kept.replica.grant.session);
    };
    setTimeout(wake, REST_MS).unref();
  }
}

function keyOf(uid: number, session: string): string {
  return `${uid} ${session}`;
}

/** 0: none. */
function nextBlock(kept: Kept): number {
  const { replica, index } = kept;
  const wanted = (block: number): boolean => replica.taken.has(block) && !index.has(block);
  const top = replica.length - 1;
  for (let block = top; block > Math.max(0, top - NEWEST_BLOCKS); block--) if (wanted(block)) return block;
  // What came after it was passed is found on the next way down.
  for (const from of [kept.below, replica.length]) {
    for (let block = from - 1; block > 0; block--) {
      if (!wanted(block)) continue;
      kept.below = block;
      return block;
    }
  }
  return 0;
}
