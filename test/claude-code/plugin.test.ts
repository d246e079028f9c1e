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
