/** What is put into a settings text and taken out of it, against every shape that such a text comes in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DENY_RULES } from '../../src/claude-code/deny-rules.ts';
import { hookCommand } from '../../src/claude-code/hook-command.ts';
import { foundIn, withOurs, withoutOurs } from '../../src/claude-code/settings-text.ts';
import { findVerb } from '../../src/cli/verb-table.ts';
import { HOOK_EVENTS } from '../../src/protocol/claude-hook.ts';

const commandOf = (cli: string): string =>
  hookCommand({ node: '/usr/bin/node', cli }, { home: '/home/marie/.teammate-sync', socket: '/run/it.sock' }, 'linux');
const COMMAND = commandOf('/opt/teammate-sync.cjs');
const wanted = { command: COMMAND, deny: true };
const install = (text: string | null): string => withOurs(text, wanted);

interface Settings {
  hooks?: Record<string, { matcher?: string; hooks?: { type?: string; command?: string }[] }[]>;
  permissions?: { deny?: string[]; allow?: string[] };
  [key: string]: unknown;
}
const read = (text: string): Settings => JSON.parse(text.replace(/^\uFEFF/, '')) as Settings;
const commandsAt = (settings: Settings, event: string): (string | undefined)[] =>
  (settings.hooks?.[event] ?? []).flatMap((group) => (group.hooks ?? []).map(({ command }) => command));

/** Forty hooks of others, as a person with many tools has them. */
const FORTY = {
  model: 'opus',
  hooks: Object.fromEntries(
    ['PreToolUse', 'PostToolUse', 'SessionStart', 'Stop'].map((event) => [
      event,
      Array.from({ length: 5 }, (_, i) => ({
        matcher: i % 2 === 0 ? 'Bash|Edit' : '',
        hooks: [
          { type: 'command', command: `echo '${event} "${i}"' >> "$HOME/log é日本"`, timeout: i + 1 },
          { type: 'command', command: `teammate-sync hook; notify-send ${event}` },
        ],
      })),
    ]),
  ),
  permissions: { allow: ['Bash(git:*)'], deny: ['Read(./.env)'] },
};

const SHAPES: Record<string, string> = {
  'forty hooks of others': `${JSON.stringify(FORTY, null, 2)}\n`,
  'no line end at the end': JSON.stringify(FORTY, null, 2),
  tabs: `${JSON.stringify(FORTY, null, '\t')}\n`,
  'four spaces': `${JSON.stringify(FORTY, null, 4)}\n`,
  'one line': JSON.stringify(FORTY),
  'CR LF': `${JSON.stringify(FORTY, null, 2).replaceAll('\n', '\r\n')}\r\n`,
  'a byte order mark': `\uFEFF${JSON.stringify(FORTY, null, 2)}\n`,
  'a line per list':
    '{\n  "a": [1, 2.50, 1e3],\n\n  "hooks": {"Stop": [{"hooks": []}], "PreToolUse": [ ]},\n  "b": "\\u00e9/é"\n}',
  'one property': '{ "a" : 1 }',
  'no indentation': '{\n"a": 1,\n"b": {\n"c": 2\n}\n}\n',
  'keys twice': '{"hooks": 3, "hooks": {"Stop": [1]}, "a": 1}',
  'hooks of unknown events': '{"hooks": {"Bogus": 7, "Stop": [{"hooks": [{"type": "prompt"}]}]}}',
};

