import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentPart, Turn } from '../../src/protocol/turn.ts';
import { printable } from '../../src/platform/printable.ts';
import { printableJson } from '../../src/cli/output/json.ts';
import { textOf, type Line } from '../../src/cli/output/piece.ts';
import { day, clockTime } from '../../src/cli/output/time.ts';
import { textWidth } from '../../src/cli/output/width.ts';
import { toolUseText } from '../../src/platform/tool-use.ts';
import { transcript } from '../../src/cli/render/transcript.ts';
import { wrap } from '../../src/cli/render/wrap.ts';
import { HOSTILE, inboxSession, SESSION_A, SESSION_B, turn } from './support/canned.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { runCli } from './support/run-cli.ts';

const text = (lines: Line[]): string => lines.map((line) => line.map((piece) => textOf(piece)).join('')).join('\n');
const show = (one: Turn, full = false): string => text(transcript({ speaker: 'marie', columns: null, full })(one));
const head = `${day(turn(1).time)}\n\n#1 ${clockTime(turn(1).time)}`;

/** Anything a peer can put into text, with what terminals act on well represented. */
const foreign = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '\u001b',
        '[2J',
        '\u009b',
        ']52;c;',
        '\u0007',
        '\r',
        '\n',
        '\t',
        '\u202e',
        '\u2028',
        '\u0085',
        'a',
        '\ud800',
        '\u{e0041}',
        '\u200d',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);
const part: fc.Arbitrary<ContentPart> = fc.oneof(
  fc.record({ type: fc.constantFrom('text' as const, 'thinking' as const), text: foreign }),
  fc.record({
    type: fc.constant('tool_use' as const),
    id: foreign,
    name: fc.oneof(foreign, fc.constantFrom('Bash', 'Edit', 'constructor')),
    input: fc.oneof(fc.jsonValue(), fc.record({ command: foreign })),
  }),
  fc.record({ type: fc.constant('tool_result' as const), id: foreign, text: foreign, error: fc.boolean() }),
  fc.record({ type: fc.constant('image' as const), media: foreign }),
  fc.record({ type: fc.constant('omitted' as const), why: foreign }),
);
const foreignTurn: fc.Arbitrary<Turn> = fc.record({
  source: fc.oneof(fc.constant('main'), foreign),
  line: fc.integer({ min: 1 }),
  uuid: foreign,
  time: fc.oneof(fc.constant('2026-11-22T09:14:00Z'), foreign),
  role: fc.oneof(fc.constantFrom('user', 'assistant', 'system'), foreign),
  kind: fc.oneof(
    fc.constantFrom('prompt', 'reply', 'thinking', 'tool_use', 'tool_result', 'boundary', 'summary', 'title', 'notice'),
    foreign,
  ),
  content: fc.array(part, { maxLength: 4 }),
});

