import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentPart, Turn } from '../../src/protocol/turn.ts';
import { createRedactor, type Redacted, REDACTION_RULES_VERSION } from '../../src/redact/index.ts';
import { rules, versionOf } from '../../src/redact/rules.ts';
import { encodings } from './encodings.ts';
import { seeded } from './random.ts';
import { structures, tokens } from './samples.ts';

const key = Buffer.alloc(32, 7);
const redactor = createRedactor({ key });
const random = seeded(99);
const token = (): string => ['gh', 'p_', random.text(36)].join('');

function turnOf(content: ContentPart[]): Turn {
  return { source: 'main', line: 3, uuid: 'u-1', time: '2026-01-01T00:00:00Z', role: 'user', kind: 'prompt', content };
}

/** As the session core's. */
function append(turn: Redacted<Turn>): number {
  return turn.line;
}

describe('the seam', () => {
  it('does not take a plain turn for a redacted one', () => {
    const plain = turnOf([]);
    // @ts-expect-error a plain turn has no brand
    append(plain);
    const title: string = 'plain';
    // @ts-expect-error neither has a plain text
    const redacted: Redacted<string> = title;
    expect(append(redactor.redact(plain).turn)).toBe(3);
    expect(redacted).toBe('plain');
  });

  it('refuses a key that is not 32 bytes', () => {
    expect(() => createRedactor({ key: new Uint8Array(16) })).toThrow(RangeError);
  });
});

describe('a turn', () => {
  it('is masked in every part, and keeps ids, places and shapes', () => {
    const t = token();
    const turn = turnOf([
      { type: 'text', text: `my key is ${t}` },
      { type: 'thinking', text: t },
      {
        type: 'tool_use',
        id: 'toolu_1',
        name: `run ${t}`,
        input: { list: [1, null, { [t]: true, deep: [[t]] }], n: 5 },
      },
      { type: 'tool_result', id: 'toolu_1', text: t, error: true },
      { type: 'image', media: `image/${t}` },
      { type: 'omitted', why: t },
    ]);
    const before = structuredClone(turn);
    const { turn: out, masked } = redactor.redact(turn);
    const mark = masked[0]?.mark ?? '';
    expect(turn).toEqual(before);
    expect(out).toEqual(JSON.parse(JSON.stringify(before).replaceAll(t, mark)));
    expect(masked).toEqual(Array.from({ length: 8 }, () => ({ rule: 'github-token', mark })));
  });

  it('drops what it does not know', () => {
    const part: unknown = { type: 'new-kind', secret: 'x' };
    const turn: unknown = { ...turnOf([]), extra: 'x', content: [part] };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a later format may hand over
    const { turn: out } = redactor.redact(turn as Turn);
    expect(out).toEqual(turnOf([{ type: 'omitted', why: 'unknown kind of content' }]));
  });

  it('masks values by the names of their fields', () => {
    const input = {
      env: { DB_PASSWORD: 'correct horse battery', PORT: '5432' },
      password: 12345678,
      variables: [{ name: 'API_SECRET', value: 'swordfish' }],
      args: ['login', '--password', 'swordfish', '--user', 'bob'],
    };
    const { turn } = redactor.redact(turnOf([{ type: 'tool_use', id: 't', name: 'x', input }]));
    const mark: unknown = expect.stringMatching(/^\[redacted:password:[0-9a-f]{4}\]$/);
    expect(turn.content[0]).toEqual({
      type: 'tool_use',
      id: 't',
      name: 'x',
      input: {
        env: { DB_PASSWORD: mark, PORT: '5432' },
        password: mark,
        variables: [{ name: 'API_SECRET', value: mark }],
        args: ['login', '--password', mark, '--user', 'bob'],
      },
    });
  });

  it('survives depth, odd keys and keys that mask alike', () => {
    let deep: unknown = token();
    for (let i = 0; i < 5000; i++) deep = i % 2 ? [deep] : { a: deep };
    const t = token();
    const input: unknown = JSON.parse(`{"__proto__":{"x":"${t}"},"${t}":1}`);
    const { turn } = redactor.redact(
      turnOf([
        { type: 'tool_use', id: 't', name: 'x', input: deep },
        { type: 'tool_use', id: 't', name: 'x', input },
      ]),
    );
    const json = JSON.stringify(turn);
    expect(json).not.toContain('ghp_');
    expect(json).toContain('nested too deep');
    expect(json).toContain('"__proto__":{"x":"[redacted:');
    const collide = redactor.redact(
      turnOf([{ type: 'tool_use', id: 't', name: 'x', input: { [`a ${t}`]: 1, [redactor.redactText(`a ${t}`)]: 2 } }]),
    );
    expect(Object.values(Object(Object(collide.turn.content[0]).input))).toEqual([1, 2]);
  });
});

describe('marks', () => {
  it('are keyed, equal for equal secrets, also across encodings', () => {
    const t = token();
    const expected = `[redacted:github-token:${createHmac('sha256', key).update(t).digest('hex').slice(0, 4)}]`;
    for (const encoding of Object.values(encodings)) {
      const { masked } = redactor.redact(turnOf([{ type: 'text', text: encoding.wrap(t) }]));
      expect(masked).toEqual([{ rule: 'github-token', mark: expected }]);
    }
    const other = createRedactor({ key: Buffer.alloc(32, 8) });
    expect(other.redactText(t)).not.toBe(expected);
  });

  it('are not looked into', () => {
    for (const text of [
      '[redacted:authorization:abcd]x9y8z7w6v5u4',
      'password=[redacted:password:abcd]',
      '"auth": "[redacted:jwt:00ff]"',
    ]) {
      expect(redactor.redactText(text)).toBe(text);
    }
  });

  it('stay when the text is redacted again, whatever stands around them', () => {
    const makers = Object.values({ ...tokens, ...structures });
    const wraps = Object.values(encodings);
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '=',
        ': ',
        '"',
        "'",
        '\\',
        '\\n',
        '\n',
        'password',
        'TOKEN=',
        '://',
        '@',
        '[redacted:x:',
        ']',
        '%3D',
      ),
      fc.constantFrom(
        '[redacted:jwt:abcd]',
        'Authorization: ',
        'cookie: a=',
        '-----BEGIN PRIVATE KEY-----',
        '\u001b[0m',
      ),
      fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([m, w, seed]) => {
        const sample = makers[m % makers.length]?.(seeded(seed)).text ?? '';
        return wraps[w % wraps.length]?.wrap(sample) ?? '';
      }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const once = redactor.redactText(pieces.join(''));
        expect(redactor.redactText(once)).toBe(once);
        expect(createRedactor({ key }).redactText(pieces.join(''))).toBe(once);
      }),
      { numRuns: 500, seed: 20261122 },
    );
  });
});

describe('the version of the rules', () => {
  it('changes with a name, a keyword and an expression', () => {
    expect(REDACTION_RULES_VERSION).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOf(rules)).toBe(REDACTION_RULES_VERSION);
    const rule = { name: 'a', keywords: [{ text: 'ab' }], source: 'ab+' };
    const versions = [
      versionOf([rule]),
      versionOf([{ ...rule, name: 'b' }]),
      versionOf([{ ...rule, source: 'ab*' }]),
      versionOf([{ ...rule, keywords: [{ text: 'ab', exact: true }] }]),
      versionOf([rule, rule]),
    ];
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('has names that fit into a mark', () => {
    for (const { name } of rules) expect(name).toMatch(/^[a-z0-9-]{1,40}$/);
  });
});
