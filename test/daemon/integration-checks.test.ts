/** What `doctor` says about our hooks and commands in Claude Code, over folders in every state. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkIntegration,
  clientFinding,
  hooksFinding,
  rulesFinding,
} from '../../src/daemon/doctor/integration-checks.ts';
import { type HomePaths, homePaths } from '../../src/platform/paths.ts';
import type { Check } from '../../src/protocol/doctor.ts';
import { applyPlan, planInstall, type Standing } from '../../src/claude-code/index.ts';
import { ClaudeFolder } from '../claude-code/folder.ts';

class Examined extends ClaudeFolder {
  readonly paths: HomePaths = homePaths(path.join(this.home, 'home'), {});
  readonly cli = path.join(this.home, 'teammate-sync.cjs');
  readonly server = path.join(this.home, 'teammate-sync-mcp.mjs');
  path = '';

  setUp(): void {
    fs.writeFileSync(this.cli, '');
    fs.writeFileSync(this.server, SERVER);
    const programs = { node: process.execPath, cli: this.cli };
    applyPlan(this.places, planInstall(this.places, { programs, paths: this.paths, deny: true }));
  }

  async look(): Promise<Record<string, Omit<Check, 'id'>>> {
    const checks: Record<string, Omit<Check, 'id'>> = {};
    const env = { HOME: this.home, USERPROFILE: this.home, PATH: this.path };
    await checkIntegration(this.paths, env, (event) => {
      if (event.type !== 'check') return;
      const { id, ...found } = event.check;
      checks[id] = found;
    });
    return checks;
  }
}

/** As much of an MCP server as is asked for, with one tool. */
const SERVER = `
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  const result = method === 'tools/list' ? { tools: [{ name: process.env.TEAMMATE_SYNC_HOME }] } : {};
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`;

const containing = (text: string): string => expect.stringContaining(text) as string;

