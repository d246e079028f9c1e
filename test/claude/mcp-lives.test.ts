/** The life of our MCP server in the real Claude Code: the state that clients write beside us, and processes that end. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineage } from '../../src/platform/lineage.ts';
import { systemProcesses } from '../../src/platform/process-table.ts';
import { until } from '../support/until.ts';
import { ClaudeWorld } from './support/claude-world.ts';
import type { Conversation } from './support/conversation.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PLUGIN = 'teammate-sync@teammate-sync';

let world: ClaudeWorld;
beforeAll(async () => {
  world = await ClaudeWorld.start('{ "permissions": { "allow": ["mcp__plugin_teammate-sync_teammate-sync"] } }');
});
afterAll(() => world.close());

const state = (): string => fs.readFileSync(world.claude.state, 'utf8');
interface State {
  mcpServers?: Record<string, unknown>;
  projects?: Record<string, unknown>;
  mine?: unknown;
}
const parsed = (): State => JSON.parse(state()) as State;
const listed = async (): Promise<string> => (await world.claude.run('webshop', 'mcp', 'list')).stdout;

/** Processes below a conversation that run our server, by id and start. */
function serversOf({ pid }: Conversation): [pid: number, startTime: string][] {
  return fs.readdirSync('/proc').flatMap((name) => {
    const own = Number(name);
    if (!Number.isInteger(own)) return [];
    try {
      const words = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const isOurs = words.some((word) => /teammate-sync-mcp\.(?:mjs|sh)$/.test(word)) || words.includes('mcp');
      const startTime = systemProcesses.startTime(own);
      return isOurs && startTime !== null && lineage(systemProcesses, own).includes(pid) ? [[own, startTime]] : [];
    } catch {
      return [];
    }
  });
}

