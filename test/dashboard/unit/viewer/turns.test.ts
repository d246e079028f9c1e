/** What is shown of a turn, and when it may no longer be. */
import { describe, expect, it } from 'vitest';
import { personNotes, searchedWords } from '../../../../src/platform/answer-words.ts';
import { blocksOf, isFolded, resultHead } from '../../../../src/dashboard/viewer/blocks.ts';
import { cutAt } from '../../../../src/dashboard/viewer/cut.ts';
import { diffOf } from '../../../../src/dashboard/viewer/edit-diff.ts';
import { estimatedHeight } from '../../../../src/dashboard/viewer/height.ts';
import { hitsOf, stepped } from '../../../../src/dashboard/viewer/hits.ts';
import { isReadable } from '../../../../src/dashboard/viewer/readable.ts';
import type { AskResponse, Inbox, Passage } from '../../../../src/protocol/local-api.ts';
import type { ContentPart } from '../../../../src/protocol/turn.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const use = (name: string, input: unknown): ContentPart => ({ type: 'tool_use', id: 'x', name, input });
const result = (text: string, error = false): ContentPart => ({ type: 'tool_result', id: 'x', text, error });

describe('a turn', () => {
  it('of a tool is one line until it is opened, unless it failed', () => {
    const blocks = blocksOf({ kind: 'tool_use', content: [use('Bash', { command: 'ls\n-la' })] });
    expect(blocks).toMatchObject([{ is: 'tool', head: 'Bash: ls -la', edits: [] }]);
    expect(isFolded('tool_use', blocks)).toBe(true);
    expect(isFolded('tool_result', blocksOf({ kind: 'tool_result', content: [result('ok')] }))).toBe(true);
    expect(isFolded('tool_result', blocksOf({ kind: 'tool_result', content: [result('no', true)] }))).toBe(false);
    expect(isFolded('thinking', [])).toBe(true);
    expect([isFolded('prompt', []), isFolded('reply', [])]).toEqual([false, false]);
  });

  it('that edits shows what it replaced', () => {
    const edits = [{ old_string: 'a', new_string: 'b' }, { old_string: 'c', new_string: 'd' }, { old_string: 7 }];
    const content = [
      use('Edit', edits[0]),
      use('MultiEdit', { edits }),
      use('Write', { content: 'new' }),
      use('Read', edits[0]),
    ];
    expect(blocksOf({ kind: 'tool_use', content }).map((block) => (block.is === 'tool' ? block.edits : null))).toEqual([
      [{ before: 'a', after: 'b' }],
      [
        { before: 'a', after: 'b' },
        { before: 'c', after: 'd' },
      ],
      [{ before: '', after: 'new' }],
      [],
    ]);
  });

  it('survives whatever a tool was asked, and kinds of later versions', () => {
    for (const input of [null, undefined, 'cut', 7, [], { edits: 'x' }, { edits: [null, 1] }]) {
      for (const name of ['Edit', 'MultiEdit', 'Write', '__proto__', 'constructor']) {
        expect(blocksOf({ kind: 'tool_use', content: [use(name, input)] })).toHaveLength(1);
      }
    }
    const later = { type: 'video', src: 'x' } as unknown as ContentPart;
    expect(blocksOf({ kind: 'reply', content: [later] })).toMatchObject([{ is: 'text', look: 'note' }]);
  });

  it('shows no control characters in its line', () => {
    expect(blocksOf({ kind: 'tool_use', content: [use('Bash', { command: '\u001b[2J\u202e' })] })).toMatchObject([
      { head: 'Bash: \u241b[2J\\u{202e}' },
    ]);
    expect(resultHead('\n\n  first\u0007 \nsecond\n')).toEqual({ line: 'first\u2407', lines: 4 });
    expect(resultHead(' \n')).toEqual({ line: '', lines: 0 });
  });
});

describe('a diff', () => {
  it('has the lines that went and came, and those that stayed', () => {
    expect(diffOf({ before: 'a\nb\nc\n', after: 'a\nx\nc\n' })).toEqual([
      { sign: ' ', text: 'a' },
      { sign: '-', text: 'b' },
      { sign: '+', text: 'x' },
      { sign: ' ', text: 'c' },
    ]);
    expect(diffOf({ before: '', after: 'new\n' })).toEqual([{ sign: '+', text: 'new' }]);
  });

  it('of texts that have nothing in common takes no time', () => {
    const before = Array.from({ length: 20_000 }, (_, i) => `a${i}`).join('\n');
    const after = Array.from({ length: 20_000 }, (_, i) => `b${i}`).join('\n');
    expect(diffOf({ before, after })).toHaveLength(40_000);
  });
});

