/** Our MCP server in the real Claude Code: put there by init, asked by its model, and what it says goes no further. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tools } from '../../src/mcp/tools/table.ts';
import { until } from '../support/until.ts';
import { ClaudeWorld } from './support/claude-world.ts';
import type { Conversation } from './support/conversation.ts';

const SERVER = 'mcp__teammate-sync__';
const SAID = 'We keep prices as integer cents, because floats lost QUINCE_MARKER in the invoices.';
/** More than one answer holds. */
const LONG = Array.from({ length: 900 }, (_, i) => `The ledger keeps entry ${i} as PLUM_${i} for the auditors.`).join(
  '\n',
);

let world: ClaudeWorld;
let shop: Conversation;
/** Of sam's. */
let session: string;

beforeAll(async () => {
  world = await ClaudeWorld.start('{ "permissions": { "allow": ["Bash", "mcp__teammate-sync"] } }');
  session = await world.samShares('billing', SAID, LONG);
  shop = await world.claude.open('webshop');
});
afterAll(() => world.close());

let asked = 0;

/** The model calls a tool; resolves to what it got back of it, as text. */
async function calls(tool: string, input: Record<string, unknown>): Promise<string> {
  const words = `ask them (${++asked})`;
  world.api.script(words, { tool, input }, `They said it (${asked}).`);
  await shop.say(words, `They said it (${asked}).`);
  return given(words);
}

/** What the tools gave back to the model after a prompt. */
function given(words: string): string {
  const turns = world.api.requests.filter(({ prompt, hasTools }) => hasTools && prompt.includes(words));
  const content = JSON.parse(turns.at(-1)?.results.at(-1) ?? '""') as string | { text?: string }[];
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n');
}

/** Waits until the newest request for a turn has these words, anywhere in it. */
async function reaches(words: string): Promise<void> {
  const newest = () => world.api.requests.findLast(({ hasTools }) => hasTools)?.body ?? '';
  await until(() => newest().includes(words), { what: `the model to be given ${words}` });
  await shop.ready();
}

/** With the end of all that it quotes, and not in a file. */
function isWhole(answer: string): boolean {
  const nonce = /^=== quoted data ([0-9a-f]+):/m.exec(answer)?.[1];
  const ends = nonce === undefined || answer.includes(`\n=== end of quoted data ${nonce} ===`);
  return ends && !answer.includes('persisted-output');
}

describe('the server', () => {
  it('connects, is said to, and is no conversation', async () => {
    const { stdout, code } = await world.claude.run('webshop', 'mcp', 'list');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^teammate-sync: .*teammate-sync-mcp\.mjs - ✔ Connected$/m),
    ]);
    await world.knows(shop.session);
    await shop.enter('/mcp');
    await shop.terminal.shows(/teammate-sync\b.*connected/i);
    await shop.terminal.press('Escape');
    await shop.ready();
  });

  it('is all well to doctor', async () => {
    const { stdout } = await world.marie.run(['doctor', '--json'], { env: { PATH: world.claude.env['PATH'] ?? '' } });
    const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string; what: string }[] };
    expect(checks.find(({ id }) => id === 'mcp')).toMatchObject({
      state: 'ok',
      what: expect.stringContaining(`tools: ${tools.length}`) as string,
    });
  });
});

describe('the model', () => {
  it('asks, and gets every word of the answer', async () => {
    const answer = await calls(`${SERVER}query_teammate_context`, { question: 'why are prices integer cents?' });
    expect(answer).toContain(SAID);
    expect(isWhole(answer)).toBe(true);
  });

  it.each([
    ['search_teammate_context', { pattern: 'QUINCE_MARKER' }, 'QUINCE_MARKER'],
    ['list_teammates', {}, 'sam'],
    ['list_shared_sessions', { teammate: 'sam' }, 'billing'],
  ] as const)('calls %s, too', async (tool, input, marker) => {
    const answer = await calls(SERVER + tool, input);
    expect(answer).toContain(marker);
    expect(isWhole(answer)).toBe(true);
  });

  it('gets the longest answers whole, in the conversation and not in a file', async () => {
    const found = await calls(`${SERVER}search_teammate_context`, { pattern: 'PLUM_899', teammate: 'sam', session });
    const id = /^\[([0-9a-f]+)\] @sam/m.exec(found)?.[1] ?? '';
    const cited = await calls(`${SERVER}get_citation`, { citation: id });
    expect(cited).toContain('PLUM_0 ');
    expect(isWhole(cited)).toBe(true);
    expect(cited.length).toBeGreaterThan(25_000);
    const dumped = await calls(`${SERVER}dump_teammate_context`, {
      teammate: 'sam',
      session,
      from_line: 2,
      budget: 9000,
    });
    expect(dumped).toContain('PLUM_1 ');
    expect(isWhole(dumped)).toBe(true);
  });

  it('is given a session that the user mentions, and what a prompt of ours says', async () => {
    await shop.say(`look at @teammate-sync:teammate-sync://sam/${session} please`);
    await reaches('PLUM_0 for the auditors');
    await shop.say('/mcp__teammate-sync__catchup sam');
    await reaches('Bring me up to date on what @sam is doing');
  });

  it('with -p asks, too, and where it was not allowed is refused by Claude Code', async () => {
    const words = 'ask them in passing';
    world.api.script(words, { tool: `${SERVER}list_teammates`, input: {} }, 'There is sam.');
    const { stdout } = await world.claude.run('webshop', '-p', words);
    expect(stdout).toContain('There is sam.');
    expect(given(words)).toContain('@sam');
    const { code } = await world.claude.run(
      'webshop',
      '-p',
      words,
      '--settings',
      '{"permissions":{"deny":["mcp__teammate-sync"]}}',
    );
    expect([code, given(words)]).toEqual([0, expect.not.stringContaining('@sam')]);
  });

  it('has no tool that shares, accepts or ends, whatever it calls', async () => {
    const { sessions } = await world.marie.client.call('shared');
    for (const verb of ['share', 'accept', 'unshare']) {
      expect(await calls(SERVER + verb, { handle: 'sam', session: shop.session })).toMatch(/no such tool/i);
    }
    expect((await world.marie.client.call('shared')).sessions).toEqual(sessions);
    const names = world.api.requests.flatMap(({ body }) =>
      [...body.matchAll(/mcp__teammate-sync__(\w+)/g)].map(([, name]) => name),
    );
    // Three that were made up above, and a prompt that the user typed.
    const made = new Set(['share', 'accept', 'unshare', 'catchup']);
    expect(new Set(names.filter((name = '') => !made.has(name)))).toEqual(new Set(tools.map(({ name }) => name)));
  });
});

describe('what came from a teammate', () => {
  it('is marked in what is shared of the session, and not in it', async () => {
    await shop.say('and now something of my own');
    await world.share(shop.session);
    const read = await world.samReads(shop.session, 'something of my own', 'They said it (1).');
    for (const theirs of ['QUINCE', 'PLUM', 'quoted data', 'billing', 'mcpMeta']) expect(read).not.toContain(theirs);
    expect(read.match(/\{"type":"omitted","why":"teammate"\}/g)?.length).toBe(asked);
    await shop.command('/unshare');
  });
});
