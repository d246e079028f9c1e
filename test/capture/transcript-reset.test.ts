import fs from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordMemory, openTranscript, parseRecord } from '../../src/capture/index.ts';
import { MAIN_SOURCE, turnDecoder } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { readAll, texts, useFolders } from './support.ts';

const folder = useFolders();

function newPath(): string {
  return join(folder(), '0a6afc57-2f31-4cb4-8ff0-01247f50c64c.jsonl');
}

function replies(seed: string, count: number, extra = ''): TranscriptWriter {
  const writer = new TranscriptWriter({ seed });
  for (let i = 0; i < count; i++) writer.reply(`${seed}${i}${extra}`);
  return writer;
}

describe('a file that is not what was read', () => {
  it('shrank', async () => {
    const path = newPath();
    const writer = replies('a', 5).title('old');
    writer.save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.truncateSync(path, replies('a', 3).text.length);
    expect(await transcript.read()).toMatchObject({ reset: 'shrunk', turns: [], lines: 0, caughtUp: false });
    expect(texts((await readAll(transcript)).turns)).toEqual(['a0', 'a1', 'a2']);
    expect(transcript.title()).toBeNull();
  });

  it('was replaced by another one', async () => {
    const path = newPath();
    replies('a', 2).save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    replies('b', 9).save(`${path}.new`);
    fs.renameSync(`${path}.new`, path);
    const { turns, resets } = await readAll(transcript);
    expect(resets).toEqual(['replaced']);
    expect(turns).toHaveLength(9);
  });

  it('was replaced by a copy of itself that goes on', async () => {
    const path = newPath();
    replies('a', 2).save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    replies('a', 3).save(`${path}.new`);
    fs.renameSync(`${path}.new`, path);
    expect((await readAll(transcript)).resets).toEqual(['replaced']);
  });

  it.each([
    ['at the same size', 5],
    ['and grew', 9],
  ])('was rewritten in place %s', async (_what, count) => {
    const path = newPath();
    replies('a', 5).save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.writeFileSync(path, replies('b', count).text);
    const { turns, resets } = await readAll(transcript);
    expect(resets).toEqual(['replaced']);
    expect(turns).toHaveLength(count);
  });

  it('was rewritten in its last lines only', async () => {
    const path = newPath();
    const first = replies('a', 40, 'x'.repeat(1000));
    first.save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.writeFileSync(path, first.text.replace('a39', 'b39'));
    expect((await readAll(transcript)).resets).toEqual(['replaced']);
  });

  it('was rewritten in its first line only', async () => {
    const path = newPath();
    const first = replies('a', 40, 'x'.repeat(1000));
    first.save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.writeFileSync(path, first.text.replace('a0x', 'b0x'));
    expect((await readAll(transcript)).resets).toEqual(['replaced']);
  });

  it('was rewritten while it was being read', async () => {
    const path = newPath();
    replies('a', 50).save(path);
    const transcript = openTranscript({ path, chunkBytes: 3000 });
    const first = await transcript.read();
    expect(first.caughtUp).toBe(false);
    fs.writeFileSync(path, replies('b', 50).text);
    const { turns, resets } = await readAll(transcript);
    expect(resets).toEqual(['replaced']);
    expect(texts(turns).every((t) => t.startsWith('b'))).toBe(true);
    expect(turns).toHaveLength(50);
  });

  it('was removed, and made again', async () => {
    const path = newPath();
    replies('a', 2).save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    fs.rmSync(path);
    expect(await transcript.read()).toMatchObject({
      reset: 'removed',
      turns: [],
      lines: 0,
      bytesBehind: 0,
      caughtUp: true,
    });
    expect(await transcript.read()).toMatchObject({ reset: null, turns: [], caughtUp: true });
    replies('b', 1).save(path);
    expect(texts((await readAll(transcript)).turns)).toEqual(['b0']);
  });

  it('did not exist at first, nor its folder', async () => {
    const path = join(folder(), 'projects', '-p', 's.jsonl');
    const transcript = openTranscript({ path });
    expect(await transcript.read()).toMatchObject({ reset: null, turns: [], caughtUp: true });
    replies('a', 1).save(path);
    expect((await readAll(transcript)).resets).toEqual([]);
  });

  it('was empty, so that another in its place takes nothing back', async () => {
    const path = newPath();
    fs.writeFileSync(path, '');
    const transcript = openTranscript({ path });
    await readAll(transcript);
    replies('a', 1).save(`${path}.new`);
    fs.renameSync(`${path}.new`, path);
    const { turns, resets } = await readAll(transcript);
    expect([resets, texts(turns)]).toEqual([[], ['a0']]);
  });
});

