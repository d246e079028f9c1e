/** Suggestions for what was mistyped. */

/** The candidate that is closest to what was typed, or null when none is close enough to be meant. */
export function nearest(typed: string, candidates: Iterable<string>): string | null {
  const wanted = typed.toLowerCase().slice(0, 40);
  let best: string | null = null;
  // A third of the letters may be wrong, and at least one.
  let bound = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of candidates) {
    const d = distance(wanted, candidate);
    if (d < bound || (d === bound && best === null)) {
      best = candidate;
      bound = d;
    }
  }
  return wanted === '' ? null : best;
}

/** Optimal string alignment: inserted, left out, replaced and swapped letters cost one each. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, at(before, j - 2) + 1);
      row.push(d);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
