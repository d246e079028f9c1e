/** What is kept in memory of a generation's blocks: its newest title, and the newest blocks themselves. */
import { parseBlock } from '../protocol/core-block.ts';
import type { Turn } from '../protocol/turn.ts';

const TITLE = Buffer.from('"kind":"title"');
/** An index shows the last few turns, and live turns are a block each: it opens no core for them. */
const BLOCKS_MAX = 4;
/** Of all blocks that are kept; larger ones are read from the core. */
const BYTES_MAX = 32 * 1024;

export class Content {
  title: string | null = null;
  readonly #parse: (block: Buffer) => Turn[];
  readonly #blocks = new Map<number, Buffer>();
  #titleBlock = 0;

  constructor(parse: (block: Buffer) => Turn[]) {
    this.#parse = parse;
  }

  /** A block came, in any order. Returns how many of its entries are no turns (titles). */
  add(index: number, block: Buffer): number {
    this.#keep(index, block);
    const titles = block.includes(TITLE) ? this.#parse(block).filter((t) => t.kind === 'title') : [];
    const part = titles.at(-1)?.content[0];
    if (part?.type === 'text' && index > this.#titleBlock) {
      this.title = part.text;
      this.#titleBlock = index;
    }
    return titles.length;
  }

  /** A block, if it is among the newest and small. */
  block(index: number): Buffer | null {
    return this.#blocks.get(index) ?? null;
  }

  clear(): void {
    this.title = null;
    this.#blocks.clear();
  }

  #keep(index: number, block: Buffer): void {
    const full = this.#blocks.size >= BLOCKS_MAX;
    if (block.length > BYTES_MAX || (full && index < this.#oldest())) return;
    this.#blocks.set(index, Buffer.from(block));
    while (this.#blocks.size > BLOCKS_MAX || this.#bytes() > BYTES_MAX) this.#blocks.delete(this.#oldest());
  }

  #oldest(): number {
    return Math.min(...this.#blocks.keys());
  }

  #bytes(): number {
    return [...this.#blocks.values()].reduce((n, block) => n + block.length, 0);
  }
}

/** Entries of a block; none, and `onBad` is told why, when no honest owner made it. */
export function entriesOf(block: Buffer, onBad: (why: string) => void): Turn[] {
  try {
    return parseBlock(block);
  } catch (error) {
    onBad(error instanceof Error ? error.message : 'no entries');
    return [];
  }
}
