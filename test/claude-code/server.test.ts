/** Our MCP server in Claude Code's state, which running clients write all the time: neither loses what the other wrote. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf, serverStandingOf } from '../../src/claude-code/index.ts';
import { plannedFiles } from '../../src/claude-code/planned-files.ts';
import { withoutServer, withServer } from '../../src/claude-code/state-text.ts';
import { ClaudeFolder, NO_TIME } from './folder.ts';

const OTHERS = '{"type":"stdio","command":"npx","args":["other"],"env":{"KEY":"secret"}}';
/** As Claude Code writes it, but with a number and an escape that it would write otherwise. */
const STATE = `{\n  "numStartups": 5e0,\n  "userID": "m\\u00e9",\n  "mcpServers": {\n    "other": ${OTHERS}\n  },\n  "projects": {}\n}`;

const wanted = (folder: ClaudeFolder, cli = '/opt/teammate-sync') => ({
  type: 'stdio',
  command: '/usr/bin/node',
  args: [`${cli}/teammate-sync-mcp.mjs`],
  env: { TEAMMATE_SYNC_HOME: path.join(folder.home, '.teammate-sync') },
});

function folderWith(state: string): ClaudeFolder {
  const folder = new ClaudeFolder();
  fs.writeFileSync(folder.places.state, state, { mode: 0o600 });
  return folder;
}

const stateOf = (folder: ClaudeFolder): string => fs.readFileSync(folder.places.state, 'utf8');
const serversOf = (folder: ClaudeFolder): Record<string, unknown> =>
  (JSON.parse(stateOf(folder)) as { mcpServers: Record<string, unknown> }).mcpServers;

/** What a client that starts does to it. */
function startClient(folder: ClaudeFolder): void {
  const state = JSON.parse(stateOf(folder)) as { numStartups: number };
  fs.writeFileSync(folder.places.state, JSON.stringify({ ...state, numStartups: state.numStartups + 1 }, null, 2));
}

describe('the state', () => {
  it('is where the client looks: beside its folder, or in CLAUDE_CONFIG_DIR, or under its old name if that is there', () => {
    const folder = new ClaudeFolder();
    expect(folder.places.state).toBe(path.join(folder.home, '.claude.json'));
    const env = { HOME: folder.home, CLAUDE_CONFIG_DIR: folder.at('elsewhere') };
    expect(placesOf(env).state).toBe(folder.at('elsewhere', '.claude.json'));
    folder.write('.config.json', '{}');
    expect(placesOf({ HOME: folder.home }).state).toBe(folder.at('.config.json'));
  });

  it('gets our entry, keeps every other byte and its mode, and is afterwards what it was to the byte', () => {
    const folder = folderWith(STATE);
    expect(folder.install()).toEqual([]);
    expect(serversOf(folder)['teammate-sync']).toEqual(wanted(folder));
    const entry = /,\n {4}"teammate-sync": \{\n.*?\n {4}\}/s.exec(stateOf(folder))?.[0] ?? '?';
    expect(stateOf(folder).replace(entry, '')).toBe(STATE);
    expect(fs.statSync(folder.places.state).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(folder.places.stateBackup, 'utf8')).toBe(STATE);
    expect(folder.plan().changes).toEqual([]);
    expect(folder.uninstall()).toEqual([]);
    expect(folder.everything()).toEqual({ '~/.claude.json': Buffer.from(STATE).toString('latin1') });
  });

  it('is undone to the byte whatever it is', () => {
    const servers = fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined });
    const indent = fc.constantFrom(0, 2, '\t');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), servers, indent, (rest, mcpServers, space) => {
        const text = JSON.stringify({ ...rest, mcpServers }, null, space);
        const after = withServer(text, { type: 'stdio', command: 'node', args: ['teammate-sync-mcp.mjs'], env: {} });
        expect(withoutServer(after, text)).toBe(text);
        const { mcpServers: list = {}, ...others } = JSON.parse(after) as { mcpServers?: Record<string, unknown> };
        const { 'teammate-sync': ours, ...theirs } = list;
        expect(ours).toBeDefined();
        expect([others, theirs]).toEqual(JSON.parse(JSON.stringify([rest, mcpServers ?? {}])));
      }),
      { numRuns: 100, examples: [[{}, {}, 2]] },
    );
  });

  it('that clients wrote since loses our entry and the backup, and nothing else', () => {
    for (const servers of ['"mcpServers": {},', '', `"mcpServers": {"other": ${OTHERS}},`]) {
      const folder = folderWith(`{${servers} "numStartups": 1}`);
      folder.install();
      startClient(folder);
      expect(folder.uninstall()).toEqual([]);
      const after = JSON.parse(`{${servers} "numStartups": 2}`) as object;
      expect(JSON.parse(stateOf(folder))).toEqual(after);
      expect(Object.keys(folder.everything())).toEqual(['~/.claude.json']);
    }
  });

  it.each([
    ['not JSON', '{,', 'is not valid JSON'],
    ['a list of servers that is none', '{"mcpServers": []}', 'its `mcpServers` is not an object'],
  ])('with %s is refused by name and left alone; all else is installed', (_, text, why) => {
    const folder = folderWith(text);
    expect(folder.install()).toEqual([expect.stringContaining(why)]);
    expect(folder.plan().refused[0]?.message).toContain(folder.places.state);
    expect(stateOf(folder)).toBe(text);
    expect(folder.read('settings.json')).toContain(': teammate-sync; ');
  });

  it('shows in a dry run what changes in it, and nothing that stands beside it', () => {
    const folder = folderWith(STATE.replace(OTHERS, `{\n      "env": {"KEY": "secret"}\n    }`));
    const { lines = [] } =
      plannedFiles(folder.plan().changes).find(({ path: file }) => file === folder.places.state) ?? {};
    expect(lines.join('\n')).toMatch(/^\+.*teammate-sync-mcp\.mjs/m);
    expect(lines.join('\n')).not.toContain('secret');
  });
});

