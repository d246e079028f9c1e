/** The plugin: made from the same constants as what `init` installs, quiet where it should be, and never beside it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pluginFiles } from '../../src/claude-code/plugin-files.ts';
import { HOOK_EVENTS, SLASH_VERBS } from '../../src/protocol/claude-hook.ts';
import { ROOT } from '../docs/markdown.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { ClaudeFolder } from './folder.ts';

const files = pluginFiles(fs.readFileSync(path.join(ROOT, 'LICENSE'), 'utf8'));
const BELOW = 'plugins/teammate-sync';

describe('the plugin', () => {
  it('is on disk as it is made (after a wanted change: node scripts/update-plugin.mjs)', () => {
    const check = spawnSync(process.execPath, ['scripts/update-plugin.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(check).toMatchObject({ status: 0, stderr: '' });
    for (const [name, text] of Object.entries(files)) expect(fs.readFileSync(path.join(ROOT, name), 'utf8')).toBe(text);
  });

  it('has every event and every command, and is the one that the marketplace names', () => {
    const { hooks } = JSON.parse(files[`${BELOW}/hooks/hooks.json`] ?? '') as { hooks: object };
    expect(Object.keys(hooks)).toEqual(HOOK_EVENTS.map(({ event }) => event));
    for (const { name } of SLASH_VERBS) expect(files).toHaveProperty([`${BELOW}/skills/${name}/SKILL.md`]);
    const market = JSON.parse(files['.claude-plugin/marketplace.json'] ?? '') as { plugins: { source: string }[] };
    expect(market.plugins.map(({ source }) => source)).toEqual([`./${BELOW}`]);
  });
});

describe.skipIf(process.platform === 'win32')('the hook of the plugin', () => {
  const script = path.join(ROOT, BELOW, 'hooks/teammate-sync.sh');
  const START = '{"session_id":"x","hook_event_name":"SessionStart","source":"startup"}\n';

  function runs(home: string, input: string, bin?: string) {
    const env = { HOME: home, CLAUDE_PLUGIN_ROOT: path.join(ROOT, BELOW), PATH: `${bin ?? '/nowhere'}:/usr/bin:/bin` };
    const { status, stdout, stderr } = spawnSync('sh', [script], { env, input, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it('says nothing where there is no teammate-sync, and hands the input to the one on the PATH', () => {
    const folder = new ClaudeFolder();
    expect(runs(folder.home, START)).toEqual({ status: 0, stdout: '', stderr: '' });
    folder.write('settings.json', '{"hooks": {}}');
    const bin = tempDir();
    fs.writeFileSync(
      path.join(bin, 'teammate-sync'),
      '#!/bin/sh\necho "$@" "$CLAUDE_PID"; cat; echo noise >&2; exit 1\n',
      {
        mode: 0o755,
      },
    );
    const answered = { status: 0, stdout: `hook ${process.pid}\n${START.trim()}`, stderr: '' };
    expect(runs(folder.home, START, bin)).toEqual(answered);
    folder.install();
    const twice = runs(folder.home, START, bin);
    expect(twice).toMatchObject({ status: 0, stderr: '' });
    const { systemMessage } = JSON.parse(twice.stdout) as { systemMessage: string };
    expect(systemMessage).toContain('teammate-sync uninstall');
    expect(systemMessage).toContain('claude plugin uninstall teammate-sync');
    const silent = { status: 0, stdout: '', stderr: '' };
    expect(runs(folder.home, START.replace('SessionStart', 'Stop'), bin)).toEqual(silent);
    folder.uninstall();
    expect(runs(folder.home, START, bin)).toEqual(answered);
  });
});

describe.skipIf(process.platform === 'win32')('the MCP server of the plugin', () => {
  const { mcpServers } = JSON.parse(files[`${BELOW}/.mcp.json`] ?? '') as {
    mcpServers: Record<string, { command: string; args: string[] }>;
  };
  const REQUESTS = [
    { id: 'server-discover-probe-1', method: 'server/discover', params: { _meta: { 'a/id': 1 } } },
    { id: 0, method: 'initialize', params: { clientInfo: { name: 'claude-code' } } },
    { method: 'notifications/initialized' },
    { id: 7, method: 'ping' },
    { id: 8, method: 'tools/list' },
  ];
  const input = REQUESTS.map((request) => `${JSON.stringify(request)}\n`).join('');

  function starts(home: string, bin?: string, more: Record<string, string> = {}) {
    const { command = '', args = [] } = mcpServers['teammate-sync'] ?? {};
    const words = args.map((arg) => arg.replace('${CLAUDE_PLUGIN_ROOT}', path.join(ROOT, BELOW)));
    const env = { HOME: home, PATH: `${bin ?? '/nowhere'}:/usr/bin:/bin`, ...more };
    const { status, stdout, stderr } = spawnSync(command, words, { env, input, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it('is the one on the PATH, with the requests untouched; without one it ends and says what is missing', () => {
    const folder = new ClaudeFolder();
    const bin = tempDir();
    fs.writeFileSync(path.join(bin, 'teammate-sync'), '#!/bin/sh\necho "$@"; exec cat\n', { mode: 0o755 });
    expect(starts(folder.home, bin)).toEqual({ status: 0, stdout: `mcp\n${input}`, stderr: '' });
    expect(starts(folder.home)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('npm install') as string,
    });
    // Words of somebody's are no entry.
    fs.writeFileSync(folder.places.state, JSON.stringify({ history: ['where is "/x/teammate-sync-mcp.mjs"?'] }));
    expect(starts(folder.home, bin).stdout).toContain(input);
  });

  it('has no tools where init has put ours, wherever the state is, and answers all that is asked', () => {
    const folder = new ClaudeFolder();
    folder.install();
    const elsewhere = { CLAUDE_CONFIG_DIR: folder.at('elsewhere') };
    fs.mkdirSync(elsewhere.CLAUDE_CONFIG_DIR);
    fs.copyFileSync(folder.places.state, folder.at('elsewhere', '.claude.json'));
    for (const more of [{}, elsewhere]) {
      const { status, stdout } = starts(folder.home, undefined, more);
      expect(status).toBe(0);
      const [discover, initialize, ping, tools, ...none] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(discover).toMatchObject({ id: 'server-discover-probe-1', error: { code: -32601 } });
      expect(initialize).toMatchObject({ id: 0, result: { protocolVersion: '2025-11-25', capabilities: {} } });
      expect(ping).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
      expect(tools).toMatchObject({ id: 8, error: { code: -32601 } });
      expect(none).toEqual([]);
    }
  });
});
