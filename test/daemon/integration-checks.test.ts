/** What `doctor` says about our hooks and commands in Claude Code, over folders in every state. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIntegration, clientFinding, hooksFinding } from '../../src/daemon/doctor/integration-checks.ts';
import { type HomePaths, homePaths } from '../../src/platform/paths.ts';
import type { Check } from '../../src/protocol/doctor.ts';
import { applyPlan, planInstall, type Standing } from '../../src/claude-code/index.ts';
import { ClaudeFolder } from '../claude-code/folder.ts';

class Examined extends ClaudeFolder {
  readonly paths: HomePaths = homePaths(path.join(this.home, 'home'), {});
  readonly cli = path.join(this.home, 'teammate-sync.cjs');
  path = '';

  setUp(): void {
    fs.writeFileSync(this.cli, '');
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

const containing = (text: string): string => expect.stringContaining(text) as string;

describe('our hooks and commands', () => {
  it('are well after init, and not when programs, commands or the home are others', async () => {
    const folder = new Examined();
    expect(await folder.look()).toEqual({
      hooks: { state: 'warning', what: containing('not installed'), fix: 'teammate-sync init' },
    });
    folder.setUp();
    expect(await folder.look()).toEqual({
      hooks: { state: 'ok', what: containing('settings.json'), fix: null },
      commands: { state: 'ok', what: 'installed', fix: null },
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

  it('have one way to mend each state', () => {
    const right: Standing = { hooks: 'right', gone: [], disabled: false, plugin: null, missing: [], taken: [] };
    const of = (state: Partial<Standing>) => hooksFinding({ ...right, ...state }, '/s.json');
    expect(of({})).toMatchObject({ state: 'ok' });
    expect(of({ disabled: true })).toMatchObject({ state: 'warning', fix: 'take "disableAllHooks" out of /s.json' });
    expect(of({ plugin: 'teammate-sync@acme' }).fix).toBe(
      'teammate-sync uninstall, or: claude plugin uninstall teammate-sync@acme',
    );
    expect(of({ plugin: 'teammate-sync@acme', hooks: 'none' })).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['2.1.330 (Claude Code)', 'ok', null],
    ['2.1.139', 'ok', null],
    ['3.0.0', 'ok', null],
    ['2.1.138', 'warning', 'claude update'],
    ['2.0.76 (Claude Code)', 'warning', 'claude update'],
    ['1.9.999', 'warning', 'claude update'],
    ['', 'warning', 'try: claude --version'],
  ])('of a client that says %j are judged', (said, state, fix) => {
    expect(clientFinding(said)).toMatchObject({ state, fix });
  });
});
