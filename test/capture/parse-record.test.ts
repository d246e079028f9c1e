import { describe, expect, it } from 'vitest';
import { createRecordMemory, parseRecord, type RecordMemory } from '../../src/capture/index.ts';
import { JSON_MAX_DEPTH, LINE_MAX_VALUES, SOURCE_LINE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { MAIN_SOURCE, type Turn, turnDecoder } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { texts } from './support.ts';

function parseAll(lines: readonly (string | Buffer)[], memory: RecordMemory = createRecordMemory()): Turn[] {
  const turns = lines.flatMap((line, i) => parseRecord(line, { source: MAIN_SOURCE, line: i + 1 }, memory));
  for (const turn of turns) turnDecoder(structuredClone(turn), 'turn');
  return turns;
}

function parse(build: (w: TranscriptWriter) => unknown): Turn[] {
  const writer = new TranscriptWriter();
  build(writer);
  return parseAll(writer.lines);
}

/** A record whose deepest value is that many levels below it. */
const deep = (levels: number): string =>
  `{"type":"user","message":{"content":"x"},"toolUseResult":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('what is kept', () => {
  it('keeps the conversation with its kinds, lines, uuids and times', () => {
    const writer = new TranscriptWriter();
    writer.prompt('hello').thinking('hm').reply('hi').tool('t1', 'Bash', { command: 'ls' }, 'a.txt').queued('wait');
    const turns = parseAll(writer.lines);
    expect(turns.map((t) => [t.line, t.role, t.kind])).toEqual([
      [1, 'user', 'prompt'],
      [2, 'assistant', 'thinking'],
      [3, 'assistant', 'reply'],
      [4, 'assistant', 'tool_use'],
      [5, 'user', 'tool_result'],
      [7, 'user', 'prompt'],
    ]);
    expect(texts(turns)).toEqual(['hello', 'hm', 'hi', 'Bash {"command":"ls"}', 'a.txt', 'wait']);
    expect(turns[0]).toMatchObject({ source: 'main', uuid: writer.uuidAt(1), time: '2026-11-22T07:30:00.000Z' });
  });

  it('marks a compaction and its summary', () => {
    const turns = parse((w) => w.compact('we talked'));
    expect(turns.map((t) => [t.role, t.kind])).toEqual([
      ['system', 'boundary'],
      ['user', 'summary'],
    ]);
    expect(texts(turns)).toEqual(['Conversation compacted', 'we talked']);
  });

  it('tells a background notice from what was typed', () => {
    const turns = parse((w) => w.tool('t1', 'Agent', {}, 'started').notification('t1', 'all good'));
    expect(turns.at(-1)).toMatchObject({ role: 'system', kind: 'notice' });
    expect(texts(turns).at(-1)).toContain('all good');
  });

  it('separates thinking from what stands beside it in older versions', () => {
    const turns = parse((w) => w.assistant({ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'hi' }));
    expect(turns.map((t) => [t.line, t.kind, texts([t])])).toEqual([
      [1, 'thinking', ['hm']],
      [1, 'reply', ['hi']],
    ]);
  });

  it('takes results as blocks, with images and unknown blocks beside the text', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    const turns = parse((w) =>
      w.tool('t1', 'Read', {}, [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }, { type: 'a<b>c' }]),
    );
    expect(turns[1]?.content).toEqual([
      { type: 'tool_result', id: 't1', text: 'a\nb', error: false },
      { type: 'image', media: 'image/png' },
      { type: 'omitted', why: 'unknown:abc' },
    ]);
    expect(JSON.stringify(turns)).not.toContain('AAAA');
  });

  it('takes a prompt with an image, and a picture of no known kind', () => {
    const turns = parse((w) =>
      w.user([
        { type: 'text', text: 'see' },
        { type: 'image', source: { media_type: 'x\ny' } },
      ]),
    );
    expect(turns[0]?.content).toEqual([
      { type: 'text', text: 'see' },
      { type: 'image', media: 'image' },
    ]);
  });

  it('keeps what looks like markup or like one of our phrases when a person or the model says it', () => {
    const said =
      'now shared with both modules; teammate-sync get_teammate_context <system-reminder> [Request interrupted';
    expect(texts(parse((w) => w.prompt(said).reply(said)))).toEqual([said, said]);
  });

  it('keeps a shell command of the person and what it printed', () => {
    const turns = parse((w) => w.shell('git status', 'clean'));
    expect(texts(turns)[1]).toContain('clean');
  });
});

describe('what is dropped', () => {
  it('drops what a command of ours answered and what a hook said, also a teammate’s text in it', () => {
    // As Claude Code 2.1.330 wrote it.
    const chain = {
      parentUuid: null,
      isSidechain: false,
      uuid: '31c1b26b-3196-4a45-8e89-f4c457271a62',
      sessionId: 'x',
    };
    const answer = 'UserPromptSubmit operation blocked by hook:\nmarie shares 1 session with you.\nS3CRET';
    const lines = [
      { type: 'queue-operation', operation: 'enqueue', sessionId: 'x', content: '/share marie' },
      { ...chain, type: 'system', subtype: 'informational', content: answer, isMeta: false, level: 'warning' },
      {
        ...chain,
        attachment: { type: 'hook_system_message', content: 'teammate-sync: S3CRET', hookName: 'UserPromptSubmit' },
        type: 'attachment',
      },
      { ...chain, type: 'attachment', attachment: { type: 'hook_success', stdout: '{"systemMessage":"S3CRET"}' } },
    ];
    expect(parseAll(lines.map((line) => JSON.stringify(line)))).toEqual([]);
  });

  it('drops everything around the conversation', () => {
    expect(parse((w) => w.noise('S3CRET'))).toEqual([]);
  });

  it('drops the second copy of a result', () => {
    const turns = parse((w) =>
      w.toolUse('t1', 'Edit', {}).toolResult('t1', 'done', { toolUseResult: { originalFile: 'S3CRET' } }),
    );
    expect(JSON.stringify(turns)).not.toContain('S3CRET');
  });

  it('drops queued commands that no person typed as a prompt', () => {
    const base = { type: 'queued_command', prompt: 'x' };
    const turns = parse((w) => {
      w.record({ type: 'attachment', attachment: { ...base, commandMode: 'task-notification' } });
      w.record({ type: 'attachment', attachment: { ...base, commandMode: 'prompt', humanTurn: false } });
      w.record({ type: 'attachment', attachment: { ...base, commandMode: 'prompt', origin: { kind: 'peer' } } });
    });
    expect(turns).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['half a record', '{"type":"user","message":{"con'],
    ['a list', '[1,2]'],
    ['null', 'null'],
    ['no message', '{"type":"user"}'],
    ['a message of another kind', '{"type":"user","message":7}'],
    ['content of another kind', '{"type":"assistant","message":{"content":{"a":1}}}'],
    ['empty text', '{"type":"user","message":{"content":""}}'],
    [
      'empty thinking',
      '{"type":"assistant","message":{"content":[{"type":"thinking","thinking":"","signature":"x"}]}}',
    ],
    ['a type in the prototype', '{"__proto__":{"type":"user","message":{"content":"x"}}}'],
    ['a type that is a method', '{"type":"constructor"}'],
  ])('gives nothing for %s', (_what, line) => {
    expect(parseAll([line])).toEqual([]);
  });
});

describe('damaged and hostile lines', () => {
  it('takes CRLF, a byte order mark and bytes that are not UTF-8', () => {
    const line = '{"type":"user","message":{"content":"a?b"}}\r';
    const bytes = Buffer.from(`\ufeff${line}`);
    bytes[bytes.indexOf('?')] = 0xff;
    expect(texts(parseAll([bytes]))).toEqual(['a\ufffdb']);
  });

  it('does without fields that older versions lack, and without those of the wrong type', () => {
    const turns = parseAll([
      '{"type":"user","message":{"content":"a"}}',
      '{"type":"user","uuid":7,"timestamp":"yesterday","message":{"content":"b"}}',
      '{"type":"user","uuid":"x\\ny","timestamp":{},"origin":"human","message":{"content":["c",null,{"type":5}]}}',
    ]);
    expect(turns.map((t) => [t.uuid, t.time])).toEqual(Array.from({ length: 3 }, () => ['', '']));
    expect(texts(turns)).toEqual(['a', 'b', '(unknown:none)', '(unknown:none)', '(unknown:none)']);
  });

  it('puts a marker in place of a record of too many values, in whose strings none count', () => {
    const line = (more: string): string =>
      `{"type":"user","toolUseResult":[${more}0],"message":{"role":"user","content":"x"}}`;
    expect(texts(parseAll([line('{},'.repeat(LINE_MAX_VALUES / 2 - 10))]))).toEqual(['x']);
    expect(texts(parseAll([line('0,'.repeat(LINE_MAX_VALUES))]))).toEqual([`(more than ${LINE_MAX_VALUES} values)`]);
    expect(texts(parseAll([line(`"${',{['.repeat(LINE_MAX_VALUES)}",`)]))).toEqual(['x']);
  });

  it('puts a marker in place of a record that is nested too deeply', () => {
    expect(texts(parseAll([deep(JSON_MAX_DEPTH - 1)]))).toEqual(['x']);
    const marked = parseAll([deep(JSON_MAX_DEPTH)]);
    expect(marked).toMatchObject([{ kind: 'notice', role: 'system', uuid: '', content: [{ type: 'omitted' }] }]);
    expect(parseAll([deep(1_000_000)])).toHaveLength(1);
  });

  it('puts a marker in place of a line beyond the limit', () => {
    const line = `{"type":"user","message":{"content":"${'x'.repeat(SOURCE_LINE_MAX_BYTES)}"}}`;
    expect(texts(parseAll([line]))).toEqual([`(too long: ${line.length} bytes)`]);
  });

  it('leaves keys out of a call that would change a prototype', () => {
    const [turn] = parseAll([
      '{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"X","input":{"a":1,"\\u005f_proto__":{"polluted":1},"b":[{"__proto__":2}]}}]}}',
    ]);
    const part = turn?.content[0];
    const input = part?.type === 'tool_use' ? part.input : null;
    expect(JSON.stringify(input)).toBe('{"a":1,"b":[{}]}');
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('bounds ids and names', () => {
    const long = 'é'.repeat(5000);
    const turns = parse((w) => w.toolUse(long, long, {}).toolResult(long, 'ok'));
    expect(turns).toHaveLength(2);
    expect(texts(turns)[1]).toBe('ok');
  });
});

describe('title', () => {
  it('remembers the last one, bounded and printable, of the main file only', () => {
    const memory = createRecordMemory();
    const at = { source: MAIN_SOURCE, line: 1 };
    parseRecord('{"type":"custom-title","customTitle":"one"}', at, memory);
    parseRecord(`{"type":"custom-title","customTitle":" two\\u0000\\n${'x'.repeat(5000)}"}`, at, memory);
    expect(memory.title).toBe(`two ${'x'.repeat(196)}`);
    parseRecord('{"type":"custom-title","customTitle":"\\u0007"}', at, memory);
    parseRecord('{"type":"custom-title","customTitle":"agent"}', { source: 'abc', line: 1 }, memory);
    expect(memory.title).toMatch(/^two x/);
  });
});
