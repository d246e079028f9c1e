/** Folders, clocks and waits that the tests of this room share. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  createRecordMemory,
  parseRecord,
  type RecordMemory,
  type Transcript,
  type TranscriptRead,
} from '../../src/capture/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { MAIN_SOURCE, type Turn } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';

/** A folder of its own for each call, removed after the test. */
export function useFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = fs.mkdtempSync(join(fs.realpathSync(os.tmpdir()), 'capture-'));
    made.push(folder);
    return folder;
  };
}

/** Reads until nothing more is there. Resets empty what came before, as a reader must; they are listed. */
export async function readAll(
  transcript: Transcript,
): Promise<{ turns: Turn[]; resets: string[]; last: TranscriptRead }> {
  let turns: Turn[] = [];
  const resets: string[] = [];
  for (let reads = 0; reads < 1_000_000; reads++) {
    const last = await transcript.read();
    if (last.reset !== null) {
      resets.push(last.reset);
      turns = [];
    }
    turns.push(...last.turns);
    if (last.caughtUp) return { turns, resets, last };
  }
  throw new Error('never caught up');
}

/** All text that a turn shows, and its markers. */
export function texts(turns: readonly Turn[]): string[] {
  return turns.flatMap((turn) =>
    turn.content.map((part) => {
      if (part.type === 'omitted') return `(${part.why})`;
      if (part.type === 'image') return `[${part.media}]`;
      return part.type === 'tool_use' ? `${part.name} ${JSON.stringify(part.input)}` : part.text;
    }),
  );
}

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 10, 22, 8);
  #elapsed = 0;
  #timers = new Set<{ at: number; fn: () => void }>();

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, fn: () => void): { cancel(): void } {
    const timer = { at: this.#elapsed + ms, fn };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Lets time pass, a step of 100 ms at a time, and lets everything that waits for it run. */
  async advance(ms: number): Promise<void> {
    for (const end = this.#elapsed + ms; this.#elapsed < end;) {
      const step = Math.min(100, end - this.#elapsed);
      this.#elapsed += step;
      this.#now += step;
      for (const timer of this.#timers) {
        if (timer.at > this.#elapsed) continue;
        this.#timers.delete(timer);
        timer.fn();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Waits until the condition holds; fails after a generous time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The turns of a transcript's main file. */
export function parse(lines: readonly string[], memory: RecordMemory = createRecordMemory()): Turn[] {
  return lines.flatMap((line, i) => parseRecord(line, { source: MAIN_SOURCE, line: i + 1 }, memory));
}

/** The lines of a transcript. */
export function write(build: (w: TranscriptWriter) => unknown): string[] {
  const writer = new TranscriptWriter();
  build(writer);
  return writer.lines;
}
