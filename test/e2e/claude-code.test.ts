/** `init` and `uninstall` as processes, over a person's Claude Code folder, and the hook that comes of it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLASH_VERBS } from '../../src/protocol/claude-hook.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';

const SETTINGS =
  '{\n  "model": "opus",\n  "hooks": {\n    "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }]\n  }\n}\n';

interface Settings {
  hooks: Record<string, { hooks: { command: string }[] }[]>;
}

let world: ProcessWorld;
beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
});
afterAll(() => world.close());

const claudeOf = (machine: Machine, ...names: string[]): string => path.join(machine.folder, '.claude', ...names);
const INIT = ['init', '--org', ORG, '--yes'];

/** Runs the hook of an event as Claude Code does. */
function hook(
  machine: Machine,
  event: string,
  input: object,
): { status: number | null; stdout: string; stderr: string } {
  const { hooks } = JSON.parse(fs.readFileSync(claudeOf(machine, 'settings.json'), 'utf8')) as Settings;
  const command = hooks[event]?.at(-1)?.hooks[0]?.command ?? '';
  const env = { PATH: process.env['PATH'], HOME: machine.folder, CLAUDE_PID: String(process.pid) };
  return spawnSync('sh', ['-c', command], { env, input: `${JSON.stringify(input)}\n`, encoding: 'utf8' });
}

describe('init and uninstall', () => {
  it('show what they do, do it, do it once, and take it back to the byte', { timeout: 60_000 }, async () => {
    const marie = await world.person('marie');
    fs.mkdirSync(claudeOf(marie, 'commands'), { recursive: true });
    fs.writeFileSync(claudeOf(marie, 'settings.json'), SETTINGS);
    fs.writeFileSync(claudeOf(marie, 'commands/show.md'), 'my own');

    const dry = await marie.ok([...INIT, '--dry-run']);
    expect(dry).toContain(`  change ${claudeOf(marie, 'settings.json')}\n      @@ -1,6 +1,`);
    expect(dry).toContain('      -    "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }]\n');
    expect(dry).toContain('      +      "Bash(teammate-sync share:*)",\n');
    expect(dry).toContain(`  make ${claudeOf(marie, 'commands/share.md')}\n      @@ -0,0 +1,`);
    expect(dry).toContain('/show is yours already');
    expect(fs.readFileSync(claudeOf(marie, 'settings.json'), 'utf8')).toBe(SETTINGS);

    const { code, stdout } = await marie.run(INIT);
    expect(code).toBe(0);
    expect(stdout).toContain('Claude Code knows it');
    const installed = fs.readFileSync(claudeOf(marie, 'settings.json'), 'utf8');
    expect(installed).toContain(marie.paths.socket);
    expect(fs.readdirSync(claudeOf(marie, 'commands'))).toHaveLength(SLASH_VERBS.length);
    await marie.ok(INIT);
    expect(fs.readFileSync(claudeOf(marie, 'settings.json'), 'utf8')).toBe(installed);

    // With no daemon it is quiet; with one, the daemon has heard.
    const session = '1f0c0000-0000-4000-8000-000000000001';
    const input = { hook_event_name: 'SessionStart', session_id: session, cwd: marie.folder, source: 'startup' };
    expect(hook(marie, 'SessionStart', input)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await marie.ok(['up']);
    expect(hook(marie, 'SessionStart', input)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.stringify(await marie.client.call('sessions'))).toContain(session);
    await marie.ok(['down']);

    const wouldGo = await marie.ok(['uninstall', '--dry-run']);
    expect(wouldGo).toContain('      +    "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }]\n');
    expect(wouldGo).toContain(`  remove ${claudeOf(marie, 'commands/share.md')}\n`);
    expect(fs.readFileSync(claudeOf(marie, 'settings.json'), 'utf8')).toBe(installed);
    const gone = await marie.ok(['uninstall']);
    expect(gone).toMatch(/^Taken out of Claude Code:\n {2}change .*settings\.json\n/);
    expect(gone).toContain('teammate-sync logout');
    expect(fs.readFileSync(claudeOf(marie, 'settings.json'), 'utf8')).toBe(SETTINGS);
    expect(fs.readdirSync(claudeOf(marie))).toEqual(['commands', 'settings.json']);
    expect(fs.readdirSync(claudeOf(marie, 'commands'))).toEqual(['show.md']);
    expect(await marie.json(['uninstall'])).toMatchObject({ v: 1, files: [], refused: [] });
  });

  it('leave settings alone that nobody can read, say so, and set up the rest', async () => {
    const ben = await world.person('ben');
    fs.mkdirSync(claudeOf(ben), { recursive: true });
    fs.writeFileSync(claudeOf(ben, 'settings.json'), '{ // mine\n}');
    const { code, stdout } = await ben.run(INIT);
    expect(code).toBe(1);
    expect(stdout).toContain('Ready: ben');
    expect(stdout).toContain('settings.json is not valid JSON');
    expect(fs.readdirSync(claudeOf(ben))).toEqual(['settings.json']);
    expect((await ben.run(['uninstall'])).code).toBe(1);
    const elsewhere = path.join(ben.folder, 'elsewhere');
    fs.mkdirSync(elsewhere);
    const env = { CLAUDE_CONFIG_DIR: elsewhere };
    await ben.ok(INIT, { env });
    expect(fs.readdirSync(elsewhere)).toEqual(['.claude.json', 'commands', 'settings.json']);
    expect(fs.existsSync(path.join(ben.folder, '.claude.json'))).toBe(false);
    await ben.ok(['uninstall'], { env });
    expect(fs.readdirSync(elsewhere)).toEqual([]);
  });

  it('do not ask again for rules that were not wanted', async () => {
    const mia = await world.person('mia');
    fs.mkdirSync(claudeOf(mia));
    await mia.ok(INIT);
    const config = JSON.parse(fs.readFileSync(mia.paths.config, 'utf8')) as object;
    fs.writeFileSync(mia.paths.config, JSON.stringify({ ...config, denyRules: false }));
    await mia.ok(['uninstall']);
    expect(await mia.ok([...INIT, '--dry-run'])).toContain('you did not want them');
    await mia.ok(INIT);
    expect(fs.readFileSync(claudeOf(mia, 'settings.json'), 'utf8')).not.toContain('permissions');
    expect(JSON.parse(fs.readFileSync(mia.paths.config, 'utf8'))).toMatchObject({ denyRules: false });
  });

  it('touch nothing where there is no Claude Code, or it is not wanted', async () => {
    const env = { PATH: path.dirname(process.execPath) };
    const lena = await world.person('lena');
    expect(await lena.ok(INIT, { env })).toContain('Claude Code: it is not here');
    expect(fs.existsSync(claudeOf(lena))).toBe(false);
    expect(await lena.ok(['uninstall'], { env })).toMatch(/^There is nothing of teammate-sync in Claude Code\.\n/);
    fs.mkdirSync(claudeOf(lena));
    expect(await lena.ok([...INIT, '--no-claude-code'], { env })).not.toContain('Claude Code:');
    expect(fs.readdirSync(claudeOf(lena))).toEqual([]);
  });
});
