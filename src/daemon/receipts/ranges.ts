/** Lines as a few ranges. */
import type { LineRange } from '../../protocol/local-api.ts';

/** Both together, in order: what overlaps or touches is one range, and beyond `most` those that are nearest to each other. */
export function joined(a: readonly LineRange[], b: readonly LineRange[], most: number): LineRange[] {
  const out: LineRange[] = [];
  for (const { from, to } of [...a, ...b].sort((x, y) => x.from - y.from)) {
    const last = out.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  while (out.length > most) {
    const gaps = out.slice(1).map(({ from }, i) => from - (out[i]?.to ?? 0));
    const at = gaps.indexOf(Math.min(...gaps));
    const [left, right] = out.slice(at, at + 2);
    if (left && right) out.splice(at, 2, { from: left.from, to: right.to });
  }
  return out;
}

/** Of turns that are read one after another: between two of them there is nothing to read, so they are one range. */
export class Runs {
  readonly #current = new Map<string, LineRange>();

  /** The range that this turn makes longer or begins. */
  add({ source, line }: { source: string; line: number }): LineRange {
    const known = this.#current.get(source);
    const range = known && line >= known.to ? { from: known.from, to: line } : { from: line, to: line };
    this.#current.set(source, range);
    return range;
  }

  /** Something is left out here. */
  break(): void {
    this.#current.clear();
  }
}
