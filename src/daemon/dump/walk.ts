/** Walks through the readable generations of a session, onwards or back, until a page is full. */
import { type ReadableGeneration, leftMs } from '../../inbox/index.ts';
import { MAIN_SOURCE, type Turn } from '../../protocol/turn.ts';
import type { Rooms } from '../rooms.ts';
import type { Cursor } from './cursor.ts';
import { type LastLines, lastLines } from './earlier-lines.ts';
import type { Filling } from './filling.ts';

/** A place between two turns, or within one. */
export type Spot = Pick<Cursor, 'core' | 'block' | 'entry' | 'unit'>;

export interface Walk {
  /** In order; all that may be read. */
  generations: readonly ReadableGeneration[];
  /** Lines of the conversation itself; null: no bound. */
  from: number | null;
  to: number | null;
  /** Back from the last. */
  newest: boolean;
  /** Where to begin; null: at the end that is first. */
  at: Spot | null;
}

/** How long a block is waited for while its owner is connected. */
const BLOCK_WAIT_MS = 2000;
/** Behind all entries of a block. */
const BEHIND_ALL = 2 ** 31;

type Step = 'on' | 'over' | Spot;

/** Fills the page. @returns where the next one begins; null when this was the last */
export async function walk(rooms: Rooms, route: Walk, page: Filling): Promise<Spot | null> {
  const { generations, newest, at } = route;
  const begin = at ? generations.findIndex(({ replica }) => replica.grant.core === at.core) : -1;
  const order = generations.map((_, i) => (newest ? generations.length - 1 - i : i));
  for (const i of order.slice(begin < 0 ? 0 : order.indexOf(begin))) {
    const held = generations[i];
    if (!held) continue;
    const before = await lastLines(rooms, generations.slice(0, i));
    const start = at !== null && i === begin ? at : null;
    const step = await through(rooms, { ...route, at: start }, held, before, page);
    if (step === 'over') return null;
    if (step !== 'on') return step;
  }
  return null;
}

async function through(
  rooms: Rooms,
  route: Walk,
  held: ReadableGeneration,
  before: LastLines,
  page: Filling,
): Promise<Step> {
  const { newest, at } = route;
  const { replica, lease } = held;
  const { core } = replica.grant;
  const unfetched = { turns: Math.max(1, replica.announced.turns - replica.fetched.turns), coming: replica.live };
  const isShort = !replica.taken.overQuota && replica.length < replica.announced.blocks;
  if (newest && isShort && at === null) page.miss({ ...unfetched, overQuota: false });
  let toldQuota = false;
  for (
    let block = at?.block ?? firstBlock(rooms, route, held);
    isWithin(block, replica.length);
    block += newest ? -1 : 1
  ) {
    if (replica.taken.lacks(block)) {
      if (!toldQuota) page.miss({ turns: unfetched.turns, coming: false, overQuota: true });
      toldQuota = true;
      continue;
    }
    const spot = at?.block === block ? at : { core, block, entry: newest ? BEHIND_ALL : 0, unit: 0 };
    const turns = leftMs(lease, rooms.surroundings.clock) > 0 ? await replica.read(block, BLOCK_WAIT_MS) : null;
    if (!turns || leftMs(lease, rooms.surroundings.clock) <= 0) {
      page.miss({ ...unfetched, overQuota: false });
      return spot;
    }
    const step = newest ? back(route, turns, spot, before, page) : onwards(route, turns, spot, before, page);
    if (step !== 'on') return step;
  }
  if (newest || !isShort) return 'on';
  page.miss({ ...unfetched, overQuota: false });
  return { core, block: Math.max(1, replica.length), entry: 0, unit: 0 };
}

function onwards(route: Walk, turns: Turn[], spot: Spot, before: LastLines, page: Filling): Step {
  for (let entry = spot.entry; entry < turns.length; entry++) {
    const turn = turns[entry];
    if (!turn) continue;
    if (route.to !== null && turn.source === MAIN_SOURCE && turn.line > route.to) return 'over';
    if (!isWanted(turn, route, before)) continue;
    const rest = page.add(turn, entry === spot.entry ? spot.unit : 0);
    if (rest) return { ...spot, entry, unit: rest.unit };
  }
  return 'on';
}

function back(route: Walk, turns: Turn[], spot: Spot, before: LastLines, page: Filling): Step {
  for (let entry = Math.min(spot.entry, turns.length); entry >= 0; entry--) {
    const turn = turns[entry];
    // Of the entry of the place itself only what is before it.
    if (!turn || (entry === spot.entry && spot.unit === 0)) continue;
    if (route.from !== null && turn.source === MAIN_SOURCE && turn.line < route.from) return 'over';
    if (!isWanted(turn, route, before)) continue;
    const rest = page.add(turn, entry === spot.entry ? spot.unit : null);
    if (rest) return { ...spot, entry, unit: rest.unit };
  }
  return 'on';
}

function isWanted(turn: Turn, { from, to }: Walk, before: LastLines): boolean {
  if (turn.kind === 'title' || turn.line <= (before.get(turn.source) ?? 0)) return false;
  if (from === null && to === null) return true;
  return turn.source === MAIN_SOURCE && turn.line >= (from ?? 1) && turn.line <= (to ?? Number.MAX_SAFE_INTEGER);
}

/** Where the lines begin (newest: end), if the index knows; lines of the conversation ascend from block to block. */
function firstBlock({ indexes }: Rooms, { from, to, newest }: Walk, { replica }: ReadableGeneration): number {
  const end = newest ? replica.length - 1 : 1;
  const index = indexes.isWhole(replica) ? indexes.of(replica) : null;
  if (!index) return end;
  if (newest) {
    const [after] = to === null ? [] : index.lines(MAIN_SOURCE, to + 1, 2 ** 31 - 1);
    return after === undefined ? end : index.blockOf(after);
  }
  const earlier = from === null || from === 1 ? undefined : index.lines(MAIN_SOURCE, 1, from - 1).at(-1);
  return earlier === undefined ? end : index.blockOf(earlier);
}

const isWithin = (block: number, length: number): boolean => block >= 1 && block < length;
