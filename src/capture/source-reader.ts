/** One source of a transcript as a stream of turns: its tail, what of it is taken already, and the next turns. */
import type { Turn } from '../protocol/turn.ts';
import { type LinePlace, parseRecord, recordUuid, tooLongTurn } from './parse-record.ts';
import type { RecordMemory } from './record-memory.ts';
import { SourceTail, type TailState } from './source-tail.ts';

/** The last line that was taken before, and the uuid of its record ('' where it has none). */
export interface ResumePoint {
  line: number;
  uuid: string;
}

/** How {@link SourceReader.advance} ended; `again`: the budget is used up, or the file gave less than it promised. */
export type Advance = 'turn' | 'end' | 'again' | Exclude<TailState, 'same'>;

/** What may still be read from disk in one go. */
export interface Budget {
  left: number;
}

const PULL_BYTES = 256 * 1024;

export class SourceReader {
  readonly tail: SourceTail;
  readonly #memory: RecordMemory;
  readonly #pullBytes: number;
  #resume: ResumePoint | null;
  /** Turns of the line that was parsed last. */
  #next: Turn[] = [];
  /** Time of the newest turn so far: the order within a file is that of its lines, whatever their times say. */
  #time = '';

  constructor(tail: SourceTail, memory: RecordMemory, resume: ResumePoint | null, chunkBytes: number) {
    this.tail = tail;
    this.#memory = memory;
    this.#resume = resume !== null && resume.line > 0 ? resume : null;
    this.#pullBytes = Math.min(PULL_BYTES, chunkBytes);
  }

  /** True when something of this file counts as taken: then its going away matters. */
  get started(): boolean {
    return this.tail.started || this.#resume !== null;
  }

  /** Complete lines before the next turn. */
  get linesTaken(): number {
    return this.#next.length > 0 ? this.tail.lines - 1 : this.tail.lines;
  }

  /** Where the next turn stands among those of other sources; only after {@link advance} said `turn`. */
  get nextTime(): string {
    return this.#time;
  }

  /** Takes the next turn. */
  shift(): Turn | undefined {
    return this.#next.shift();
  }

  /** Parses lines until there is a turn to take. */
  async advance(budget: Budget): Promise<Advance> {
    while (this.#next.length === 0) {
      const line = this.tail.nextLine();
      if (line !== null) {
        const at = { source: this.tail.source, line: this.tail.lines };
        const turns = 'bytes' in line ? parseRecord(line.bytes, at, this.#memory) : [tooLongTurn(at, line.tooLong)];
        if (this.#resume !== null) {
          const uuid = 'bytes' in line ? () => recordUuid(line.bytes) : () => '';
          if (!this.#resumed(at, uuid)) return 'replaced';
          continue;
        }
        this.#next = turns;
        for (const turn of turns) if (turn.time > this.#time) this.#time = turn.time;
      } else if (this.tail.hasMore) {
        if (budget.left <= 0) return 'again';
        const pulled = await this.tail.pull(Math.min(this.#pullBytes, budget.left));
        if (pulled.state !== 'same') return pulled.state;
        if (pulled.bytes === 0) return 'again';
        budget.left -= pulled.bytes;
      } else {
        // Taken lines were complete lines; a file that ends before them is not the one they came from.
        return this.#resume === null ? 'end' : 'replaced';
      }
    }
    return 'turn';
  }

  /** Passes over a line that was taken before; false when it turns out to be another. */
  #resumed(at: LinePlace, uuid: () => string): boolean {
    if (this.#resume === null || at.line < this.#resume.line) return true;
    const same = uuid() === this.#resume.uuid;
    this.#resume = null;
    return same;
  }
}
