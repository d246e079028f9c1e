/** The feed, over the redaction thread as it is built and run. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REDACTION_RETRY_MS, REDACTION_TRIES } from '../../src/protocol/limits.ts';
import { type Entry, Redaction } from '../../src/redact/index.ts';
import { Feed } from '../../src/share/feed.ts';
import { advance, type Positions } from '../../src/share/positions.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type MortalThread, mortalThread } from '../support/mortal-thread.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';

/** Several reads' worth of lines, a subagent among them, with a secret in each. */
const LINES = 240;
const TOKEN = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
const said = (i: number): string => `${i} ${TOKEN} ${'and then some words. '.repeat(500)}`.slice(0, 10_000);

interface Fed {
  feed: Feed;
  clock: ManualClock;
  thread: MortalThread;
  entries: Entry[];
  errors: unknown[];
  resets: string[];
  /** Reads that were asked for and not taken yet, the most there were at a time. */
  mostUnderWay: () => number;
  writer: TranscriptWriter;
  file: string;
}

/** @param gate what each append waits for */
function fed(
  gate: (n: number) => Promise<void> = () => Promise.resolve(),
  prepare: (thread: MortalThread) => void = () => {},
): Fed {
  const folder = tempDir();
  const file = path.join(folder, 'session.jsonl');
  const writer = new TranscriptWriter();
  for (let i = 0; i < LINES; i++) writer.reply(said(i));
  writer.raw({ type: 'custom-title', customTitle: 'the title' }).save(file);
  const agent = new TranscriptWriter({ agentId: 'a1', seed: 'agent' });
  for (let i = 0; i < LINES / 4; i++) agent.reply(said(i));
  agent.save(path.join(folder, 'session', 'subagents', 'agent-a1.jsonl'));

  const thread = mortalThread(folder);
  prepare(thread);
  const clock = new ManualClock();
  const redaction = new Redaction({ file: thread.file, clock });
  const entries: Entry[] = [];
  const positions: Positions = new Map();
  const errors: unknown[] = [];
  const resets: string[] = [];
  let underWay = 0;
  let most = 0;
  let appends = 0;
  const feed = new Feed({
    ...{ path: file, clock, key: Buffer.alloc(32, 3), withThinking: false, positions: () => positions },
    redaction: {
      open(options) {
        const source = redaction.open(options);
        const read = source.read.bind(source);
        source.read = () => {
          most = Math.max(most, ++underWay);
          return read();
        };
        return source;
      },
    },
    async append(some) {
      await gate(appends++);
      entries.push(...some);
      advance(positions, some);
      underWay--;
    },
    onReset: (why) => resets.push(why),
    onCaughtUp() {},
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => {
    await feed.stop();
    await redaction.stop();
  });
  return { feed, clock, thread, entries, errors, resets, mostUnderWay: () => most, writer, file };
}

/** Every line once, in the order of its file, masked; the title at the end. */
function expectAll(entries: Entry[], lines = LINES): void {
  const of = (source: string): Entry[] => entries.filter((e) => e.source === source && e.kind !== 'title');
  expect(of('main').map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, i) => i + 1).slice(0, lines));
  expect(of('a1').map(({ line }) => line)).toEqual(Array.from({ length: LINES / 4 }, (_, i) => i + 1));
  expect(entries.filter(({ kind }) => kind === 'title')).toHaveLength(1);
  expect(entries.filter(({ json }) => json.includes(TOKEN))).toEqual([]);
  expect(entries.filter(({ json }) => json.includes('[redacted:')).length).toBe(LINES + LINES / 4);
}

const dead = (...at: number[]) => {
  return (thread: MortalThread): void =>
    thread.fates([
      ...Array.from({ length: Math.max(...at) + 1 }, (_, i) => (at.includes(i) ? ('dies before' as const) : 'answers')),
      'answers' as const,
    ]);
};