/** ms until the client had connected to a server of this name, at best, by its own logs. */
function fastestStart(name: string): number {
  const logs = path.join(world.marie.folder, '.cache/claude-cli-nodejs');
  const files = fs.readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsonl'));
  const own = files.filter((file) => path.basename(path.dirname(file)) === `mcp-logs-${name}`);
  const texts = own.map((file) => fs.readFileSync(path.join(logs, file), 'utf8'));
  const times = texts.flatMap((text) =>
    [...text.matchAll(/Successfully connected[^"]* in (\d+)ms/g)].map(([, ms]) => Number(ms)),
  );
  return Math.min(...times);
}

/** A conversation with the servers that it has started. */
async function openWithServer(): Promise<{ shop: Conversation; servers: [number, string][] }> {
  const shop = await world.claude.open('webshop');
  await until(() => serversOf(shop).length > 0, { what: 'the server to start' });
  return { shop, servers: serversOf(shop) };
}

const END: readonly (readonly [how: string, end: (shop: Conversation) => unknown])[] = [
  ['/exit', (shop) => shop.enter('/exit')],
  [
    'Ctrl-C twice',
    async (shop) => {
      await shop.terminal.press('C-c');
      await shop.terminal.shows(/Press Ctrl-C again/i);
      await shop.terminal.press('C-c');
    },
  ],
  ['SIGTERM', (shop) => shop.signal('SIGTERM')],
  ['kill -9', (shop) => shop.signal('SIGKILL')],
  ['its terminal being closed', (shop) => shop.terminal.close()],
];

describe.each([['of init'], ['of the plugin']])('the server %s', (whose) => {
  beforeAll(async () => {
    if (whose === 'of init') return;
    await world.marie.ok(['uninstall']);
    for (const args of [
      ['marketplace', 'add', ROOT],
      ['install', PLUGIN],
    ]) {
      expect(await world.claude.run('webshop', 'plugin', ...args)).toMatchObject({ code: 0 });
    }
  });

  it('connects, at once', async () => {
    expect(await listed()).toMatch(/teammate-sync: .* - ✔ Connected/);
    // It waits 2.8 s for a server that does not answer what it is first asked.
    expect(fastestStart(whose === 'of init' ? 'teammate-sync' : 'plugin-teammate-sync-teammate-sync')).toBeLessThan(
      2500,
    );
  });

  it.each(END)('ends with the client: %s', async (_, end) => {
    const { shop, servers } = await openWithServer();
    await end(shop);
    await shop.gone();
    const isGone = ([pid, startTime]: [number, string]): boolean => systemProcesses.startTime(pid) !== startTime;
    await until(() => servers.every(isGone), { what: 'the server to end' });
  });
});

describe('both at once', () => {
  it('show no tool twice: the one of the plugin has none, and the user is told', async () => {
    const before = world.api.calls;
    const tools = (): Set<string> => {
      const bodies = world.api.requests.slice(before).map(({ body }) => body);
      return new Set(bodies.flatMap((body) => [...body.matchAll(/mcp__[\w-]*?teammate-sync__list_teammates/g)].flat()));
    };
    let shop = await world.claude.open('webshop');
    await until(async () => (await shop.say('who is there?'), tools().size > 0), { what: 'its tools' });
    expect(tools()).toEqual(new Set(['mcp__plugin_teammate-sync_teammate-sync__list_teammates']));
    await shop.kill();
    // As init writes it where there is no plugin.
    const settings = fs.readFileSync(world.claude.settings, 'utf8');
    fs.writeFileSync(world.claude.settings, settings.replace(`"${PLUGIN}": true`, `"${PLUGIN}": false`));
    await world.marie.ok(['init', '--yes']);
    const both = fs.readFileSync(world.claude.settings, 'utf8').replace(`"${PLUGIN}": false`, `"${PLUGIN}": true`);
    fs.writeFileSync(world.claude.settings, both);
    const asked = world.api.calls;
    shop = await world.claude.open('webshop');
    await shop.terminal.shows('teammate-sync is in Claude Code twice');
    const bodies = (): string[] => world.api.requests.slice(asked).map(({ body }) => body);
    const has = (name: string): boolean => bodies().some((body) => body.includes(name));
    const named = async (): Promise<boolean> => (await shop.say('and now?'), has('mcp__teammate-sync__list_teammates'));
    await until(named, { what: 'the tools of init' });
    expect(has('mcp__plugin_teammate-sync')).toBe(false);
    await shop.kill();
    expect(await listed()).not.toContain('Failed');
  });
});

describe('the state of Claude Code', () => {
  const OTHERS = Array.from(
    { length: 40 },
    (_, i) => `\t\t"other-${i}" : {"command":"true", "args": ["\\u00e9", "${i}"]}`,
  );

  beforeAll(async () => {
    await world.claude.run('webshop', 'plugin', 'uninstall', PLUGIN);
    await world.marie.ok(['uninstall']);
  });

  it('with forty servers of others gets ours, and is to the byte what it was after uninstall', async () => {
    const rest = Object.entries(parsed()).filter(([key]) => key !== 'mcpServers');
    const more = rest.map(([key, value]) => `\t${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    const before = `{\n\t"mine": 1e1,\n\t"mcpServers":{\n${OTHERS.join(',\n')}\n\t},\n${more.join(',\n')}\n}\n\n`;
    fs.writeFileSync(world.claude.state, before);
    await world.marie.ok(['init', '--yes']);
    expect(Object.keys(parsed().mcpServers ?? {})).toHaveLength(41);
    expect(OTHERS.every((line) => state().includes(line))).toBe(true);
    await world.marie.ok(['uninstall']);
    expect(state()).toBe(before);
    const { mcpServers: _, ...without } = parsed();
    fs.writeFileSync(world.claude.state, JSON.stringify(without));
  });

  it('that many clients write while init does keeps what each of them wrote', async () => {
    const adds = Array.from({ length: 6 }, (_, i) => `added-${i}`);
    const runs = await Promise.all([
      world.marie.run(['init', '--yes']),
      ...adds.map((name) => world.claude.run('webshop', 'mcp', 'add', '--scope', 'user', name, '--', 'true')),
    ]);
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
    expect(Object.keys(parsed().mcpServers ?? {}).toSorted()).toEqual([...adds, 'teammate-sync']);
    // A client that runs goes on from what we wrote.
    const shop = await world.claude.open('webshop');
    await world.marie.ok(['uninstall']);
    await shop.say('hello there');
    await shop.enter('/exit');
    await shop.gone();
    expect(Object.keys(parsed().mcpServers ?? {}).toSorted()).toEqual(adds);
    expect(await listed()).not.toContain('teammate-sync');
  });
});
