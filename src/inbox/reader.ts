/** Reads a session that a teammate shares, across its generations, as long as it may be read. */
import type { Clock } from '../platform/clock.ts';
import type { ReadEvent } from '../protocol/local-api.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import { type HeldGeneration, readableGenerations } from './held.ts';

export interface ReadOptions {
  /** Only turns of the conversation itself within these lines (inclusive); null: everything. */
  from: number | null;
  to: number | null;
  follow: boolean;
  signal: AbortSignal;
}

export interface ReadSource {
  session: string;
  clock: Clock;
  /** What is held of the session now, after a look at the leases. */
  held: () => HeldGeneration[];
  /** Resolves at the next change of the session, or when aborted. */
  changed: (signal: AbortSignal) => Promise<void>;
  /** Why it ended, once nothing is held. */
  endReason: () => string;
}

/** How long a block is waited for while its owner is connected. */
const BLOCK_WAIT_MS = 5000;

interface Cursor {
  gen: number;
  block: number;
}

function wanted(turn: Turn, { from, to }: ReadOptions): boolean {
  if (turn.kind === 'title') return false;
  if (from === null && to === null) return true;
  return turn.source === MAIN_SOURCE && turn.line >= (from ?? 1) && turn.line <= (to ?? Number.MAX_SAFE_INTEGER);
}

export function describeSession(
  session: string,
  generations: HeldGeneration[],
): Extract<ReadEvent, { type: 'session' }> {
  const newest = generations.at(-1)?.replica;
  const title = generations.findLast((g) => g.replica.title !== null)?.replica.title ?? null;
  const sum = (of: (h: HeldGeneration) => number): number => generations.reduce((n, h) => n + of(h), 0);
  return {
    type: 'session',
    session,
    project: newest?.header?.project ?? '',
    title,
    turns: sum((h) => Math.max(h.replica.announced.turns, h.replica.fetched.turns)),
    fetched: sum((h) => h.replica.fetched.turns),
    live: generations.some((h) => h.replica.live),
  };
}

/** The session's turns in order; with `follow` it goes on until the share ends or the reader goes away. */
export async function* readSession(source: ReadSource, options: ReadOptions): AsyncGenerator<ReadEvent> {
  const { signal, follow } = options;
  const cursor: Cursor = { gen: 0, block: 1 };
  let base = -1;
  let first = true;
  let toldCaughtUp = false;
  while (!signal.aborted) {
    const held = source.held();
    if (held.length === 0) return yield { type: 'ended', reason: source.endReason() };
    const change = source.changed(signal);
    const generations = readableGenerations(held, source.clock);
    const start = generations[0];
    if (start) {
      if (first) yield describeSession(source.session, generations);
      first = false;
      if (base >= 0 && start.replica.header?.kind === 'replace' && start.replica.grant.gen > cursor.gen) {
        yield { type: 'replaced' };
      }
      base = start.replica.grant.gen;
      const missing = yield* readOn(generations, cursor, options);
      if (!follow) {
        if (missing > 0) yield { type: 'missing', turns: missing };
        return yield { type: 'caughtUp' };
      }
      if (missing === 0 && !toldCaughtUp) yield { type: 'caughtUp' };
      toldCaughtUp ||= missing === 0;
    }
    // Not proved yet: it is waited for while its owner is connected, but a reader who does not follow is not kept.
    if (!start && !follow && !(await soon(change, held))) {
      yield { type: 'missing', turns: missingTurns(held) };
      return yield { type: 'caughtUp' };
    }
    await change;
  }
}

/** Whether a change came while the owner was connected, within the time that a block is waited for. */
async function soon(change: Promise<void>, held: HeldGeneration[]): Promise<boolean> {
  if (!held.some((h) => h.replica.live)) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), BLOCK_WAIT_MS);
  });
  const came = await Promise.race([change.then(() => true), late]);
  clearTimeout(timer);
  return came;
}

/** Yields from the cursor on; stops at the first block that is not to be had. Returns the turns that are missing. */
async function* readOn(
  generations: HeldGeneration[],
  cursor: Cursor,
  options: ReadOptions,
): AsyncGenerator<ReadEvent, number> {
  for (const { replica } of generations) {
    const { gen } = replica.grant;
    if (gen < cursor.gen) continue;
    if (gen > cursor.gen) Object.assign(cursor, { gen, block: 1 });
    while (cursor.block < replica.length) {
      const turns = await replica.read(cursor.block, BLOCK_WAIT_MS);
      if (!turns || options.signal.aborted) return missingTurns(generations);
      cursor.block++;
      for (const turn of turns) if (wanted(turn, options)) yield { type: 'turn', turn };
    }
    // An earlier generation is whole before a later one is read: no gap.
    if (replica.length < replica.announced.blocks) return missingTurns(generations);
  }
  return 0;
}

function missingTurns(generations: HeldGeneration[]): number {
  const missing = generations.map(({ replica }) => replica.announced.turns - replica.fetched.turns);
  return Math.max(
    1,
    missing.reduce((n, m) => n + Math.max(0, m), 0),
  );
}