describe('whatever happens to the file', () => {
  it('the reader ends with the turns of the file as it is', async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('truncate' as const), count: fc.nat(2000) }),
      fc.record({ do: fc.constant('replace' as const), count: fc.nat(6) }),
      fc.record({ do: fc.constant('rewrite' as const), count: fc.nat(6) }),
      fc.record({ do: fc.constant('remove' as const), count: fc.constant(0) }),
      fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
        const path = newPath();
        const transcript = openTranscript({ path, chunkBytes: 900 });
        let turns: unknown[] = [];
        let seed = 0;
        for (const { do: what, count } of actions) {
          const text = replies(`s${seed++}-`, count).text;
          if (what === 'append') fs.appendFileSync(path, text);
          else if (what === 'rewrite') fs.writeFileSync(path, text);
          else if (what === 'remove') fs.rmSync(path, { force: true });
          else if (what === 'replace') {
            fs.writeFileSync(`${path}.new`, text);
            fs.renameSync(`${path}.new`, path);
          } else if (what === 'truncate') {
            if (fs.existsSync(path)) fs.truncateSync(path, Math.min(count, fs.statSync(path).size));
          } else {
            for (let i = 0; i < count; i++) {
              const read = await transcript.read();
              if (read.reset !== null) turns = [];
              turns.push(...read.turns);
            }
          }
        }
        for (let caughtUp = false; !caughtUp;) {
          const read = await transcript.read();
          if (read.reset !== null) turns = [];
          turns.push(...read.turns);
          caughtUp = read.caughtUp;
        }
        expect(turns).toEqual((await readAll(openTranscript({ path }))).turns);
      }),
      { numRuns: 80 },
    );
  });

  it('no bytes make the parser or the reader fail', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((b) => Buffer.from(b)),
      fc
        .constantFrom(
          '{"type":"user","message":{"content":',
          '"x"}}\n',
          '\n',
          '\r\n',
          '{"type":"assistant",',
          '[{"type":"tool_use",',
          '}',
          ']',
          '"',
        )
        .map((s) => Buffer.from(s)),
      fc.json({ maxDepth: 4 }).map((s) => Buffer.from(`{"type":"user","uuid":"u","message":{"content":${s}}}\n`)),
      fc
        .jsonValue()
        .map((content) => Buffer.from(`${JSON.stringify({ type: 'assistant', message: { content: [content] } })}\n`)),
    );
    const block = fc.record(
      {
        type: fc.constantFrom('text', 'thinking', 'tool_use', 'tool_result', 'image', 'document', '__proto__', 7),
        text: fc.jsonValue(),
        thinking: fc.jsonValue(),
        id: fc.jsonValue(),
        name: fc.jsonValue(),
        input: fc.jsonValue(),
        tool_use_id: fc.jsonValue(),
        content: fc.jsonValue(),
        source: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    const record = fc.record({
      type: fc.constantFrom('user', 'assistant', 'attachment', 'system', 'custom-title'),
      subtype: fc.constantFrom('compact_boundary', null),
      attachment: fc.record({
        type: fc.constant('queued_command'),
        commandMode: fc.constant('prompt'),
        prompt: fc.jsonValue(),
      }),
      message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.array(block, { maxLength: 4 }) })),
      uuid: fc.jsonValue(),
      timestamp: fc.jsonValue(),
      origin: fc.jsonValue(),
      promptId: fc.jsonValue(),
      customTitle: fc.jsonValue(),
      toolUseResult: fc.jsonValue(),
    });
    const bytes = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces)),
      fc
        .array(record, { maxLength: 4 })
        .map((records) => Buffer.from(records.map((r) => `${JSON.stringify(r)}\n`).join(''))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 20, max: 400 }), async (content, chunkBytes) => {
        const path = newPath();
        fs.writeFileSync(path, content);
        const { turns } = await readAll(openTranscript({ path, chunkBytes }));
        for (const turn of turns) turnDecoder(structuredClone(turn), 'turn');
        const memory = createRecordMemory();
        parseRecord(content, { source: MAIN_SOURCE, line: 1 }, memory);
        parseRecord(content.toString('latin1'), { source: MAIN_SOURCE, line: 2 }, memory);
      }),
      { numRuns: 150 },
    );
  });
});
