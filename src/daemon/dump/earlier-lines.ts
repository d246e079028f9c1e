/**
 * Up to which line the earlier generations of a session go: lines that one of them holds may be in a later one again (of an
 * owner whose disk or clock was set back), and are given once.
 */
import type { ReadableCore, ReadableGeneration } from '../../inbox/index.ts';
import { Slices } from '../answers/slices.ts';
import type { Rooms } from '../rooms.ts';

/** Last line by source. */
export type LastLines = ReadonlyMap<string, number>;

const known = new WeakMap<ReadableCore, { fetched: number; lines: LastLines }>();

/** Of all these generations together. */
export async function lastLines(rooms: Rooms, generations: readonly ReadableGeneration[]): Promise<LastLines> {
  const last = new Map<string, number>();
  for (const { replica } of generations) {
    for (const [source, line] of await linesOf(rooms, replica)) last.set(source, Math.max(line, last.get(source) ?? 0));
  }
  return last;
}

/** An earlier generation does not grow any more, so it is looked through once. */
async function linesOf({ indexes }: Rooms, replica: ReadableCore): Promise<LastLines> {
  const fetched = replica.fetched.blocks;
  const cached = known.get(replica);
  if (cached?.fetched === fetched) return cached.lines;
  const lines = new Map<string, number>();
  const note = ({ source, line }: { source: string; line: number }): void => {
    lines.set(source, Math.max(line, lines.get(source) ?? 0));
  };
  const slices = new Slices();
  const pause = async (): Promise<void> => {
    if (slices.isOver) await slices.next();
  };
  const index = indexes.isWhole(replica) ? indexes.of(replica) : null;
  for (const place of index?.order ?? []) {
    note(index?.at(place) ?? { source: '', line: 0 });
    await pause();
  }
  const blocks = index ? 0 : replica.length;
  for (let block = 1; block < blocks; block++) {
    if (!replica.taken.lacks(block)) for (const turn of (await replica.read(block, 0)) ?? []) note(turn);
    await pause();
  }
  known.set(replica, { fetched, lines });
  return lines;
}
