/** The change of a text as a unified diff, to look at. */

/** Unchanged lines around each change. */
const CONTEXT = 3;
/** Of a line that is shown: a settings file may be one line of megabytes. */
const LINE_MAX = 240;
/** Beyond so many changed lines it is shown as one exchange: nobody reads on, and the search takes the square of it. */
const EDITS_MAX = 1000;

interface Step {
  mark: ' ' | '-' | '+';
  line: string;
}

/**
 * Lines with a mark before each, in hunks under `@@` lines; nothing when the texts are the same.
 * @param context how many unchanged lines are shown around a change
 */
export function unifiedDiff(before: string, after: string, context = CONTEXT): string[] {
  const steps = stepsBetween(linesOf(before), linesOf(after));
  const shown = new Set<number>();
  steps.forEach(({ mark }, i) => {
    if (mark === ' ') return;
    for (let near = i - context; near <= i + context; near++) shown.add(near);
  });
  const lines: string[] = [];
  let [was, is] = [1, 1];
  steps.forEach(({ mark, line }, i) => {
    if (shown.has(i)) {
      if (!shown.has(i - 1) || i === 0) lines.push(hunkHead(steps, shown, { i, was, is }));
      lines.push(mark + (line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)} …` : line));
    }
    if (mark !== '+') was++;
    if (mark !== '-') is++;
  });
  return lines;
}

function hunkHead(
  steps: readonly Step[],
  shown: ReadonlySet<number>,
  at: { i: number; was: number; is: number },
): string {
  let [removed, added] = [0, 0];
  for (let i = at.i; i < steps.length && shown.has(i); i++) {
    if (steps[i]?.mark !== '+') removed++;
    if (steps[i]?.mark !== '-') added++;
  }
  return `@@ -${removed === 0 ? at.was - 1 : at.was},${removed} +${added === 0 ? at.is - 1 : at.is},${added} @@`;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The shortest way from one to the other (Myers, "An O(ND) difference algorithm", 1986), over what is not the same at both ends. */
function stepsBetween(a: readonly string[], b: readonly string[]): Step[] {
  const same = Math.min(a.length, b.length);
  let head = 0;
  while (head < same && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < same - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const kept = (lines: readonly string[]): Step[] => lines.map((line) => ({ mark: ' ', line }));
  return [
    ...kept(a.slice(0, head)),
    ...shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...kept(a.slice(a.length - tail)),
  ];
}

function shortest(a: readonly string[], b: readonly string[]): Step[] {
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(a.length + b.length, EDITS_MAX); d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = down(furthest, k, d) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
  }
  return [...a.map((line): Step => ({ mark: '-', line })), ...b.map((line): Step => ({ mark: '+', line }))];
}

/** Whether diagonal k is best reached by an added line, from the one above. */
const down = (furthest: ReadonlyMap<number, number>, k: number, d: number): boolean =>
  k === -d || (k !== d && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0));

function walkBack(trace: readonly Map<number, number>[], a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d] as Map<number, number>;
    const from = down(furthest, x - y, d) ? x - y + 1 : x - y - 1;
    const fromX = furthest.get(from) ?? 0;
    for (; x > fromX && y > fromX - from && x > 0 && y > 0; y--) steps.push({ mark: ' ', line: a[--x] ?? '' });
    if (d === 0) break;
    if (x === fromX) steps.push({ mark: '+', line: b[--y] ?? '' });
    else steps.push({ mark: '-', line: a[--x] ?? '' });
  }
  return steps.reverse();
}
