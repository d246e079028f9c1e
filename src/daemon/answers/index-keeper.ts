/**
 * Keeps an index of each generation that is held in readable form: fed as blocks come, the newest first, a few milliseconds
 * at a time; wiped in the tick in which it is not held any more.
 */
import { EventEmitter } from 'node:events';
import type { HeldGeneration, Inbox } from '../../inbox/index.ts';
import { INDEX_MAX_BYTES } from '../../protocol/limits.ts';
import { LexicalIndex, type SearchIndex } from '../../search/index.ts';
import { Slices } from './slices.ts';

type Replica = HeldGeneration['replica'];

interface Kept {
  replica: Replica;
  index: SearchIndex;
  /** Blocks above it were looked at; 0: all were. */
  below: number;
  /** What is here could not be read: not before this is over. */
  resting: boolean;
}

/** Newer blocks than those that were looked at: as many as come at once. */
const NEWEST_BLOCKS = 32;
const REST_MS = 500;

export class IndexKeeper extends EventEmitter<{ grown: [] }> {
  readonly #inbox: Inbox;
  /** By core key. */
  readonly #kept = new Map<string, Kept>();
  #working = false;
  #stopped = false;
  readonly #slices = new Slices();

  constructor(inbox: Inbox) {
    super();
    this.setMaxListeners(0);
    this.#inbox = inbox;
    inbox.on('changed', (uid, session) => this.#changed(uid, session));
  }

  stop(): void {
    this.#stopped = true;
    for (const core of this.#kept.keys()) this.#forget(core);
  }

  /** The index of a generation; null: nothing of it can be searched yet. */
  of(replica: Replica): SearchIndex | null {
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
  isWhole(replica: Replica): boolean {
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
        this.#inbox.off('changed', look);
        resolve(done());
      };
      const look = (): void => {
        if (done()) finish();
      };
      const timer = setTimeout(finish, ms);
      this.on('grown', look);
      this.#inbox.on('changed', look);
    });
  }

  #changed(uid: number, session: string): void {
    if (this.#stopped) return;
    const held = this.#inbox.of(uid).filter(({ replica }) => replica.grant.session === session);
    const cores = new Map(held.map(({ replica }) => [replica.grant.core, replica]));
    for (const [core, { replica }] of this.#kept) {
      const { from, session: of } = replica.grant;
      if (from.uid === uid && of === session && cores.get(core) !== replica) this.#forget(core);
    }
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

  /** The newest block that is here and not indexed, of the session that was last spoken in. */
  #next(): { kept: Kept; block: number } | null {
    if (this.#stopped || this.bytes >= INDEX_MAX_BYTES) return null;
    const behind = [...this.#kept.values()].filter((kept) => !kept.resting && !this.isWhole(kept.replica));
    behind.sort((a, b) => a.index.textBytes - b.index.textBytes);
    for (const kept of behind) {
      const block = nextBlock(kept);
      if (block > 0) return { kept, block };
    }
    return null;
  }

  #rest(kept: Kept): void {
    kept.resting = true;
    const wake = (): void => {
      kept.resting = false;
      this.#changed(kept.replica.grant.from.uid, kept.replica.grant.session);
    };
    setTimeout(wake, REST_MS).unref();
  }
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
