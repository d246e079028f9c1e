/** The redaction thread, as it is built and run. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openTranscript } from '../../src/capture/index.ts';
import {
  createRedactor,
  type Entry,
  Redaction,
  type RedactedRead,
  type RedactedSource,
  ThreadGone,
} from '../../src/redact/index.ts';
import { redactedEntries } from '../../src/redact/entry.ts';
import { REDACTION_ANSWER_MS, REDACTION_IDLE_MS } from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { mortalThread } from '../support/mortal-thread.ts';
import { bundle, run } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';
import { encodings } from './encodings.ts';
import { seeded } from './random.ts';
import { structures, tokens } from './samples.ts';

const key = Buffer.alloc(32, 7);

function redaction(file: string = inject('redactor')): { made: Redaction; clock: ManualClock } {
  const clock = new ManualClock();
  const made = new Redaction({ file, clock });
  onTestFinished(() => made.stop());
  return { made, clock };
}

function open(made: Redaction, file: string, withThinking = false): RedactedSource {
  return made.open({ path: file, resume: new Map(), title: null, key, withThinking });
}

async function readAll(source: RedactedSource): Promise<RedactedRead[]> {
  const reads: RedactedRead[] = [];
  for (let read = await source.read(); read; read = read.caughtUp ? null : await source.read()) reads.push(read);
  return reads;
}

/** A conversation of some megabytes with every known form of secret in it, in every encoding. */
function corpus(file: string): void {
  const random = seeded(5);
  const writer = new TranscriptWriter();
  for (const make of [...Object.values(tokens), ...Object.values(structures)]) {
    for (const encoding of Object.values(encodings)) {
      const text = `${encoding.wrap(make(random).text)}\n${'as it was before. '.repeat(60)}`;
      writer.thinking(text).reply(text).toolUse('toolu_1', 'Bash', { command: text }).toolResult('toolu_1', text);
    }
  }
  writer.save(file);
}

function mebibytes(file: string, count: number): void {
  const writer = new TranscriptWriter();
  for (let i = 0; i < count * 64; i++) writer.reply(`${i} ${'words and words. '.repeat(1000)}`.slice(0, 16_000));
  writer.save(file);
}

describe('the thread', () => {
  it.each([false, true])('gives the entries that the redactor gives, in order (thinking: %s)', async (withThinking) => {
    const file = path.join(tempDir(), 'corpus.jsonl');
    corpus(file);
    const { made } = redaction();
    const reads = await readAll(open(made, file, withThinking));

    const transcript = openTranscript({ path: file });
    const redactor = createRedactor({ key });
    const wanted: Entry[] = [];
    const counts = new Map<string, number>();
    for (let caughtUp = false; !caughtUp;) {
      const read = await transcript.read();
      const { entries, masked } = redactedEntries(redactor, read.turns, withThinking);
      wanted.push(...entries);
      for (const { rule } of masked) counts.set(rule, (counts.get(rule) ?? 0) + 1);
      caughtUp = read.caughtUp;
    }
    expect(wanted.length).toBeGreaterThan(1000);
    expect(reads.length).toBeGreaterThan(2);
    const text = (entries: Entry[]): string[] =>
      entries.map(({ json, ...entry }) => `${JSON.stringify(entry)} ${json.toString()}`);
    expect(text(reads.flatMap(({ entries }) => entries))).toEqual(text(wanted));
    const sum = new Map<string, number>();
    for (const { masked } of reads) for (const [rule, n] of masked) sum.set(rule, (sum.get(rule) ?? 0) + n);
    expect(sum).toEqual(counts);
    expect(text(wanted).some((entry) => entry.includes('"kind":"thinking"'))).toBe(withThinking);
  });

  it('gives about a mebibyte of source at a time, and nothing that was not asked for', async () => {
    const file = path.join(tempDir(), 'long.jsonl');
    mebibytes(file, 8);
    const { made } = redaction();
    const source = open(made, file);
    const reads = await Promise.all([source.read(), source.read()]);
    const sizes = reads.map((read) => (read?.entries ?? []).reduce((sum, { json }) => sum + json.length, 0));
    expect(Math.max(...sizes)).toBeLessThan(2 * 2 ** 20);
    const lines = (read: RedactedRead | null): number[] => read?.entries.map(({ line }) => line) ?? [];
    const both = reads.flatMap(lines);
    expect(both).toEqual(both.map((_, i) => i + 1));
    const rest = await readAll(source);
    expect([...both, ...rest.flatMap(lines)]).toHaveLength(8 * 64);
  });

  it('says that a file cannot be read, and goes on when it can', async () => {
    const file = path.join(tempDir(), 't.jsonl');
    fs.symlinkSync(file, file);
    const { made } = redaction();
    const source = open(made, file);
    await expect(source.read()).rejects.toMatchObject({ code: 'CANNOT_WATCH' });
    fs.rmSync(file);
    new TranscriptWriter().reply('one').save(file);
    expect((await source.read())?.entries).toHaveLength(1);
  });

  it('names the conversation once, also when it is read again from where it was', async () => {
    const file = path.join(tempDir(), 't.jsonl');
    const writer = new TranscriptWriter().raw({ type: 'custom-title', customTitle: 'first' });
    for (let i = 0; i < 200; i++) writer.reply('x'.repeat(16_000));
    writer.raw({ type: 'custom-title', customTitle: 'second' }).reply('y').save(file);
    const { made } = redaction();
    const titles = (reads: RedactedRead[]): string[] =>
      reads.flatMap(({ entries }) => entries.filter((e) => e.kind === 'title').map(({ json }) => String(json)));
    const reads = await readAll(open(made, file));
    expect(titles(reads)).toMatchObject([expect.stringContaining('first'), expect.stringContaining('second')]);
    const line = writer.lines.length;
    const resume = new Map([['main', { line, uuid: writer.uuidAt(line) }]]);
    const again = await readAll(made.open({ path: file, resume, title: 'second', key, withThinking: false }));
    expect(again.length).toBeGreaterThan(2);
    expect(again.flatMap(({ entries }) => entries)).toEqual([]);
  });

  it('is given no environment', async () => {
    const folder = tempDir();
    const thread = mortalThread(folder);
    const { made } = redaction(thread.file);
    await readAll(open(made, path.join(folder, 'none.jsonl')));
    expect(thread.starts()).toEqual([[]]);
  });
});