describe('a long text', () => {
  it('is cut by characters and by lines, never within a character', () => {
    expect(cutAt('short', 100)).toBe(5);
    expect(cutAt('x'.repeat(500), 100)).toBe(100);
    expect(cutAt('\n'.repeat(5000), 750)).toBe(10);
    expect(cutAt(`${'x'.repeat(99)}😀`, 100)).toBe(99);
    expect(cutAt('', 100)).toBe(0);
  });

  it('is thought to be as high as it will be drawn', () => {
    const heights = [10, 1000, 1_000_000].map((size) => estimatedHeight({ kind: 'reply', size }));
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(estimatedHeight({ kind: 'tool_result', size: 1_000_000 })).toBe(
      estimatedHeight({ kind: 'tool_use', size: 1 }),
    );
  });
});

describe('what was found', () => {
  const passage = (line: number, hit: boolean, text = ' t '): Passage => ({
    line,
    time: '',
    role: '',
    kind: 'reply',
    tool: '',
    text,
    hit,
    omittedBefore: 0,
    omittedAfter: 0,
  });
  const excerpt = (source: string, passages: Passage[]) => ({ source, passages }) as AskResponse['excerpts'][number];

  it('is each line once', () => {
    const excerpts = [
      excerpt('main', [passage(1, false), passage(2, true), passage(2, true)]),
      excerpt('agent', [passage(2, true, 'x\u202e')]),
    ];
    expect(hitsOf({ excerpts })).toEqual([
      { source: 'main', line: 2, text: 't' },
      { source: 'agent', line: 2, text: 'x\\u{202e}' },
    ]);
  });

  it('is gone through around the ends', () => {
    expect([stepped(-1, 1, 3), stepped(-1, -1, 3), stepped(2, 1, 3), stepped(0, -1, 3), stepped(0, 1, 0)]).toEqual([
      0, 2, 0, 2, -1,
    ]);
  });

  it('is told with how fresh it is', () => {
    const session = { handle: 'marie', session: 's', project: 'p', title: null, newest: null, live: true };
    const answer = { sessions: [{ ...session, searched: 5, turns: 10 }], found: 1, more: false } as AskResponse;
    expect(searchedWords(answer, NOW)).toBe(
      'searched 1 session, 5 turns (50 % of 10 so far, the newest first); 1 place found',
    );
    const person = { handle: 'marie', online: false, heard: null, waiting: 0 };
    expect(personNotes({ ...person, fresh: 'yes' }, NOW)).toEqual([]);
    expect(personNotes({ ...person, fresh: 'offline', waiting: 2 }, NOW)).toEqual([
      'marie is offline, not heard of since this daemon started: what is newer is not here',
      '2 sessions of marie can be read when their machine is back',
    ]);
  });
});

describe('a session may be read', () => {
  const of = { handle: 'marie', session: 's1' };
  const people = (state: 'live' | 'offline' | 'waiting', leaseUntil: string): Inbox[] => [
    {
      handle: 'marie',
      sessions: [
        {
          session: 's1',
          project: '',
          title: null,
          state,
          lastActivity: null,
          turns: 1,
          fetched: 1,
          leaseUntil,
          newest: [],
        },
      ],
    },
  ];
  const ahead = '2026-11-23T12:00:01Z';
  const past = '2026-11-23T12:00:00Z';

  it.each([
    ['live', ahead, true, true],
    ['offline', ahead, true, true],
    ['waiting', ahead, true, false],
    // The daemon says when it is over, as long as it can be asked; then its last word counts.
    ['live', past, true, true],
    ['live', ahead, false, true],
    ['live', past, false, false],
  ] as const)('when it is %s until %s, and the daemon answers: %s → %s', (state, until, isLive, expected) => {
    expect(isReadable(of, { people: people(state, until), isLive, now: NOW })).toBe(expected);
  });

  it('only when it is listed', () => {
    const known = { people: people('live', ahead), isLive: true, now: NOW };
    expect(isReadable({ handle: 'tom', session: 's1' }, known)).toBe(false);
    expect(isReadable({ handle: 'marie', session: 's2' }, known)).toBe(false);
    expect(isReadable(of, { ...known, people: [] })).toBe(false);
  });
});
