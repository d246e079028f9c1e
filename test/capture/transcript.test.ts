import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTranscript, watchTranscript } from '../../src/capture/index.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { ENTRY_MAX_BYTES, SOURCE_LINE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { MAIN_SOURCE } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { readAll, texts, useFolders } from './support.ts';

const folder = useFolders();
const SESSION = '0a6afc57-2f31-4cb4-8ff0-01247f50c64c';

function newPath(): string {
  return join(folder(), `${SESSION}.jsonl`);
}

function agentPath(path: string, id: string): string {
  return join(dirname(path), SESSION, 'subagents', `agent-${id}.jsonl`);
}

/** A conversation of every kind of record. */
function conversation(seed = ''): TranscriptWriter {
  return new TranscriptWriter({ seed })
    .prompt('first')
    .noise('S3CRET')
    .thinking('hm')
    .tool('t1', 'Bash', { command: 'ls' }, 'ünïcödé 😀\n'.repeat(30))
    .title('login fix')
    .tool('t2', 'mcp__teammate-sync__x', {}, 'S3CRET')
    .queued('more')
    .compact('summary')
    .reply('last');
}

function agentFile(id: string, start: number): TranscriptWriter {
  return new TranscriptWriter({ agentId: id, seed: id, start });
}

describe('reading', () => {
  it('gives the turns of a whole file, with the title and the number of lines', async () => {
    const path = newPath();
    const writer = conversation();
    writer.save(path);
    const transcript = openTranscript({ path });
    const { turns, last } = await readAll(transcript);
    expect(texts(turns).at(0)).toBe('first');
    expect(texts(turns).at(-1)).toBe('last');
    expect(JSON.stringify(turns)).not.toContain('S3CRET');
    expect(transcript.title()).toBe('login fix');
    expect(last).toMatchObject({ lines: writer.lines.length, bytesBehind: 0, caughtUp: true, reset: null });
    for (const turn of turns) expect(writer.lines[turn.line - 1]).toContain(turn.uuid);
    expect(await transcript.read()).toMatchObject({ turns: [], caughtUp: true });
  });

  it('takes only so much at once', async () => {
    const path = newPath();
    const writer = new TranscriptWriter();
    for (let i = 0; i < 200; i++) writer.reply(`${i} ${'x'.repeat(1000)}`);
    writer.save(path);
    const transcript = openTranscript({ path, chunkBytes: 20_000 });
    const first = await transcript.read();
    expect(first.caughtUp).toBe(false);
    expect(first.turns.length).toBeGreaterThan(5);
    expect(first.turns.length).toBeLessThan(20);
    expect(first.bytesBehind).toBeGreaterThan(200_000);
    const { turns } = await readAll(transcript);
    expect([...first.turns, ...turns].map((t) => t.line)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('waits with a torn last line until it ends', async () => {
    const path = newPath();
    const writer = conversation();
    const cut = writer.text.length - 30;
    fs.writeFileSync(path, writer.text.slice(0, cut));
    const transcript = openTranscript({ path });
    const before = await readAll(transcript);
    expect(before.last.bytesBehind).toBeGreaterThan(0);
    expect(texts(before.turns)).not.toContain('last');
    fs.appendFileSync(path, writer.text.slice(cut));
    const after = await readAll(transcript);
    expect(after.resets).toEqual([]);
    expect(texts(after.turns)).toEqual(['last']);
  });

  it('takes long lines, and passes over those beyond the limit in bounded memory', async () => {
    const path = newPath();
    const writer = new TranscriptWriter().reply('before').tool('t1', 'Bash', {}, 'y'.repeat(3_000_000));
    writer.save(path);
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x');
    const fd = fs.openSync(path, 'a');
    for (let i = 0; i < 12; i++) fs.writeSync(fd, chunk);
    fs.closeSync(fd);
    fs.appendFileSync(path, `\n${new TranscriptWriter({ seed: 'b' }).reply('after').text}`);

    const transcript = openTranscript({ path });
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const held = (): number => (collect(), process.memoryUsage().arrayBuffers);
    const before = held();
    let most = 0;
    const turns = [];
    for (let caughtUp = false; !caughtUp;) {
      const read = await transcript.read();
      turns.push(...read.turns);
      most = Math.max(most, held() - before);
      caughtUp = read.caughtUp;
    }
    expect(turns.map((t) => t.kind)).toEqual(['reply', 'tool_use', 'tool_result', 'notice', 'reply']);
    expect(JSON.stringify(turns[2]).length).toBeGreaterThan(ENTRY_MAX_BYTES - 8192);
    expect(texts(turns).slice(-2)).toEqual([`(too long: ${12 * chunk.length} bytes)`, 'after']);
    // The line is three times as long.
    expect(most).toBeLessThan(SOURCE_LINE_MAX_BYTES + 4 * 1024 * 1024);
  });

  it('answers calls that were made at once one after the other', async () => {
    const path = newPath();
    conversation().save(path);
    const alone = await readAll(openTranscript({ path, chunkBytes: 500 }));
    const transcript = openTranscript({ path, chunkBytes: 500 });
    const reads = await Promise.all(Array.from({ length: 300 }, () => transcript.read()));
    expect(reads.flatMap((r) => r.turns)).toEqual(alone.turns);
  });

  it('says that a file cannot be read, and goes on once it can', async () => {
    const path = newPath();
    fs.mkdirSync(path);
    const transcript = openTranscript({ path });
    await expect(transcript.read()).rejects.toThrow(TeammateSyncError);
    await expect(transcript.read()).rejects.toMatchObject({ code: 'CANNOT_WATCH' });
    fs.rmdirSync(path);
    fs.symlinkSync(path, path);
    await expect(transcript.read()).rejects.toMatchObject({ code: 'CANNOT_WATCH' });
    fs.rmSync(path);
    conversation().save(path);
    expect(texts((await readAll(transcript)).turns).at(-1)).toBe('last');
  });

  it('makes, changes and keeps nothing', async () => {
    const path = newPath();
    conversation().save(path);
    const before = fs.readdirSync(dirname(path), { recursive: true });
    const stat = fs.statSync(path);
    const transcript = openTranscript({ path });
    const stop = watchTranscript(path, () => undefined, systemClock);
    await readAll(transcript);
    expect(fs.readdirSync(dirname(path), { recursive: true })).toEqual(before);
    expect(fs.statSync(path)).toMatchObject({ mtimeMs: stat.mtimeMs, size: stat.size, mode: stat.mode });
    stop();
    transcript.close();
    expect(await transcript.read()).toMatchObject({ turns: [], caughtUp: true });
  });
});

describe('subagents', () => {
  it('are merged by time and keep their own order', async () => {
    const path = newPath();
    const start = Date.UTC(2026, 10, 22, 7, 30);
    new TranscriptWriter().reply('m0').reply('m100').reply('m200').reply('m300').save(path);
    agentFile('a1', start + 150)
      .reply('a150')
      .reply('a250')
      .save(agentPath(path, 'a1'));
    agentFile('b2', start + 50)
      .reply('b50')
      .raw('{"type":"user","message":{"content":"untimed"}}')
      .reply('b150')
      .save(agentPath(path, 'b2'));
    const { turns } = await readAll(openTranscript({ path }));
    expect(texts(turns)).toEqual(['m0', 'b50', 'untimed', 'm100', 'a150', 'b150', 'm200', 'a250', 'm300']);
    expect(turns.find((t) => t.content[0]?.type === 'text' && t.content[0].text === 'b150')).toMatchObject({
      source: 'b2',
      line: 3,
    });
  });

  it('join when their file appears', async () => {
    const path = newPath();
    new TranscriptWriter().reply('m').save(path);
    const transcript = openTranscript({ path });
    expect(texts((await readAll(transcript)).turns)).toEqual(['m']);
    agentFile('late', 0).reply('a').save(agentPath(path, 'late'));
    const { turns, last } = await readAll(transcript);
    expect(turns).toMatchObject([{ source: 'late', line: 1 }]);
    expect(last.lines).toBe(1);
  });

  it('are only the files that Claude Code names so', async () => {
    const path = newPath();
    new TranscriptWriter().reply('m').save(path);
    for (const name of ['main', 'a b', 'x'.repeat(129)]) agentFile('x', 0).reply('no').save(agentPath(path, name));
    fs.writeFileSync(join(dirname(agentPath(path, 'x')), 'agent-y.meta.json'), '{}');
    fs.symlinkSync(path, agentPath(path, 'link'));
    fs.mkdirSync(agentPath(path, 'dir'));
    expect(texts((await readAll(openTranscript({ path }))).turns)).toEqual(['m']);
  });

  it('take nothing back when their file goes, and everything when it was rewritten', async () => {
    const path = newPath();
    new TranscriptWriter().reply('m').save(path);
    agentFile('a', 0).reply('one').reply('two').save(agentPath(path, 'a'));
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.rmSync(agentPath(path, 'a'));
    expect(await transcript.read()).toMatchObject({ turns: [], caughtUp: true, reset: null });
    agentFile('a', 5).reply('other').save(agentPath(path, 'a'));
    const { turns, resets } = await readAll(transcript);
    expect(resets).toHaveLength(1);
    expect(texts(turns)).toEqual(['other', 'm']);
  });
});

describe('a resume', () => {
  it('gives only what comes after, in every source, with the title from before', async () => {
    const path = newPath();
    const main = conversation();
    main.save(path);
    const subagent = new TranscriptWriter({ agentId: 'a' }).reply('a1').reply('a2');
    subagent.save(agentPath(path, 'a'));
    const all = await readAll(openTranscript({ path }));
    for (const point of all.turns.filter((t) => t.source === MAIN_SOURCE && t.uuid !== '')) {
      const resume = new Map([
        [MAIN_SOURCE, { line: point.line, uuid: point.uuid }],
        ['a', { line: 1, uuid: subagent.uuidAt(1) }],
      ]);
      const transcript = openTranscript({ path, resume, chunkBytes: 700 });
      const { turns, resets, last } = await readAll(transcript);
      expect(resets).toEqual([]);
      expect(turns).toEqual(all.turns.filter((t) => t.line > (t.source === MAIN_SOURCE ? point.line : 1)));
      expect(last.lines).toBe(main.lines.length);
      expect(transcript.title()).toBe('login fix');
    }
  });

  it.each([
    ['another record there', 1, 'c0ffee00-0000-4000-8000-000000000000', 'replaced'],
    ['too few lines', 99, 'c0ffee00-0000-4000-8000-000000000000', 'replaced'],
    ['no file', 1, 'x', 'removed'],
  ])('starts anew with %s', async (what, line, uuid, reset) => {
    const path = newPath();
    if (what !== 'no file') new TranscriptWriter().reply('one').reply('two').save(path);
    const transcript = openTranscript({ path, resume: new Map([[MAIN_SOURCE, { line, uuid }]]) });
    const first = await transcript.read();
    expect(first).toMatchObject({ reset, turns: [] });
    if (what === 'no file') new TranscriptWriter().reply('one').reply('two').save(path);
    expect(texts((await readAll(transcript)).turns)).toEqual(['one', 'two']);
  });

  it('passes over a marker, whose record has no uuid', async () => {
    const path = newPath();
    const deep = `{"type":"user","message":{"content":"x"},"a":${'['.repeat(99)}${']'.repeat(99)}}`;
    new TranscriptWriter().raw(deep).reply('next').save(path);
    const resume = new Map([[MAIN_SOURCE, { line: 1, uuid: '' }]]);
    expect(texts((await readAll(openTranscript({ path, resume }))).turns)).toEqual(['next']);
    const none = new Map([[MAIN_SOURCE, { line: 0, uuid: '' }]]);
    expect(texts((await readAll(openTranscript({ path, resume: none }))).turns)).toHaveLength(2);
  });
});

describe('any way of growing', () => {
  it('gives the same turns as the whole file', async () => {
    const text = Buffer.from(conversation().text);
    const agentText = Buffer.from(new TranscriptWriter({ agentId: 'a' }).reply('a1').tool('x', 'Bash', {}, '😀').text);
    const whole = newPath();
    fs.writeFileSync(whole, text);
    fs.mkdirSync(dirname(agentPath(whole, 'a')), { recursive: true });
    fs.writeFileSync(agentPath(whole, 'a'), agentText);
    const expected = (await readAll(openTranscript({ path: whole }))).turns;

    const step = fc.record({ main: fc.nat(4000), agent: fc.nat(400), reads: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5000 }),
        async (steps, chunkBytes) => {
          const path = newPath();
          const files = [
            { path, text, at: 0 },
            { path: agentPath(path, 'a'), text: agentText, at: 0 },
          ];
          fs.mkdirSync(dirname(agentPath(path, 'a')), { recursive: true });
          const transcript = openTranscript({ path, chunkBytes: chunkBytes + 50 });
          const turns = [];
          const grow = (file: (typeof files)[number], bytes: number): void => {
            fs.appendFileSync(file.path, file.text.subarray(file.at, file.at + bytes));
            file.at += bytes;
          };
          for (const { main, agent, reads } of steps) {
            if (files[0]) grow(files[0], main);
            if (files[1]) grow(files[1], agent);
            for (let i = 0; i < reads; i++) {
              const read = await transcript.read();
              expect(read.reset).toBeNull();
              turns.push(...read.turns);
            }
          }
          for (const file of files) grow(file, file.text.length);
          const rest = await readAll(transcript);
          expect(rest.resets).toEqual([]);
          turns.push(...rest.turns);
          for (const source of [MAIN_SOURCE, 'a']) {
            expect(turns.filter((t) => t.source === source)).toEqual(expected.filter((t) => t.source === source));
          }
          expect(transcript.title()).toBe('login fix');
        },
      ),
      { numRuns: 60 },
    );
  });
});