describe('a turn as text', () => {
  it('has a header with line, time and speaker, and its text indented', () => {
    expect(show(turn(1))).toBe(`${head} marie\n  words of line 1\n`);
    expect(show(turn(1, { role: 'assistant', kind: 'reply', content: [{ type: 'text', text: 'a\n\n\tb\n' }] }))).toBe(
      `${head} Claude\n  a\n\n  \tb\n`,
    );
  });

  it.each([
    [{ kind: 'reply', source: 'a1b2c3d4e5f6a7b8' }, 'Claude (subagent a1b2c3d4e5f6)'],
    [{ kind: 'prompt', source: 'a1' }, 'task (subagent a1)'],
    [{ kind: 'thinking' }, 'Claude'],
    [{ kind: 'tool_result' }, 'result'],
    [{ kind: 'boundary', content: [] }, 'note  the conversation was compacted here'],
    [{ kind: 'summary' }, 'summary  what Claude kept after compaction'],
    [{ kind: 'of-next-year', role: 'user' }, 'marie'],
    [{ kind: 'of-next-year', role: 'assistant' }, 'Claude'],
    [{ kind: 'of-next-year', role: 'oracle' }, 'oracle'],
  ])('%j is spoken by %s', (more, who) => {
    expect(show(turn(1, more))).toContain(`${head} ${who}\n`);
  });

  it('says the day when it changes, and no day for what has no time', () => {
    const render = transcript({ speaker: 'marie', columns: null, full: false });
    expect(text(render(turn(1)))).toContain('2026-11-2');
    expect(text(render(turn(2)))).not.toContain('2026-11-2');
    expect(text(render(turn(3, { time: '' })))).toMatch(/^#3 \? marie/);
    expect(text(render(turn(4, { time: '2026-11-25T09:14:00Z' })))).toMatch(/^2026-11-2[456]\n/);
  });

  it('marks what is not text', () => {
    const content: ContentPart[] = [
      { type: 'thinking', text: 'hm' },
      { type: 'image', media: 'image/png' },
      { type: 'omitted', why: 'a teammate wrote it' },
    ];
    expect(show(turn(1, { kind: 'reply', content }))).toContain(
      '  (thinking)\n  hm\n  [image image/png]\n  [left out: a teammate wrote it]\n',
    );
    expect(show(turn(1, { kind: 'title', content: [{ type: 'text', text: 'login' }] }))).toContain('  [named: login]');
  });

  it('shortens the results of tools, and with full it does not', () => {
    const output = Array.from({ length: 30 }, (_, i) => `row ${i}`).join('\n');
    const result = turn(1, {
      kind: 'tool_result',
      content: [{ type: 'tool_result', id: 't', text: output, error: true }],
    });
    expect(show(result)).toContain('  (failed)\n  row 0\n');
    expect(show(result)).toContain('  row 7\n  … 22 more lines\n');
    expect(show(result)).not.toContain('row 8');
    expect(show(result, true)).toContain('  row 29\n');
    expect(
      show(turn(1, { kind: 'tool_result', content: [{ type: 'tool_result', id: 't', text: '\n', error: false }] })),
    ).toContain('  (no output)');
    const long = turn(1, { content: [{ type: 'tool_result', id: 't', text: 'x'.repeat(100_000), error: false }] });
    expect(show(long).length).toBeLessThan(1000);
  });

  it.each([
    ['Bash', { command: 'npm test', description: 'run' }, 'Bash: npm test'],
    ['Edit', { file_path: 'src/a.ts', old_string: 'x' }, 'Edit src/a.ts'],
    ['Grep', { pattern: 'x+' }, 'Grep: x+'],
    ['Bash', { command: 7 }, 'Bash {"command":7}'],
    ['mcp__x__y', { a: [1] }, 'mcp__x__y {"a":[1]}'],
    ['mcp__x__y', {}, 'mcp__x__y'],
    ['mcp__x__y', undefined, 'mcp__x__y'],
    ['constructor', null, 'constructor'],
  ])('%s %j', (name, input, expected) => {
    expect(toolUseText(name, input)).toBe(expected);
    expect(show(turn(1, { kind: 'tool_use', content: [{ type: 'tool_use', id: 't', name, input }] }))).toContain(
      `  → ${expected}\n`,
    );
  });
});

describe('foreign text', () => {
  it('never reaches stdout raw, and never begins a line of its own', async () => {
    const daemon = await fakeDaemon();
    await fc.assert(
      fc.asyncProperty(
        fc.array(foreignTurn, { maxLength: 4 }),
        foreign,
        fc.option(fc.integer({ min: 10, max: 60 })),
        async (turns, title, terminal) => {
          daemon.answers.read = [
            { type: 'session', session: SESSION_A, project: title, title, turns: 1, fetched: 0, live: false },
            ...turns.map((one) => ({ type: 'turn' as const, turn: one })),
            { type: 'caughtUp' },
          ];
          const env = { NO_COLOR: '1' };
          const { code, stdout, stderr } = await runCli(['show', 'marie', '1f'], {
            ...daemon,
            env,
            ...(terminal === null ? {} : { terminal }),
          });
          expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
          expect(printable(stdout, { multiline: true })).toBe(stdout);
          const body = stdout.split('\n').slice(3);
          for (const line of body) expect(line).toMatch(/^$|^ {2}|^#\d+ (\d\d:\d\d|\?) |^\d{4,}-\d\d-\d\d$/);
          expect(body.filter((line) => line.startsWith('#'))).toHaveLength(turns.length);
          // Wrapped here, indented, so that the terminal has nothing to wrap to its first column.
          const own = terminal === null || terminal < 20 ? [] : body.filter((line) => line.startsWith('  '));
          for (const line of own) expect(textWidth(line)).toBeLessThanOrEqual(terminal ?? 0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is the same after --raw and --json, and printable on the way', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), foreignTurn, foreign), (value) => {
        const json = printableJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(printable(json)).toBe(json);
      }),
      { numRuns: 500 },
    );
  });

  it('is escaped in JSON wherever the printer would have to change it', () => {
    let all = '';
    for (let code = 0; code <= 0x10ffff; code++) all += String.fromCodePoint(code);
    const json = printableJson(all);
    expect(printable(json) === json).toBe(true);
    expect(JSON.parse(json) === all).toBe(true);
  });

  it('is inert in the list of sessions', async () => {
    const hostile = inboxSession(SESSION_A, {
      title: HOSTILE,
      project: HOSTILE,
      newest: [turn(1, { content: [{ type: 'text', text: HOSTILE }] })],
    });
    const daemon = await fakeDaemon({ inbox: { handle: 'marie', sessions: [hostile, inboxSession(SESSION_B)] } });
    const { stdout } = await runCli(['show', 'marie'], daemon);
    expect(printable(stdout, { multiline: true })).toBe(stdout);
    expect(stdout).not.toContain('\nteammate-sync: forged');
  });

  it('cannot colour anything at a terminal either', async () => {
    const daemon = await fakeDaemon({
      read: [{ type: 'turn', turn: turn(1, { content: [{ type: 'text', text: HOSTILE }] }) }, { type: 'caughtUp' }],
    });
    const { stdout } = await runCli(['show', 'marie', '1f'], { ...daemon, terminal: 80 });
    expect(stdout).toContain('\u001b[');
    expect(stdout.replaceAll(/\u001b\[\d{1,2}m/g, '')).not.toMatch(/\u001b|\u009b|\u0007|\u202e/);
  });
});

describe('wrap', () => {
  it('breaks at spaces, and anywhere when there is none', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('abcdefghijkl', 8)).toEqual(['abcdefgh', 'ijkl']);
    expect(wrap('漢字漢字漢字', 8)).toEqual(['漢字漢字', '漢字']);
    expect(wrap('', 20)).toEqual(['']);
  });

  it('loses no character but spaces at breaks, and keeps to the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: -5, max: 60 }),
        (line, columns) => {
          const clean = printable(line);
          const rows = wrap(clean, columns);
          expect(rows.join('').replaceAll(' ', '')).toBe(clean.replaceAll(' ', ''));
          for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(Math.max(columns, 8));
        },
      ),
    );
  });
});