describe('a thread that dies', () => {
  it('at any place costs no entry and repeats none', async () => {
    for (const at of [0, 1]) {
      const { feed, entries, errors, thread } = fed(undefined, dead(at, at + 3));
      await feed.drain();
      expectAll(entries);
      expect(errors).toEqual([]);
      expect(thread.starts()).toHaveLength(3);
    }
  });

  it('after an answer has it appended once', async () => {
    const { feed, entries, thread } = fed(undefined, (t) =>
      t.fates(['answers', 'dies after', 'answers', 'dies after', 'answers']),
    );
    await feed.drain();
    expectAll(entries);
    expect(thread.starts().length).toBeGreaterThan(1);
  });

  it('again and again at one place is an error with a name; nothing is appended, until it lives', async () => {
    const { feed, entries, errors, thread, clock, writer, file } = fed(undefined, (t) => t.fates(['dies before']));
    await expect(feed.drain()).rejects.toMatchObject({ code: 'REDACTION_FAILED' });
    expect(errors).toMatchObject([{ code: 'REDACTION_FAILED' }]);
    expect(JSON.stringify(errors)).not.toContain('secret');
    expect(entries).toEqual([]);
    expect(thread.starts()).toHaveLength(REDACTION_TRIES);
    // What is written meanwhile does not wake it: each time costs.
    thread.fates(['answers']);
    fs.appendFileSync(file, `${new TranscriptWriter({ seed: 'more' }).reply('more').lines[0]}\n`);
    await expect(feed.drain()).rejects.toMatchObject({ code: 'REDACTION_FAILED' });
    clock.pass(REDACTION_RETRY_MS - 1);
    expect(thread.starts()).toHaveLength(REDACTION_TRIES);
    clock.pass(1);
    await feed.drain();
    expect(thread.starts()).toHaveLength(REDACTION_TRIES + 1);
    // The line of the title is the one between.
    expect(entries.some(({ line, kind }) => line === writer.lines.length + 1 && kind !== 'title')).toBe(true);
    expect(entries).toHaveLength(LINES + LINES / 4 + 2);
  });

  it('at the same place after some progress is given up, too', async () => {
    const prepare = (t: MortalThread): void => t.fates(['answers', 'answers', 'dies before']);
    const { feed, entries, errors } = fed(undefined, prepare);
    await expect(feed.drain()).rejects.toMatchObject({ code: 'REDACTION_FAILED' });
    expect(errors).toHaveLength(1);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.length).toBeLessThan(LINES);
  });
});

describe('appending', () => {
  it('holds the reading up: two reads are under way at most', async () => {
    let open = (): void => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    const { feed, entries, mostUnderWay } = fed(() => closed);
    const drained = feed.drain();
    await until(() => mostUnderWay() === 2);
    open();
    await drained;
    expectAll(entries);
    expect(mostUnderWay()).toBe(2);
  });

  it('that fails loses nothing: it is done again later', async () => {
    const full = new Error('no space');
    const { feed, entries, errors, clock } = fed((n) => (n === 2 ? Promise.reject(full) : Promise.resolve()));
    await expect(feed.drain()).rejects.toBe(full);
    expect(errors).toEqual([full]);
    clock.pass(REDACTION_RETRY_MS);
    await feed.drain();
    expectAll(entries);
  });
});

describe('a stop', () => {
  it('drops what the thread still gives', async () => {
    const stopping: Promise<void>[] = [];
    const made: Fed = fed(async (n) => {
      if (n === 1) stopping.push(made.feed.stop());
    });
    await made.feed.drain();
    await until(() => stopping.length > 0);
    await stopping[0];
    const { length } = made.entries;
    expect(length).toBeLessThan(LINES);
    await made.feed.drain();
    expect(made.entries).toHaveLength(length);
    expect(made.errors).toEqual([]);
  });

  it('right after the start appends nothing', async () => {
    const { feed, entries } = fed();
    await feed.stop();
    expect(entries).toEqual([]);
  });
});

it('a transcript that was replaced ends it, with nothing of the new one appended', async () => {
  const { feed, entries, resets, file } = fed();
  await feed.drain();
  const { length } = entries;
  fs.writeFileSync(file, new TranscriptWriter({ seed: 'other' }).reply('other').text);
  await until(() => resets.length > 0);
  await feed.drain();
  expect(resets).toHaveLength(1);
  expect(entries).toHaveLength(length);
});