describe('an entry of that name', () => {
  it('that is ours is mended by the next init, and what a person put into it stays', () => {
    const folder = folderWith(STATE);
    folder.install('/old/teammate-sync.cjs');
    const text = stateOf(folder).replace('"env": {', '"timeout": 60000,\n      "env": {\n        "NODE_DEBUG": "net",');
    fs.writeFileSync(folder.places.state, text);
    expect(folder.install('/new/teammate-sync.cjs')).toEqual([]);
    const { env, ...rest } = wanted(folder, '/new');
    expect(serversOf(folder)['teammate-sync']).toEqual({
      ...rest,
      timeout: 60_000,
      env: { ...env, NODE_DEBUG: 'net' },
    });
    expect(fs.readFileSync(folder.places.stateBackup, 'utf8')).toBe(STATE);
    fs.writeFileSync(
      folder.places.state,
      '{"mcpServers":{"teammate-sync":{"command":"teammate-sync","args":["mcp"]}}}',
    );
    expect(folder.install()).toEqual([]);
    expect(serversOf(folder)['teammate-sync']).toEqual(wanted(folder));
    expect(folder.uninstall()).toEqual([]);
    expect(JSON.parse(stateOf(folder))).toEqual({ mcpServers: {} });
  });

  it.each(['{"type":"http","url":"https://example.com"}', '{"command":"node","args":["server.js"]}', '"x"'])(
    'that is not ours (%s) is left, by init and by uninstall, and named with what to do',
    (value) => {
      const text = `{"mcpServers": {"teammate-sync": ${value}}}`;
      const folder = folderWith(text);
      const { refused } = folder.plan();
      expect(refused[0]).toMatchObject({
        code: 'CLAUDE_SERVER_TAKEN',
        message: expect.stringContaining(folder.places.state) as string,
        hint: expect.stringContaining('claude mcp remove --scope user teammate-sync') as string,
      });
      folder.install();
      expect(standing(folder).entry).toBe('taken');
      folder.uninstall();
      expect(folder.everything()).toEqual({ '~/.claude.json': text });
    },
  );
});

describe('with clients that run', () => {
  it('their lock is waited for, and what they wrote meanwhile is kept', () => {
    const folder = folderWith(STATE);
    const lock = `${folder.places.state}.lock`;
    fs.mkdirSync(lock);
    let waits = 0;
    const refused = folder.install(undefined, () => {
      if (waits++ !== 3) return;
      expect(serversOf(folder)).not.toHaveProperty('teammate-sync');
      startClient(folder);
      fs.rmdirSync(lock);
    });
    expect(refused).toEqual([]);
    expect(JSON.parse(stateOf(folder))).toMatchObject({
      numStartups: 6,
      mcpServers: { 'teammate-sync': wanted(folder) },
    });
    expect(fs.existsSync(lock)).toBe(false);
  });

  it('a lock that is kept is given up in bounded time, and says so; one of a client that is gone is taken over', () => {
    const folder = folderWith(STATE);
    const lock = `${folder.places.state}.lock`;
    fs.mkdirSync(lock);
    let waited = 0;
    const refused = folder.install(undefined, (ms) => (waited += ms));
    expect(refused).toEqual([expect.stringMatching(/CLAUDE_SETTINGS: .*\.claude\.json is kept locked/)]);
    expect(waited).toBeLessThanOrEqual(20_000);
    expect([stateOf(folder), fs.existsSync(lock)]).toEqual([STATE, true]);
    fs.utimesSync(lock, 0, (Date.now() - 11_000) / 1000);
    expect(folder.install()).toEqual([]);
    expect(serversOf(folder)).toHaveProperty('teammate-sync');
  });

  it('one that writes what it read before us, without the lock, is answered by writing anew; at last it is said', () => {
    const folder = folderWith(STATE);
    let lost = 0;
    const loses = (times: number) => (ms: number) => {
      if (ms >= 300 && lost++ < times) fs.writeFileSync(folder.places.state, STATE);
    };
    expect(folder.install(undefined, loses(2))).toEqual([]);
    expect(serversOf(folder)).toHaveProperty('teammate-sync');
    fs.writeFileSync(folder.places.state, STATE);
    lost = 0;
    expect(folder.install(undefined, loses(9))).toEqual([
      expect.stringContaining('was written over by a running Claude Code'),
    ]);
  });

  it('a client that was started after the plan was made loses nothing', () => {
    const folder = folderWith(STATE);
    const plan = folder.plan();
    startClient(folder);
    expect(folder.apply(plan)).toEqual([]);
    expect(JSON.parse(stateOf(folder))).toMatchObject({
      numStartups: 6,
      mcpServers: { 'teammate-sync': wanted(folder) },
    });
    expect(folder.uninstall(NO_TIME)).toEqual([]);
    expect(JSON.parse(stateOf(folder))).toMatchObject({
      numStartups: 6,
      mcpServers: { other: JSON.parse(OTHERS) as object },
    });
  });
});

const standing = (folder: ClaudeFolder, home = path.join(folder.home, '.teammate-sync')) =>
  serverStandingOf(folder.places, home);

describe('how it stands', () => {
  it('is seen: none, ours, of another home, what is gone', () => {
    const folder = folderWith(STATE);
    expect(standing(folder)).toEqual({ entry: 'none', start: null, gone: [] });
    folder.install();
    const { command, args, env } = wanted(folder);
    expect(standing(folder)).toEqual({ entry: 'right', start: { command, args, env }, gone: args });
    expect(standing(folder, '/elsewhere').entry).toBe('other');
  });
});