describe('the end of the thread', () => {
  it('comes some time after the last transcript was closed, and not before', async () => {
    const folder = tempDir();
    const { made, clock } = redaction();
    expect(made.running).toBe(false);
    const [one, two] = [open(made, path.join(folder, 'a')), open(made, path.join(folder, 'b'))];
    await Promise.all([one.read(), two.read()]);
    clock.pass(REDACTION_IDLE_MS * 10);
    one.close();
    clock.pass(REDACTION_IDLE_MS * 10);
    expect(made.running).toBe(true);
    two.close();
    clock.pass(REDACTION_IDLE_MS - 1);
    expect(made.running).toBe(true);
    const three = open(made, path.join(folder, 'c'));
    clock.pass(REDACTION_IDLE_MS * 10);
    expect(await three.read()).toMatchObject({ caughtUp: true });
    three.close();
    clock.pass(REDACTION_IDLE_MS);
    expect(made.running).toBe(false);
    expect(await open(made, path.join(folder, 'd')).read()).toMatchObject({ caughtUp: true });
  });

  it('takes what is under way with it, says so without a word of the transcript, and the next gives it', async () => {
    const folder = tempDir();
    const file = path.join(folder, 't.jsonl');
    new TranscriptWriter().reply('one').save(file);
    const thread = mortalThread(folder);
    thread.fates(['dies before', 'answers']);
    const { made } = redaction(thread.file);
    const source = open(made, file);
    const gone = await source.read().catch((error: unknown) => error);
    expect(gone).toBeInstanceOf(ThreadGone);
    expect(String(gone)).not.toContain('secret');
    await expect(source.read()).rejects.toBe(gone);
    expect((await readAll(open(made, file))).flatMap(({ entries }) => entries)).toHaveLength(1);
    expect(thread.starts()).toHaveLength(2);
  });

  it('is made when it answers nothing for long', async () => {
    const folder = tempDir();
    const thread = mortalThread(folder);
    thread.fates(['hangs']);
    const { made, clock } = redaction(thread.file);
    const read = open(made, path.join(folder, 't')).read();
    read.catch(() => {});
    await until(() => thread.starts().length > 0);
    clock.pass(REDACTION_ANSWER_MS);
    await expect(read).rejects.toThrow('did not answer');
    expect(made.running).toBe(false);
  });

  it('is not waited for by a close, and what still comes is dropped', async () => {
    const file = path.join(tempDir(), 'long.jsonl');
    mebibytes(file, 4);
    const { made } = redaction();
    const source = open(made, file);
    const read = source.read();
    source.close();
    expect(await read).toBeNull();
    expect(await source.read()).toBeNull();
  });

  it('comes with the stop, in the middle of a read; then there is no other', async () => {
    const file = path.join(tempDir(), 'long.jsonl');
    mebibytes(file, 8);
    const { made } = redaction();
    const read = open(made, file).read();
    const lost = expect(read).rejects.toBeInstanceOf(ThreadGone);
    await made.stop();
    await lost;
    expect(made.running).toBe(false);
    expect(() => open(made, file)).toThrow(ThreadGone);
  });

  it('does not hold up that of the process', async () => {
    const folder = tempDir();
    const script = await bundle(
      `import { Redaction } from './src/redact/index.ts';
      import { systemClock } from './src/platform/clock.ts';
      const made = new Redaction({ file: process.argv[2], clock: systemClock });
      const options = { resume: new Map(), title: null, key: new Uint8Array(32), withThinking: false };
      const keep = setInterval(() => {}, 1000);
      const source = made.open({ path: process.argv[3], ...options });
      console.log((await source.read()).caughtUp);
      source.read();
      clearInterval(keep);`,
      folder,
    );
    const child = run(script, [inject('redactor'), path.join(folder, 'none')]);
    expect(await child.exit).toBe(0);
    expect(child.output().trim()).toBe('true');
  });
});
