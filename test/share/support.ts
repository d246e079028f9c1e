/** Generations, chains and turns for tests of this room and of the inbox. */
import { randomBytes } from 'node:crypto';
import { createRedactor, type Entry, type Redacted, redactedEntry } from '../../src/redact/index.ts';
import { Chain } from '../../src/share/chain.ts';
import { Generation, type NewGeneration, type StoredGeneration } from '../../src/share/generation.ts';
import { EMPTY_CHECKPOINT, openSessionFile, type StoredSession } from '../../src/share/store.ts';
import type { Self } from '../../src/identity/index.ts';
import { CorePool } from '../../src/platform/core-pool.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { SESSION, turn } from '../protocol/samples.ts';
import { countedRandom } from '../support/device.ts';

const redactor = createRedactor({ key: Buffer.alloc(32, 1) });

export function redacted(...turns: Turn[]): Redacted<Entry>[] {
  return turns.map((one) => redactedEntry(redactor, one).entry);
}

/** Turns of the given lines. */
export function lines(...numbers: number[]): Redacted<Entry>[] {
  return redacted(...numbers.map((n) => turn(n)));
}

export function newGeneration(folder: string, self: Self, changes: Partial<NewGeneration> = {}): Promise<Generation> {
  return Generation.create({
    cores: new CorePool(),
    folder,
    session: SESSION,
    gen: 1,
    kind: 'continue',
    project: 'proj',
    startedAt: '2026-11-22T07:30:00.000Z',
    after: [],
    self,
    random: countedRandom(`generation ${folder} ${changes.gen ?? 1}`),
    ...changes,
  });
}

const FRESH: StoredSession = {
  v: 1,
  session: SESSION,
  project: 'proj',
  cwd: '/work/proj',
  transcriptPath: '/work/proj/t.jsonl',
  startedAt: Date.UTC(2026, 10, 22),
  withThinking: false,
  markKey: Buffer.alloc(32, 2).toString('base64url'),
  rules: '1',
  recipients: [],
  generations: [],
  masked: [],
  checkpoint: EMPTY_CHECKPOINT,
};

/** The chain of a session in `folder`, as a new process opens it. */
export async function openChain(folder: string, self: Self, clock: Clock): Promise<Chain> {
  const file = openSessionFile(folder, structuredClone(FRESH));
  if (!file) throw new Error('no file');
  const chain = new Chain({
    cores: new CorePool(),
    folder,
    file,
    self,
    random: (n) => randomBytes(n),
    now: () => clock.now(),
  });
  await chain.reopen();
  return chain;
}

/** As the next process finds it. */
export function reopened(folder: string, stored: StoredGeneration, cores = new CorePool()): Promise<Generation> {
  return Generation.reopen({ cores, folder }, stored);
}

/** All entries of a generation, by line. */
export async function linesOf(generation: Generation): Promise<number[]> {
  const all: number[] = [];
  for (let block = 1; block < generation.blocks; block++)
    all.push(...(await generation.read(block)).map((t) => t.line));
  return all;
}