describe('our hooks and commands', () => {
  it('are well after init, and not when programs, commands or the home are others', async () => {
    const folder = new Examined();
    expect(await folder.look()).toEqual({
      hooks: { state: 'warning', what: containing('not installed'), fix: 'teammate-sync init' },
      mcp: { state: 'warning', what: containing('not installed'), fix: 'teammate-sync init' },
    });
    folder.setUp();
    expect(await folder.look()).toEqual({
      hooks: { state: 'ok', what: containing('settings.json'), fix: null },
      commands: { state: 'ok', what: 'installed', fix: null },
      rules: { state: 'ok', what: containing("Claude's own shell"), fix: null },
      mcp: { state: 'ok', what: containing('it starts, tools: 1'), fix: null },
    });
    fs.rmSync(folder.at('commands/share.md'));
    folder.write('commands/show.md', 'mine');
    expect((await folder.look())['commands']).toMatchObject({ what: containing('/share'), fix: 'teammate-sync init' });
    folder.setUp();
    expect((await folder.look())['commands']).toMatchObject({
      what: containing('/show'),
      fix: containing('teammate-sync show'),
    });
    fs.rmSync(folder.cli);
    expect((await folder.look())['hooks']).toMatchObject({
      state: 'problem',
      what: containing(folder.cli),
      fix: 'teammate-sync init',
    });
    folder.setUp();
    folder.write('settings.json', folder.read('settings.json').replaceAll(folder.paths.home, '/else/where'));
    expect((await folder.look())['hooks']).toMatchObject({ state: 'warning', what: containing('another home') });
    folder.write('settings.json', '{,}');
    expect(await folder.look()).toMatchObject({ hooks: { state: 'problem', what: containing('is not valid JSON') } });
  });

  it('are looked at only where there is a Claude Code, and its version is asked for', async () => {
    const folder = new Examined();
    fs.rmdirSync(folder.places.folder);
    expect(await folder.look()).toEqual({});
    folder.path = path.join(folder.home, 'bin');
    fs.mkdirSync(folder.path);
    const program = path.join(folder.path, 'claude');
    fs.writeFileSync(program, '#!/bin/sh\necho "2.1.330 (Claude Code)"\n', { mode: 0o755 });
    expect((await folder.look())['client']).toEqual({ state: 'ok', what: 'Claude Code 2.1.330', fix: null });
    fs.writeFileSync(program, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect((await folder.look())['client']).toMatchObject({ state: 'warning', what: containing(program) });
  });

  it('and the server is said to be gone, dead, of another home, twice or not ours, each with what to do', async () => {
    const folder = new Examined();
    const mcp = async () => (await folder.look())['mcp'];
    const state = (): string => fs.readFileSync(folder.places.state, 'utf8');
    folder.setUp();
    fs.writeFileSync(folder.server, 'process.exit(3)');
    expect(await mcp()).toMatchObject({ state: 'problem', what: containing('ended with 3') });
    fs.rmSync(folder.server);
    expect(await mcp()).toMatchObject({ state: 'problem', what: containing(folder.server), fix: 'teammate-sync init' });
    folder.setUp();
    fs.writeFileSync(folder.places.state, state().replace(folder.paths.home, '/else/where'));
    expect(await mcp()).toMatchObject({ state: 'warning', what: containing('another home') });
    folder.write('settings.json', '{"enabledPlugins": {"teammate-sync@acme": true}}');
    expect(await mcp()).toMatchObject({
      state: 'warning',
      fix: containing('claude plugin uninstall teammate-sync@acme'),
    });
    fs.writeFileSync(folder.places.state, '{}');
    expect(await mcp()).toMatchObject({ state: 'ok' });
    folder.write('settings.json', '{}');
    fs.writeFileSync(folder.places.state, '{"mcpServers": {"teammate-sync": {"type": "http"}}}');
    expect(await mcp()).toMatchObject({ state: 'warning', fix: containing('claude mcp remove') });
    fs.writeFileSync(folder.places.state, '{,}');
    expect(await mcp()).toMatchObject({ state: 'problem', what: containing('is not valid JSON') });
  });

  it('have one way to mend each state', () => {
    const right: Standing = {
      hooks: 'right',
      gone: [],
      rulesMissing: [],
      disabled: false,
      plugin: null,
      missing: [],
      taken: [],
    };
    const of = (state: Partial<Standing>) => hooksFinding({ ...right, ...state }, '/s.json');
    expect(of({})).toMatchObject({ state: 'ok' });
    expect(of({ disabled: true })).toMatchObject({ state: 'warning', fix: 'take "disableAllHooks" out of /s.json' });
    expect(of({ plugin: 'teammate-sync@acme' }).fix).toBe(
      'teammate-sync uninstall, or: claude plugin uninstall teammate-sync@acme',
    );
    expect(of({ plugin: 'teammate-sync@acme', hooks: 'none' })).toMatchObject({ state: 'ok' });
  });

  it('are without the rules: not there, or not wanted', () => {
    expect(rulesFinding([], false)).toMatchObject({ state: 'ok' });
    expect(rulesFinding(['Bash(x:*)'], false)).toMatchObject({ state: 'warning', fix: 'teammate-sync init' });
    expect(rulesFinding(['Bash(x:*)'], true)).toMatchObject({ state: 'ok', what: containing('you did not want them') });
  });

  it.each([
    ['2.1.330 (Claude Code)', 'ok', null],
    ['2.1.139', 'ok', null],
    ['3.0.0', 'ok', null],
    ['2.1.39 (Claude Code)', 'warning', 'claude update'],
    ['2.1.138', 'warning', 'claude update'],
    ['2.0.76 (Claude Code)', 'warning', 'claude update'],
    ['1.9.999', 'warning', 'claude update'],
    ['', 'warning', 'try: claude --version'],
  ])('of a client that says %j are judged', (said, state, fix) => {
    expect(clientFinding(said)).toMatchObject({ state, fix });
  });
});
