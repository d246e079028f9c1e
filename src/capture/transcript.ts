/** A conversation's transcript, main file and subagents, read piece by piece as it grows. */
import { TeammateSyncError } from '../errors.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import { createRecordMemory } from './record-memory.ts';
import { type ResumePoint, SourceReader } from './source-reader.ts';
import { SourceTail, type TailState } from './source-tail.ts';
import { listSubagents } from './subagents.ts';

/** Why everything that was returned before is void. */
export type TranscriptReset = Exclude<TailState, 'same' | 'missing'> | 'removed';

export interface TranscriptRead {
  /** In the order of each file; sources are merged by time. Two turns may share a line (thinking beside other content). */
  turns: Turn[];
  /** Lines of the main file that were passed since it was opened or last reset. */
  lines: number;
  /** Bytes of all files that are not taken yet; a line that has not ended yet counts. */
  bytesBehind: number;
  /** True when every complete line that was there when this read began has been taken. */
  caughtUp: boolean;
  /** Not null: forget all turns so far; `turns` is empty, and the next read starts at line 1 of every file. */
  reset: TranscriptReset | null;
}

export interface TranscriptOptions {
  /** Of the main file; it need not exist yet. */
  path: string;
  /** Per source (MAIN_SOURCE or a subagent's id) what was taken before. */
  resume?: ReadonlyMap<string, ResumePoint>;
  /** About how many raw bytes one read takes; 1 MiB by default. */
  chunkBytes?: number;
}

export interface Transcript {
  /**
   * The next turns. Calls are answered one after the other. A missing file has no turns.
   * @throws TeammateSyncError CANNOT_WATCH when a file cannot be read; the next call tries again
   */
  read(): Promise<TranscriptRead>;
  /** The last title that a line so far gave the conversation, at most 200 characters. */
  title(): string | null;
  /** Later reads give nothing. */
  close(): void;
}

const CHUNK_BYTES = 1024 * 1024;

/** Thrown inside one read when a file turns out to be another than the one that was read. */
class Restart extends Error {
  readonly reason: TranscriptReset;
  constructor(reason: TranscriptReset) {
    super(reason);
    this.reason = reason;
  }
}

/** Opens a transcript for reading; looks at no file before the first read. */
export function openTranscript(options: TranscriptOptions): Transcript {
  const { path } = options;
  const chunkBytes = Math.max(1, options.chunkBytes ?? CHUNK_BYTES);
  // Over resets, too: what was ours once stays ours.
  const memory = createRecordMemory();
  let resume: ReadonlyMap<string, ResumePoint> = options.resume ?? new Map();
  let main = reader(MAIN_SOURCE, path);
  let readers = [main];
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  function reader(source: string, file: string): SourceReader {
    return new SourceReader(new SourceTail(source, file), memory, resume.get(source) ?? null, chunkBytes);
  }

  function restart(): void {
    resume = new Map();
    memory.title = null;
    main = reader(MAIN_SOURCE, path);
    readers = [main];
  }

  function answer(turns: Turn[], caughtUp: boolean, reset: TranscriptReset | null = null): TranscriptRead {
    const bytesBehind = readers.reduce((sum, r) => sum + r.tail.bytesBehind, 0);
    return { turns, lines: main.linesTaken, bytesBehind, caughtUp, reset };
  }

  /** Looks at all files; false when there is no transcript. */
  async function refresh(): Promise<boolean> {
    const state = await main.tail.check(true);
    if (state === 'missing') {
      if (readers.some((r) => r.started)) throw new Restart('removed');
      return false;
    }
    if (state !== 'same') throw new Restart(state);
    const agents = await listSubagents(path);
    const known = new Set(readers.map((r) => r.tail.source));
    for (const [id, file] of agents) if (!known.has(id)) readers.push(reader(id, file));
    for (const r of readers) {
      if (r === main) continue;
      const found = await r.tail.check(false);
      // The file of a subagent that was cleaned away takes nothing back of what it said.
      if (found !== 'same' && found !== 'missing') throw new Restart(found);
    }
    return true;
  }

  /** Moves turns from the sources into `turns`, earliest first. True when nothing more is there. */
  async function merge(turns: Turn[]): Promise<boolean> {
    const budget = { left: chunkBytes };
    const waiting = new Set<SourceReader>();
    let stale: SourceReader[] = readers;
    for (;;) {
      for (const r of stale) {
        const state = await r.advance(budget);
        if (state === 'again') return false;
        if (state === 'shrunk' || state === 'replaced') throw new Restart(state);
        if (state === 'missing' && r === main) throw new Restart('removed');
        if (state === 'turn') waiting.add(r);
        else waiting.delete(r);
      }
      let first: SourceReader | null = null;
      for (const r of waiting) if (first === null || r.nextTime < first.nextTime) first = r;
      if (first === null) return true;
      const turn = first.shift();
      if (turn) turns.push(turn);
      stale = [first];
    }
  }

  async function readOnce(): Promise<TranscriptRead> {
    if (closed) return answer([], true);
    const turns: Turn[] = [];
    try {
      if (!(await refresh())) return answer([], true);
      return answer(turns, await merge(turns));
    } catch (error) {
      if (error instanceof Restart) {
        restart();
        return answer([], error.reason === 'removed', error.reason);
      }
      // What was taken before the failure would be lost if it were thrown now; it comes again with the next read.
      if (turns.length > 0) return answer(turns, false);
      throw new TeammateSyncError('CANNOT_WATCH', `${path} cannot be read`, { cause: error });
    }
  }

  return {
    read() {
      const result = queue.then(readOnce);
      queue = result.catch(() => undefined);
      return result;
    },
    title: () => memory.title,
    close() {
      closed = true;
    },
  };
}
