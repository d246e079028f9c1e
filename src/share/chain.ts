/**
 * The generations of one shared session, in order. The last one is written, the others are served; each is open only
 * while it is needed. A `replace` voids all before it.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Self } from '../identity/index.ts';
import { removeTree } from '../platform/private-files.ts';
import type { StateFile } from '../platform/state-file.ts';
import type { Turn } from '../protocol/turn.ts';
import { HEADER_SOURCES_MAX } from '../protocol/core-block.ts';
import type { Entry, Redacted } from '../redact/index.ts';
import { Generation, type GenerationHome, type StoredGeneration } from './generation.ts';
import { advance, type Positions } from './positions.ts';
import { newestTitle } from './titles.ts';
import { EMPTY_CHECKPOINT, type StoredSession } from './store.ts';

export interface ChainOptions extends GenerationHome {
  file: StateFile<StoredSession>;
  self: Self;
  random: (bytes: number) => Uint8Array;
  now: () => number;
}

export class Chain {
  readonly #options: ChainOptions;
  #generations: Generation[] = [];
  #positions: Positions = new Map();
  #turns = 0;
  #since: string | null = null;
  /** Blocks of the newest generation whose entries are counted: a checkpoint must never be ahead of its positions. */
  #counted = 0;
  #unsaved = false;
  /** Appends and new generations follow one another, so that an entry is in exactly one generation. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ChainOptions) {
    this.#options = options;
  }

  get generations(): readonly Generation[] {
    return this.#generations;
  }

  /** The one that is written. */
  get newest(): Generation | null {
    return this.#generations.at(-1) ?? null;
  }

  /** Where the next generation continues. */
  get positions(): Positions {
    return this.#positions;
  }

  /** Turns in all live generations, and the time of the first. */
  get turns(): number {
    return this.#turns;
  }

  get since(): string | null {
    return this.#since;
  }

  /**
   * Opens what earlier runs left, for serving only, and learns from the cores how far they reach: the checkpoint is
   * only where to begin reading, so that a crash between an append and a save neither loses nor repeats an entry.
   * @throws what the storage says about a core that cannot be opened or read: one that was copied, moved or damaged.
   * Then a generation that replaces all is the way on: the transcript is the source, and it is still there.
   */
  async reopen(): Promise<void> {
    const { file, folder } = this.#options;
    await removeStrayGenerations(folder, file.value.generations);
    for (const stored of file.value.generations) {
      this.#generations.push(await Generation.reopen(this.#options, stored));
    }
    const last = this.newest;
    this.#counted = last?.blocks ?? 0;
    const saved = file.value.checkpoint;
    // A disk that lost the end of a core has a checkpoint ahead of it: then everything is counted from the beginning.
    const checkpoint = last && last.gen === saved.gen && last.blocks < saved.blocks ? EMPTY_CHECKPOINT : saved;
    this.#turns = checkpoint.turns;
    this.#since = checkpoint.since;
    this.#positions = new Map(checkpoint.positions.map(({ source, ...p }) => [source, p]));
    for (const generation of this.#generations) {
      if (generation.gen < checkpoint.gen) continue;
      if (generation.gen > checkpoint.gen) {
        generation.stored.turns = 0;
        delete generation.stored.title;
      }
      const from = generation.gen === checkpoint.gen ? checkpoint.blocks : 1;
      for (let block = Math.max(1, from); block < generation.blocks; block++)
        this.#count(generation, await generation.read(block));
    }
    // Whatever another process wrote is never written again.
    for (const generation of this.#generations) generation.stored.blocks = generation.blocks;
  }

  /** Opens a new generation; `replace` wipes all before it. gen = max(last + 1, unix seconds). */
  begin(kind: 'continue' | 'replace'): Promise<void> {
    return this.#next(() => this.#begin(kind));
  }

  append(turns: Redacted<Entry>[]): Promise<void> {
    return this.#next(async () => {
      const { newest } = this;
      if (!newest) return;
      await newest.append(turns);
      this.#count(newest, turns);
    });
  }

  #next(step: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(step);
    this.#queue = next.catch(() => {});
    return next;
  }

  async #begin(kind: 'continue' | 'replace'): Promise<void> {
    const { file, folder, now } = this.#options;
    const stored = file.value;
    const last = stored.generations.at(-1)?.gen ?? 0;
    const replaced = kind === 'replace' ? this.#generations : [];
    if (kind === 'replace') {
      this.#positions = new Map();
      this.#turns = 0;
      this.#since = null;
      this.#generations = [];
    }
    const generation = await Generation.create({
      ...this.#options,
      session: stored.session,
      gen: Math.max(last + 1, Math.floor(now() / 1000)),
      kind,
      project: stored.project,
      startedAt: new Date(stored.startedAt).toISOString(),
      after: [...this.#positions].map(([source, { line }]) => ({ source, line })).slice(0, HEADER_SOURCES_MAX),
    });
    const previous = this.newest;
    if (previous) previous.stored.blocks = previous.blocks;
    stored.generations = [...(kind === 'replace' ? [] : stored.generations), generation.stored];
    this.#generations.push(generation);
    this.#counted = generation.blocks;
    this.checkpoint();
    await Promise.all(replaced.map((old) => old.wipe()));
    // What could not even be opened goes, too.
    if (kind === 'replace') await removeStrayGenerations(folder, stored.generations);
  }

  /** Something was appended since the last checkpoint. */
  get unsaved(): boolean {
    return this.#unsaved;
  }

  /** Saves how far the cores reach. */
  checkpoint(): void {
    const { file } = this.#options;
    this.#unsaved = false;
    const newest = this.newest;
    file.value.checkpoint = newest
      ? {
          gen: newest.gen,
          blocks: this.#counted,
          turns: this.#turns,
          since: this.#since,
          positions: [...this.#positions].map(([source, p]) => ({ source, ...p })),
        }
      : EMPTY_CHECKPOINT;
    file.save();
  }

  /** Saves where everything stands and closes; this process writes no more. */
  async close(): Promise<void> {
    if (this.newest) this.newest.stored.blocks = this.newest.blocks;
    this.checkpoint();
    await Promise.all(this.#generations.map((generation) => generation.close()));
  }

  async wipe(): Promise<void> {
    await Promise.all(this.#generations.map((generation) => generation.wipe()));
    this.#generations = [];
  }

  #count(generation: Generation, turns: readonly (Turn | Redacted<Entry>)[]): void {
    const said = turns.filter((t) => t.kind !== 'title').length;
    const title = newestTitle(turns);
    if (title !== null) generation.stored.title = title;
    generation.stored.turns += said;
    this.#turns += said;
    this.#counted = generation.blocks;
    this.#unsaved = true;
    advance(this.#positions, turns);
    this.#since ??= turns.find((t) => t.time !== '')?.time ?? null;
  }
}

/** Cores that a crash left without a place in the session's file: nobody was ever granted them. */
async function removeStrayGenerations(folder: string, stored: StoredGeneration[]): Promise<void> {
  const known = new Set(stored.map((g) => String(g.gen)));
  for (const name of readdirSync(folder)) {
    if (/^\d+$/.test(name) && !known.has(name)) await removeTree(path.join(folder, name));
  }
}
