/** Reads a session that a teammate shares, across its generations, as long as it may be read. */
import type { Clock } from '../platform/clock.ts';
import type { ReadEvent } from '../protocol/local-api.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import { type ReadableCore, type ReadableGeneration, readableChain } from './held.ts';
import { leftMs } from './lease.ts';

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
  held: () => ReadableGeneration[];
  /** Resolves at the next change of the session, or when aborted. */
  changed: (signal: AbortSignal) => Promise<void>;
  /** Why it ended, once nothing is held. */
  endReason: () => string;
  /** Called with the turns of each block that was read, whatever of them is given. */
  onBlock?: (core: ReadableCore, block: number, turns: readonly Turn[]) => void;
}

/** How long a block is waited for while its owner is connected. */
const BLOCK_WAIT_MS = 5000;

/**
 * How far a reader is. Not by the numbers of generations: those of an owner whose disk or clock was set back come twice,
 * and lines that an earlier core held are written into a later one again.
 */
interface Cursor {
  /** Core key of the generation that is read; null: none yet. */
  core: string | null;
  block: number;
  /** Last line given, by source. */
  lines: Map<string, number>;
  /** The same when the generation began: up to there it holds nothing new. */
  before: Map<string, number>;
  /** Turns over the quota that the reader was told of, by core key. */
  gaps: Map<string, number>;
}

function enter(cursor: Cursor, core: string): void {
  Object.assign(cursor, { core, block: 1, before: new Map(cursor.lines) });
}

/** False for what an earlier generation has given. */
function isNew({ lines, before }: Cursor, { source, line }: Turn): boolean {
  if (line <= (before.get(source) ?? 0)) return false;
  lines.set(source, line);
  return true;
}

function wanted(turn: Turn, { from, to }: ReadOptions): boolean {
  if (turn.kind === 'title') return false;
  if (from === null && to === null) return true;
  return turn.source === MAIN_SOURCE && turn.line >= (from ?? 1) && turn.line <= (to ?? Number.MAX_SAFE_INTEGER);
}

export function describeSession(
  session: string,
  generations: ReadableGeneration[],
): Extract<ReadEvent, { type: 'session' }> {
  const newest = generations.at(-1)?.replica;
  const title = generations.findLast((g) => g.replica.title !== null)?.replica.title ?? null;
  const sum = (of: (h: ReadableGeneration) => number): number => generations.reduce((n, h) => n + of(h), 0);
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
  const cursor: Cursor = { core: null, block: 1, lines: new Map(), before: new Map(), gaps: new Map() };
  const patience = new Patience();
  /** Generations that replace all before them and were begun with. */
  const replacing = new Set<string>();
  let begun = false;
  let toldCaughtUp = false;
  while (!signal.aborted) {
    const held = source.held();
    if (held.length === 0) return yield { type: 'ended', reason: source.endReason() };
    const change = source.changed(signal);
    const { chain, whole } = readableChain(held, source.clock);
    const start = chain[0]?.replica;
    if (start) {
      const { core } = start.grant;
      if (!begun) yield describeSession(source.session, chain);
      else if (start.header?.kind === 'replace' && !replacing.has(core)) {
        Object.assign(cursor, { core: null, lines: new Map(), before: new Map() });
        yield { type: 'replaced' };
      }
      if (start.header?.kind === 'replace') replacing.add(core);
      begun = true;
    }
    const read = yield* readOn(chain, cursor, source, options);
    const missing = whole && read ? 0 : missingTurns(held);
    if (missing === 0 && !toldCaughtUp) yield { type: 'caughtUp' };
    toldCaughtUp ||= missing === 0;
    if (missing === 0 && !follow) return;
    // What is coming is waited for while its owner is connected, but a reader who does not follow is not kept.
    if (!follow && (!held.some((h) => h.replica.live) || !(await patience.until(change)))) {
      yield { type: 'missing', turns: missing, coming: held.some((h) => h.replica.live) };
      return yield { type: 'caughtUp' };
    }
    if (follow) await change;
  }
}

/** The time that a reader waits in all for what is coming. */
class Patience {
  #leftMs = BLOCK_WAIT_MS;

  /** False when the time was over first. */
  async until(change: Promise<void>): Promise<boolean> {
    const before = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), Math.max(0, this.#leftMs));
    });
    const came = await Promise.race([change.then(() => true), late]);
    clearTimeout(timer);
    this.#leftMs -= performance.now() - before;
    return came && this.#leftMs > 0;
  }
}

/** Yields from the cursor on; false when it stopped at a block that is not to be had now. The lease is asked at each. */
async function* readOn(
  chain: ReadableGeneration[],
  cursor: Cursor,
  { clock, onBlock }: Pick<ReadSource, 'clock' | 'onBlock'>,
  options: ReadOptions,
): AsyncGenerator<ReadEvent, boolean> {
  const from = chain.findIndex((held) => held.replica.grant.core === cursor.core);
  // What was read from is gone: from the beginning, for what was not given yet.
  for (const { replica, lease } of chain.slice(Math.max(0, from))) {
    if (replica.grant.core !== cursor.core) enter(cursor, replica.grant.core);
    while (cursor.block < replica.length) {
      if (replica.taken.lacks(cursor.block)) {
        yield* tellGap(cursor, replica);
        cursor.block++;
        continue;
      }
      const turns = leftMs(lease, clock) > 0 ? await replica.read(cursor.block, BLOCK_WAIT_MS) : null;
      if (!turns || options.signal.aborted || leftMs(lease, clock) <= 0) return false;
      onBlock?.(replica, cursor.block, turns);
      cursor.block++;
      for (const turn of turns) if (wanted(turn, options) && isNew(cursor, turn)) yield { type: 'turn', turn };
    }
    if (replica.taken.overQuota) yield* tellGap(cursor, replica);
    // An earlier generation is whole before a later one is read: no gap but those that are told.
    else if (replica.length < replica.announced.blocks) return false;
  }
  return true;
}

/** What a generation has over the quota is told where it is missing, and what comes to it later as it comes. */
function* tellGap({ gaps }: Cursor, { grant, announced, fetched }: ReadableCore): Generator<ReadEvent> {
  const missing = announced.turns - fetched.turns;
  const turns = missing - (gaps.get(grant.core) ?? 0);
  if (turns <= 0) return;
  gaps.set(grant.core, missing);
  yield { type: 'missing', turns, coming: false, overQuota: true };
}

function missingTurns(generations: ReadableGeneration[]): number {
  const coming = generations.filter(({ replica }) => !replica.taken.overQuota);
  const missing = coming.map(({ replica }) => replica.announced.turns - replica.fetched.turns);
  return Math.max(
    1,
    missing.reduce((n, m) => n + Math.max(0, m), 0),
  );
}
