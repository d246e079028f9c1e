/** The MCP server as it is shipped, before real daemons: what is shared is found, cited and read, and then it is gone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CANARY, HOSTILE } from '../mcp/support/hostile.ts';
import { type McpProcess, mcpProcess } from '../mcp/support/mcp-process.ts';
import { HIDDEN, parse } from '../mcp/support/parse.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

const DECISION = 'we take postgres because the ledger needs row locks';
const LATER = 'the retry budget of the ledger is now seventeen';
const FILLER = Array.from(
  { length: 40 },
  (_one, i) => `ledger step ${i}: ${`measured the locks once more ${i} `.repeat(30)}`,
);

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
let claude: ClaudeProcess;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie, sam] = await world.readyPeople('marie', 'sam');
  claude = await marie.claude(
    'webshop',
    'which database?',
    DECISION,
    ...HOSTILE.filter((text) => text.length < 500),
    ...FILLER,
  );
  await marie.ok(['share', 'sam'], { cwd: claude.cwd });
  await until(async () => (await sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
  await sam.ok(['accept', 'marie']);
  await until(async () => (await sam.run(['show', 'marie'])).stdout.includes('ledger step 39'), {
    what: 'the session',
  });
});
afterAll(() => world.close());

/** By the verb, which hands its process over. */
async function serverOf(machine: Machine): Promise<McpProcess> {
  const server = mcpProcess([machine.cli, 'mcp'], machine.env);
  await server.initialize();
  return server;
}

const cursorIn = (text: string): string => /cursor "([\w~.-]+)"/.exec(text)?.[1] ?? '';

it('finds, cites and reads what is shared, and nothing of it once the share is over', async () => {
  const mcp = await serverOf(sam);
  const uri = `teammate-sync://marie/${claude.session}`;

  expect((await mcp.tool('list_teammates')).text).toContain(
    '- @marie: connected, online, shares 1 session with the user',
  );
  const listed = parse((await mcp.tool('list_shared_sessions')).text);
  expect(listed.blocks[0]?.heading).toContain(claude.session);
  expect(listed.blocks[0]?.lines).toContain('project: webshop');

  const question = { question: 'why did she take postgres for the ledger?', budget: 1000 };
  const found = await mcp.tool('query_teammate_context', { ...question, teammate: '@Marie' });
  const { blocks, head } = parse(found.text);
  const [best] = blocks.filter(({ heading }) => heading.startsWith('['));
  const id = /^\[([0-9a-f]{16})\] @marie · webshop · /.exec(best?.heading ?? '')?.[1] ?? '';
  expect(found.text).toContain(`| ${DECISION}`);
  expect(head.join('\n')).toContain('@marie is online; their machine was asked just now');
  const cited = await mcp.tool('get_citation', { citation: id });
  expect(parse(cited.text).blocks.flatMap(({ lines }) => lines)).toContain(DECISION);

  // What was readable before a question is in its answer.
  claude.say(LATER);
  const fresh = await mcp.tool('query_teammate_context', { question: 'latest retry budget of the ledger' });
  expect(fresh.text).toContain(`| ${LATER}`);

  const literal = { pattern: 'ledger step', budget: 1000 };
  const searched = await mcp.tool('search_teammate_context', literal);
  const dumped = await mcp.tool('dump_teammate_context', { teammate: 'marie', budget: 2000 });
  const cursors = [found, searched, dumped].map(({ text }) => cursorIn(text));
  expect(cursors).not.toContain('');
  const next = await mcp.tool('search_teammate_context', { ...literal, cursor: cursors[1] });
  expect(next.text).toContain('| ledger step');

  // All of it, page by page, and each page sound.
  let all = '';
  for (let cursor: string | null = null; cursor !== '';) {
    const { text } = await mcp.tool('dump_teammate_context', {
      teammate: 'marie',
      ...(cursor === null ? {} : { cursor }),
    });
    expect(HIDDEN.test(text.replaceAll('\n', ''))).toBe(false);
    const page = parse(text);
    expect([...page.head, ...page.foot].join('\n')).not.toContain(CANARY);
    all += page.blocks.flatMap(({ lines }) => lines).join('\n');
    cursor = cursorIn(text);
  }
  for (const text of [DECISION, LATER, CANARY, 'ledger step 0:', 'ledger step 39:']) expect(all).toContain(text);
  expect(JSON.stringify(await mcp.result('resources/read', { uri }))).toContain(LATER);

  await marie.ok(['unshare', '--all']);
  const shares = async (): Promise<number> => (await sam.client.call('status')).readable.length;
  await until(async () => (await shares()) === 0, { what: 'the end of the share' });
  const before = mcp.lines.length;
  const over = [
    await mcp.tool('query_teammate_context', question),
    await mcp.tool('query_teammate_context', { ...question, teammate: 'marie', cursor: cursors[0] }),
    await mcp.tool('search_teammate_context', { ...literal, cursor: cursors[1] }),
    await mcp.tool('search_teammate_context', { pattern: 'ledger', session: claude.session }),
    await mcp.tool('dump_teammate_context', { teammate: 'marie', session: claude.session }),
    await mcp.tool('dump_teammate_context', { teammate: 'marie', budget: 2000, cursor: cursors[2] }),
    await mcp.tool('get_citation', { citation: id }),
    await mcp.tool('get_citation', { citation: `@marie · webshop · ${claude.session.slice(0, 8)}…:L1-9` }),
    await mcp.tool('list_shared_sessions'),
    await mcp.tool('list_shared_sessions', { teammate: 'marie' }),
  ];
  for (const { text } of over) expect(parse(text).blocks).toEqual([]);
  expect(over[6]?.text).toContain('no longer shared');
  expect(await mcp.result('resources/list')).toEqual({ resources: [] });
  expect(await mcp.request('resources/read', { uri })).toMatchObject({ error: { code: -32002 } });
  for (const name of ['teammate', 'session']) {
    const completion = { ref: { type: 'ref/prompt', name: 'catchup' }, argument: { name, value: '' } };
    expect(await mcp.result('completion/complete', completion)).toMatchObject({ completion: { values: [] } });
  }
  const said = mcp.lines.slice(before).join('\n');
  for (const text of ['postgres because', 'seventeen', 'measured', 'ledger step', 'webshop', CANARY]) {
    expect(said).not.toContain(text);
  }
  mcp.child.stdin.end();
  expect(await mcp.ended).toEqual({ code: 0, stderr: '' });
});