describe('a settings text', () => {
  it.each(Object.entries(SHAPES))('with %s keeps it, gets ours, and is the same afterwards', (_, text) => {
    const after = install(text);
    expect(install(after)).toBe(after);
    expect(withoutOurs(after)).toBe(text);
    const [was, is] = [read(text), read(after)];
    for (const { event } of HOOK_EVENTS) {
      expect(commandsAt(is, event)).toEqual([...commandsAt(was, event), COMMAND]);
    }
    expect(is.permissions?.deny).toEqual([...(was.permissions?.deny ?? []), ...DENY_RULES]);
    // Every character of before is there, in order.
    let at = 0;
    for (const character of after.split('')) if (character === text[at]) at++;
    expect(at).toBe(text.length);
    expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
  });

  it('that is not there, or empty, becomes one that reads as by hand', () => {
    for (const text of [null, '', ' \n', '{}\n']) expect(install(text)).toBe(install(null));
    const lines = install(null).split('\n');
    expect(lines[0]).toBe('{');
    expect(lines[1]).toBe('  "hooks": {');
    expect(lines[2]).toBe('    "SessionStart": [');
    expect(lines.at(-2)).toBe('}');
    expect(withoutOurs(install(null))).toBe('{}\n');
    expect(install('\uFEFF')).toBe(`\uFEFF${install(null)}`);
  });

  it('of 5 MB is no matter', { timeout: 20_000 }, () => {
    const big = {
      ...FORTY,
      env: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`K${i}`, 'x'.repeat(90)])),
    };
    const text = JSON.stringify(big, null, 2);
    expect(text.length).toBeGreaterThan(5_000_000);
    expect(withoutOurs(install(text))).toBe(text);
  });

  it('whose hooks of ours are of another place, doubled, or written by hand, has them once and right', () => {
    const right = install(SHAPES['tabs'] ?? '');
    const moved = withOurs(SHAPES['tabs'] ?? '', { command: commandOf('/old/teammate-sync.cjs'), deny: true });
    expect(install(moved)).toBe(right);
    const entry = (command: string) => ({ hooks: [{ type: 'command', command, timeout: 5 }] });
    const byHand = [
      'teammate-sync hook',
      '/usr/local/bin/teammate-sync hook',
      '"/path with space/node" "/x y/teammate-sync.cjs" hook',
      "'/n/node' '/it'\\''s/teammate-sync.cjs' hook",
      String.raw`"C:\Program Files\nodejs\node.exe" "C:\Users\marie\teammate-sync.cjs" hook`,
      'i=$(cat); export CLAUDE_PID=${CLAUDE_PID:-$PPID}; printf %s "$i" | curl -sfm 0.5 "http://localhost/v1/hook/claude-code?pid=$CLAUDE_PID" || printf %s "$i" | teammate-sync hook',
    ];
    for (const command of byHand) {
      const text = JSON.stringify({
        hooks: { SessionStart: [entry(command), entry('mine')], Notification: [entry(command)] },
      });
      const is = read(install(text));
      expect(commandsAt(is, 'SessionStart'), command).toEqual(['mine', COMMAND]);
      expect(is.hooks).not.toHaveProperty('Notification');
    }
  });

  it('in which others call us keeps what they wrote', () => {
    const theirs = [
      'teammate-sync hook; echo done',
      'echo teammate-sync hook',
      'cd /x && teammate-sync hook',
      'my-teammate-sync hook',
      'teammate-sync hook > /tmp/log',
      'node other.cjs hook',
      'teammate-sync status --line',
    ];
    const text = JSON.stringify({
      hooks: { Stop: [{ hooks: theirs.map((command) => ({ type: 'command', command })) }] },
    });
    expect(commandsAt(read(install(text)), 'Stop')).toEqual([...theirs, COMMAND]);
    expect(withoutOurs(text)).toBe(text);
  });

  it('into which others wrote since, also into our own groups, keeps what they wrote', () => {
    const settings = read(install(SHAPES['tabs'] ?? ''));
    settings.hooks?.['SessionEnd']?.[0]?.hooks?.push({ type: 'command', command: 'mine' });
    settings.hooks?.['Stop']?.push({ hooks: [{ type: 'command', command: 'also mine' }] });
    settings['later'] = true;
    settings.permissions?.deny?.push('Bash(rm:*)');
    const is = read(withoutOurs(JSON.stringify(settings, null, 2)));
    expect(commandsAt(is, 'SessionEnd')).toEqual(['mine']);
    expect(commandsAt(is, 'Stop').at(-1)).toBe('also mine');
    expect(is.permissions).toEqual({ allow: ['Bash(git:*)'], deny: ['Read(./.env)', 'Bash(rm:*)'] });
    expect(is['later']).toBe(true);
    expect(JSON.stringify(is)).not.toContain(': teammate-sync; ');
  });

  it('keeps a rule that was there before us, and gets none that was not wanted', () => {
    const text = JSON.stringify({ permissions: { deny: DENY_RULES.slice(0, 2) } }, null, 2);
    expect(read(install(text)).permissions?.deny).toEqual(DENY_RULES);
    expect(withoutOurs(install(text), DENY_RULES.slice(0, 2))).toBe(text);
    expect(read(withOurs(text, { command: COMMAND, deny: false })).permissions?.deny).toEqual(DENY_RULES.slice(0, 2));
  });

  it.each([
    ['{ // mine\n "a": 1 }', /is not valid JSON/],
    ['{"a": 1,}', /is not valid JSON/],
    ['{"a": 1', /is not valid JSON/],
    ['<<<<<<< HEAD\n{}', /is not valid JSON/],
    ['['.repeat(100_000), /is not valid JSON/],
    [`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, /is not valid JSON/],
    ['[]', /is not a JSON object/],
    ['null', /is not a JSON object/],
    ['"x"', /is not a JSON object/],
    ['{"hooks": []}', /`hooks` is not an object/],
    ['{"hooks": null}', /`hooks` is not an object/],
    ['{"hooks": {"Stop": {}}}', /`hooks.Stop` is not a list/],
    ['{"permissions": []}', /`permissions` is not an object/],
    ['{"permissions": {"deny": "x"}}', /`permissions.deny` is not a list/],
  ])('of a kind that Claude Code cannot use is refused (%#)', (text, message) => {
    const refused = expect.objectContaining({
      code: 'CLAUDE_SETTINGS',
      message: expect.stringMatching(message) as string,
    });
    expect(() => install(text)).toThrow(refused);
    expect(() => withoutOurs(text)).toThrow(refused);
  });
});

describe('the rules', () => {
  it('are of verbs that there are, and of no other', () => {
    for (const rule of DENY_RULES) {
      const [, verb = ''] = /^Bash\(teammate-sync ([a-z]+)(?: --match)?:\*\)$/.exec(rule) ?? [];
      expect(findVerb(verb, ['marie']), rule).not.toBeNull();
    }
  });
});

describe('what is found in a settings text', () => {
  it('is what decides whether all is well', () => {
    expect(foundIn(install(null), COMMAND)).toMatchObject({ exact: true, hooksDisabled: false, plugins: [] });
    expect(foundIn(install(null), commandOf('/new/teammate-sync.cjs')).exact).toBe(false);
    expect(foundIn(null, COMMAND)).toEqual({ hooks: [], exact: false, deny: [], hooksDisabled: false, plugins: [] });
    const text =
      '{"disableAllHooks": true, "enabledPlugins": {"a@b": true, "c@d": false}, "permissions": {"deny": ["x"]}}';
    expect(foundIn(text, COMMAND)).toMatchObject({ deny: ['x'], hooksDisabled: true, plugins: ['a@b'] });
  });
});

/** JSON text in any layout: keys that are ours and others, and space wherever JSON allows it. */
const layout = fc.constantFrom('', ' ', '\n', '\r\n', '\n\t', '\n    ', '  \n \n', '\r');
const scalar = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
  fc.constantFrom('1.50', '-0', '1E9', '"\\u00e9"'),
);
const nonEmpty = { minLength: 1, maxLength: 4 };
const listOf = (item: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(fc.tuple(layout, item, layout), nonEmpty))
    .map(([items]) => `[${items.map((one) => one.join('')).join(',')}]`);
const objectOf = (entry: fc.Arbitrary<[string, string]>) =>
  fc
    .uniqueArray(fc.tuple(layout, entry, layout), { ...nonEmpty, selector: ([, [key]]) => key })
    .map(
      (entries) =>
        `{${entries.map(([a, [key, value], b]) => `${a}${JSON.stringify(key)}${b}:${a}${value}${b}`).join(',')}}`,
    );
const group = objectOf(
  fc.oneof(
    fc.tuple(
      fc.constant('hooks'),
      listOf(fc.oneof(scalar, fc.constant('{"type":"command","command":"teammate-sync hook 2"}'))),
    ),
    fc.tuple(fc.constantFrom('matcher', 'x'), scalar),
  ),
);
const events = objectOf(
  fc.tuple(fc.constantFrom('SessionStart', 'Stop', 'SessionEnd', 'PreToolUse', 'Other'), listOf(group)),
);
const permissions = objectOf(
  fc.oneof(fc.tuple(fc.constantFrom('allow', 'deny'), listOf(fc.string().map((s) => JSON.stringify(s))))),
);
const settings = fc
  .tuple(
    layout,
    objectOf(
      fc.oneof(
        fc.tuple(fc.constant('hooks'), events),
        fc.tuple(fc.constant('permissions'), permissions),
        fc.tuple(fc.string(), scalar).filter(([key]) => key !== 'hooks' && key !== 'permissions'),
      ),
    ),
    layout,
  )
  .map((parts) => parts.join(''));

describe('any settings text', () => {
  it('has the same bytes after ours went in and out, and ours once after twice', () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (text, deny) => {
        const after = withOurs(text, { command: COMMAND, deny });
        expect(withOurs(after, { command: COMMAND, deny })).toBe(after);
        expect(withoutOurs(after)).toBe(text);
        expect(foundIn(after, COMMAND).exact).toBe(true);
        const [was, is] = [read(text), read(after)];
        const { hooks: _, permissions: __, ...others } = is;
        const { hooks: ___, permissions: ____, ...before } = was;
        expect(others).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the value of everything else, also where a list was empty', () => {
    const anything = fc
      .dictionary(fc.constantFrom('a', 'hooks2', 'permissions', 'z'), fc.jsonValue())
      .filter((value) => value['permissions'] === undefined);
    fc.assert(
      fc.property(anything, fc.constantFrom(0, 1, 2, '\t'), (value, indent) => {
        const text = JSON.stringify({ ...value, hooks: {}, permissions: { deny: [] } }, null, indent);
        const after = install(text);
        expect(install(after)).toBe(after);
        expect(read(withoutOurs(after))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
