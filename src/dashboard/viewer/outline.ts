/** Which turns a session has, in reading order, without their texts: what the list is laid out by. */
import type { OutlinePiece } from '../../protocol/local-api.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';

/** A turn's place in its session. */
export interface Spot {
  /** `main`, or the id of a subagent. */
  source: string;
  line: number;
}

export interface TurnRow extends Spot {
  is: 'turn';
  kind: string;
  /** Characters of what is shown of it, about. */
  size: number;
  /** With which the texts from the first turn of its piece on are fetched. */
  cursor: string;
  /** Turns of its piece before it. */
  offset: number;
}

/** Turns that are not on this machine. */
export interface GapRow {
  is: 'gap';
  turns: number;
  coming: boolean;
  overQuota: boolean;
}

export type OutlineRow = TurnRow | GapRow;

/** Grows at its end only. */
export class Outline {
  readonly #rows: OutlineRow[] = [];
  /** Row of each line, by source. */
  readonly #index = new Map<string, Map<number, number>>();

  get count(): number {
    return this.#rows.length;
  }

  row(index: number): OutlineRow | undefined {
    return this.#rows[index];
  }

  add({ cursor, lines, kinds, sizes, sources }: Omit<OutlinePiece, 'type'>): void {
    const begins = new Map(sources.map(({ at, source }) => [at, source]));
    let source = MAIN_SOURCE;
    lines.forEach((line, i) => {
      source = begins.get(i) ?? source;
      const known = this.#index.get(source) ?? new Map<number, number>();
      this.#index.set(source, known);
      known.set(line, this.#rows.length);
      this.#rows.push({ is: 'turn', source, line, kind: kinds[i] ?? '', size: sizes[i] ?? 0, cursor, offset: i });
    });
  }

  miss(gap: Omit<GapRow, 'is'>): void {
    this.#rows.push({ is: 'gap', ...gap });
  }

  /** Row of a line, or of the first one after it that has a turn; -1: there is none. */
  indexOf({ source, line }: Spot): number {
    const known = this.#index.get(source);
    if (known === undefined) return -1;
    const exact = known.get(line);
    if (exact !== undefined) return exact;
    let best = -1;
    let bestLine = Infinity;
    for (const [other, index] of known) {
      if (other > line && other < bestLine) [bestLine, best] = [other, index];
    }
    return best;
  }
}

/** A name of a turn among all turns. */
export function keyOf({ source, line }: Spot): string {
  return `${line} ${source}`;
}
