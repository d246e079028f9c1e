import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openTranscript, type Transcript, watchTranscript } from '../../src/capture/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { ManualClock, readAll, texts, until, useFolders } from './support.ts';

const folder = useFolders();
const SESSION = '0a6afc57-2f31-4cb4-8ff0-01247f50c64c';
const stops = new Set<() => void>();
afterEach(() => {
  for (const stop of stops) stop();
  stops.clear();
});

/** Opens and watches; `calls` counts the notices. */
function watched(options: { path: string; clock: Clock }): {
  transcript: Transcript;
  calls: () => number;
  stop: () => void;
} {
  let calls = 0;
  const stop = watchTranscript(options.path, () => calls++, options.clock);
  stops.add(stop);
  return { transcript: openTranscript(options), calls: () => calls, stop };
}

function line(text: string): string {
  return new TranscriptWriter({ seed: text }).reply(text).text;
}

// The clock of these stands still, so what is noticed is noticed without the poll.
describe('notices', () => {
  it('come for an append, and each for itself', async () => {
    const path = join(folder(), `${SESSION}.jsonl`);
    fs.writeFileSync(path, line('0'));
    const { transcript, calls } = watched({ path, clock: new ManualClock() });
    await readAll(transcript);
    for (let i = 1; i <= 5; i++) {
      const before = calls();
      fs.appendFileSync(path, line(String(i)));
      await until(() => calls() > before, 'a notice');
      expect(texts((await readAll(transcript)).turns)).toEqual([String(i)]);
    }
  });

  it('come when the file and the folders above it are made', async () => {
    const path = join(folder(), 'projects', '-home-alice-proj', `${SESSION}.jsonl`);
    const { transcript, calls } = watched({ path, clock: new ManualClock() });
    expect((await transcript.read()).turns).toEqual([]);
    fs.mkdirSync(dirname(dirname(path)));
    await until(() => calls() > 0, 'a notice of the folder');
    fs.mkdirSync(dirname(path));
    let turns: string[] = [];
    fs.writeFileSync(path, line('first'));
    await until(async () => {
      turns = [...turns, ...texts((await readAll(transcript)).turns)];
      return turns.length > 0;
    }, 'the first line');
    const before = calls();
    fs.appendFileSync(path, line('second'));
    await until(() => calls() > before, 'a notice of the append');
  });

  it('come for a subagent, from its first line on', async () => {
    const root = folder();
    const path = join(root, `${SESSION}.jsonl`);
    const agents = join(root, SESSION, 'subagents');
    fs.writeFileSync(path, line('main'));
    const { calls } = watched({ path, clock: new ManualClock() });
    fs.mkdirSync(agents, { recursive: true });
    await until(() => calls() > 0, 'a notice of the folder');
    for (const text of ['a', 'b']) {
      const before = calls();
      fs.appendFileSync(join(agents, 'agent-a1.jsonl'), line(text));
      await until(() => calls() > before, `a notice of ${text}`);
    }
  });

  it('come when the folder is removed, and when it is made again', async () => {
    const path = join(folder(), 'p', `${SESSION}.jsonl`);
    fs.mkdirSync(dirname(path));
    fs.writeFileSync(path, line('one'));
    const { transcript, calls } = watched({ path, clock: new ManualClock() });
    await readAll(transcript);
    fs.rmSync(dirname(path), { recursive: true });
    await until(() => calls() > 0, 'a notice of the removal');
    expect((await transcript.read()).reset).toBe('removed');
    fs.mkdirSync(dirname(path));
    fs.writeFileSync(path, line('two'));
    await until(async () => texts((await readAll(transcript)).turns).includes('two'), 'the new file');
    const before = calls();
    fs.appendFileSync(path, line('three'));
    await until(() => calls() > before, 'a notice of the append');
  });

  it('come when the folder was removed and made again at once', async () => {
    const path = join(folder(), 'p', `${SESSION}.jsonl`);
    fs.mkdirSync(dirname(path));
    fs.writeFileSync(path, line('one'));
    const { calls } = watched({ path, clock: new ManualClock() });
    for (let round = 0; round < 3; round++) {
      let before = calls();
      fs.rmSync(dirname(path), { recursive: true });
      fs.mkdirSync(dirname(path));
      await until(() => calls() > before, 'a notice of the new folder');
      before = calls();
      fs.writeFileSync(path, line('two'));
      await until(() => calls() > before, 'a notice of the file');
    }
  });

  it('do not come for other conversations of the same project', async () => {
    const root = folder();
    const path = join(root, `${SESSION}.jsonl`);
    fs.writeFileSync(path, line('main'));
    const { calls } = watched({ path, clock: new ManualClock() });
    fs.appendFileSync(path, line('x'));
    await until(() => calls() > 0, 'a notice');
    let told = 0;
    const system = fs.watch(root, () => told++);
    const before = calls();
    for (let i = 0; i < 5; i++) {
      const seen = told;
      fs.appendFileSync(join(root, 'other.jsonl'), line(String(i)));
      await until(() => told > seen, 'the system');
      // Both watchers are told in one turn of the loop; a notice comes in the next.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    system.close();
    expect(calls()).toBe(before);
  });

  it('end with the stop', async () => {
    const root = folder();
    const path = join(root, `${SESSION}.jsonl`);
    fs.writeFileSync(path, line('main'));
    const clock = new ManualClock();
    const stopped = watched({ path, clock });
    const other = watched({ path, clock });
    stopped.stop();
    fs.appendFileSync(path, line('x'));
    await until(() => other.calls() > 0, 'a notice at the other');
    await clock.advance(5000);
    expect(stopped.calls()).toBe(0);
  });
});

describe('the poll', () => {
  it('sees what the system does not tell: a file behind a link to another folder', async () => {
    const target = join(folder(), 'real.jsonl');
    const path = join(folder(), `${SESSION}.jsonl`);
    fs.writeFileSync(target, line('one'));
    fs.symlinkSync(target, path);
    const clock = new ManualClock();
    const { transcript, calls } = watched({ path, clock });
    await readAll(transcript);
    const before = calls();
    fs.appendFileSync(target, line('two'));
    await clock.advance(1900);
    expect(calls()).toBe(before);
    await clock.advance(200);
    await until(() => calls() > before, 'a notice');
    expect(texts((await readAll(transcript)).turns)).toEqual(['two']);
    const after = calls();
    await clock.advance(10_000);
    expect(calls()).toBe(after);
  });
});
