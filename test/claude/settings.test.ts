/** Ours in Claude Code's settings beside the hooks of others: the real client runs them all, and what was there stays. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClaudeWorld } from './support/claude-world.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Ten of each of four events; each says its number in a file of the home. */
const EVENTS = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'Stop'];
const FOREIGN = EVENTS.flatMap((event) => Array.from({ length: 10 }, (_, i) => `${event}-${i}`));

const foreign = (name: string): string =>
  `\t\t\t{ "hooks": [ {"type":"command", "command": "echo '${name} \\u00e9' >> $HOME/foreign", "timeout": 1e1} ] }`;

/** As people write it: tabs, blanks, a number that JSON.stringify would write otherwise. */
function settingsWithForeignHooks(): string {
  const entries = EVENTS.map((event) => {
    const hooks = FOREIGN.filter((name) => name.startsWith(event)).map(
      (name) =>
        `\t\t\t{ "hooks": [ {"type":"command", "command": "echo '${name} \\u00e9' >> $HOME/foreign", "timeout": 1e1} ] }`,
    );
    return `\t\t"${event}" : [\n${hooks.join(',\n')}\n\t\t]`;
  });
  return `{\n\t"permissions": { "allow": ["Bash"], "deny": ["Bash(rm:*)"] },\n\t"hooks": {\n${entries.join(',\n\n')}\n\t},\n\t"env": {}\n}\n\n`;
}

let world: ClaudeWorld;
let original: string;

beforeAll(async () => {
  original = settingsWithForeignHooks();
  world = await ClaudeWorld.start(original);
});
afterAll(() => world.close());

const settings = (): string => fs.readFileSync(world.claude.settings, 'utf8');

/** The names of the foreign hooks that a conversation with a prompt, a tool and one of our commands runs. */
async function foreignHooksThatRun(): Promise<string[]> {
  const file = path.join(world.marie.folder, 'foreign');
  fs.rmSync(file, { force: true });
  world.api.script('say hi', { tool: 'Bash', input: { command: 'echo hi' } }, 'It said hi.');
  const shop = await world.claude.open('webshop');
  await shop.say('say hi', 'It said hi.');
  const calls = world.api.calls;
  expect(await shop.command('/connections')).toContain('Connections in acme');
  expect(world.api.calls).toBe(calls);
  await shop.enter('/exit');
  await shop.gone();
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return [...new Set(lines)].toSorted();
}

const all = FOREIGN.map((name) => `${name} é`).toSorted();

describe('forty hooks of others', () => {
  it('all run beside ours, in the order of the file, and keep every byte', async () => {
    const after = settings();
    expect(after).not.toBe(original);
    for (const name of FOREIGN) expect(after).toContain(foreign(name));
    expect(await foreignHooksThatRun()).toEqual(all);
  });

  it('stay so when init runs again', async () => {
    const before = settings();
    await world.marie.ok(['init', '--yes']);
    expect(settings()).toBe(before);
  });

  it('are what is left, to the byte, after uninstall', async () => {
    await world.marie.ok(['uninstall']);
    expect(settings()).toBe(original);
    expect(fs.readdirSync(world.claude.folder)).not.toContain('settings.json.teammate-sync-backup');
    expect(fs.existsSync(path.join(world.claude.folder, 'commands'))).toBe(false);
  });
});

describe('the plugin', () => {
  const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

  it('answers the same commands beside the forty, which all run', async () => {
    for (const args of [
      ['marketplace', 'add', ROOT],
      ['install', 'teammate-sync@teammate-sync'],
    ]) {
      expect(await world.claude.run('webshop', 'plugin', ...args)).toMatchObject({ code: 0 });
    }
    expect(parsed(settings())).toMatchObject(parsed(original));
    expect(await foreignHooksThatRun()).toEqual(all);
    const shop = await world.claude.open('webshop');
    expect(await shop.command('/teammate-sync:share sam')).toContain('Sharing webshop');
    await shop.kill();
  });

  it('is not joined by what init would put there', async () => {
    const before = settings();
    expect(await world.marie.ok(['init', '--yes'])).toMatch(/plugin/);
    expect(settings()).toBe(before);
  });

  it('leaves the forty as they were when it is removed', async () => {
    expect(await world.claude.run('webshop', 'plugin', 'uninstall', 'teammate-sync@teammate-sync')).toMatchObject({
      code: 0,
    });
    const { enabledPlugins, extraKnownMarketplaces, ...rest } = parsed(settings());
    expect(rest).toEqual(parsed(original));
    expect(JSON.stringify(enabledPlugins ?? {})).not.toContain('teammate-sync');
    expect(Object.keys(extraKnownMarketplaces ?? {})).toEqual(['teammate-sync']);
  });
});
