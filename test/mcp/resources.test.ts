/** Resources, prompts and completions, by the built server with a stand-in for the daemon. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import type { DumpResponse, ReadableSummary } from '../../src/protocol/local-api.ts';
import { status as cannedStatus } from '../cli/support/canned.ts';
import { fakeDaemon, setUpHome } from '../cli/support/fake-daemon.ts';
import { builtServer, McpProcess, mcpProcess } from './support/mcp-process.ts';
import { CANARY } from './support/hostile.ts';
import { parse } from './support/parse.ts';

let built: Awaited<ReturnType<typeof builtServer>>;
beforeAll(async () => {
  built = await builtServer();
});
afterAll(() => built.remove());

const idOf = (n: number): string => `7f3c1a2b-0000-4000-8000-${String(n).padStart(12, '0')}`;
const summary = (handle: string, n: number): ReadableSummary => {
  const about = { project: CANARY, title: CANARY, state: 'live', turns: 2, fetched: 2, leaseUntil: '' } as const;
  return { handle, session: idOf(n), ...about };
};
const readable = [
  ...Array.from({ length: 70 }, (_one, i) => summary('marie', i)),
  summary('bob', 500),
  { ...summary('bob', 501), state: 'waiting' as const },
];
const dump: DumpResponse = {
  ...{ handle: 'marie', session: idOf(3), project: CANARY, title: CANARY, live: true },
  person: { handle: 'marie', online: true, heard: null, fresh: 'yes', waiting: 0 },
  turns: [
    {
      ...{ source: 'main', line: 7, uuid: '', time: '2026-11-22T10:00:00Z', role: 'user', kind: 'prompt' },
      ...{ content: [{ type: 'text', text: 'shall we use postgres?' }], omittedBefore: 0, omittedAfter: 0 },
    },
  ],
  missing: [],
  cursor: 'older',
};

async function server(answers: Parameters<typeof fakeDaemon>[0]): Promise<McpProcess> {
  const daemon = await fakeDaemon(answers);
  const started = mcpProcess([built.file], { TEAMMATE_SYNC_HOME: daemon.home });
  await started.initialize();
  return started;
}
const usual = () => server({ status: { ...cannedStatus, readable }, dump });

describe('resources', () => {
  it('are the sessions that can be read, in pages, by names without a word of others', async () => {
    const mcp = await usual();
    const first = await mcp.result('resources/list');
    const second = await mcp.result('resources/list', { cursor: first['nextCursor'] });
    const uris = [first, second].flatMap(({ resources }) => (resources as { uri: string }[]).map(({ uri }) => uri));
    expect(uris).toEqual([
      `teammate-sync://bob/${idOf(500)}`,
      ...Array.from({ length: 70 }, (_one, i) => `teammate-sync://marie/${idOf(i)}`),
    ]);
    expect(second['nextCursor']).toBeUndefined();
    expect(mcp.lines.join('')).not.toContain(CANARY);
    expect(await mcp.request('resources/list', { cursor: 'nonsense' })).toMatchObject({ error: { code: -32602 } });
    expect(await mcp.result('resources/templates/list')).toMatchObject({
      resourceTemplates: [{ uriTemplate: 'teammate-sync://{handle}/{session}' }],
    });
  });

  it('are read as the newest page of a dump', async () => {
    const mcp = await usual();
    const { contents } = await mcp.result('resources/read', { uri: `teammate-sync://marie/${idOf(3)}` });
    const text = (contents as { text: string }[]).map((one) => one.text).join('');
    const { blocks, foot, head } = parse(text);
    expect(blocks).toEqual([{ heading: '#7 2026-11-22 10:00:00Z marie', lines: ['shall we use postgres?'] }]);
    expect(head.join('\n')).toContain('Session 7f3c1a2b of @marie');
    expect(foot.join('\n')).toContain('order "newest_first"');
  });

  it('that are not there are no such resource', async () => {
    const mcp = await server({
      dump: new TeammateSyncError('NO_LONGER_SHARED', 'session 7f3c1a2b is no longer shared'),
    });
    for (const uri of ['teammate-sync://marie/7f3c', 'teammate-sync://../x', 'file:///etc/passwd']) {
      expect(await mcp.request('resources/read', { uri })).toMatchObject({ error: { code: -32002 } });
    }
  });

  it('are none where no daemon runs', async () => {
    const mcp = mcpProcess([built.file], { TEAMMATE_SYNC_HOME: setUpHome() });
    expect(await mcp.result('resources/list')).toEqual({ resources: [] });
    const read = await mcp.request('resources/read', { uri: 'teammate-sync://marie/7f3c' });
    expect(JSON.stringify(read)).toContain('teammate-sync up');
  });
});

describe('prompts', () => {
  it('are listed, and hold what was typed and nothing of others', async () => {
    const mcp = await usual();
    const { prompts } = await mcp.result('prompts/list');
    expect((prompts as { name: string }[]).map(({ name }) => name)).toEqual(['catchup', 'ask']);
    const caught = await mcp.result('prompts/get', { name: 'catchup', arguments: { teammate: '@Marie' } });
    expect(JSON.stringify(caught)).toContain('what @marie is doing');
    const asked = await mcp.result('prompts/get', { name: 'ask', arguments: { question: 'why\u202e postgres?' } });
    expect(JSON.stringify(asked)).toContain(String.raw`why\\u{202e} postgres?`);
    expect(mcp.lines.join('')).not.toContain(CANARY);
  });

  it.each([
    { name: 'nothing' },
    { name: 'catchup' },
    { name: 'catchup', arguments: { teammate: 'no one' } },
    { name: 'catchup', arguments: { teammate: 'marie', session: 'x y' } },
    { name: 'ask', arguments: { question: ' ' } },
  ])('%j is refused', async (params) => {
    expect(await (await usual()).request('prompts/get', params)).toMatchObject({ error: { code: -32602 } });
  });
});

describe('completions', () => {
  const prompt = { type: 'ref/prompt', name: 'catchup' };
  const template = { type: 'ref/resource', uri: 'teammate-sync://{handle}/{session}' };

  it.each([
    [prompt, { name: 'teammate', value: '' }, {}, ['bob', 'marie']],
    [prompt, { name: 'teammate', value: '@M' }, {}, ['marie']],
    [template, { name: 'handle', value: 'x' }, {}, []],
    [template, { name: 'session', value: '7f' }, { handle: 'bob' }, [idOf(500)]],
    [prompt, { name: 'note', value: '' }, {}, []],
  ])('of %j for %j given %j', async (ref, argument, given, values) => {
    const mcp = await usual();
    const result = await mcp.result('completion/complete', { ref, argument, context: { arguments: given } });
    expect(result).toEqual({ completion: { values, total: values.length, hasMore: false } });
  });

  it('of what is not there are refused, and without a daemon there are none', async () => {
    const mcp = mcpProcess([built.file], { TEAMMATE_SYNC_HOME: setUpHome() });
    const argument = { name: 'teammate', value: '' };
    const none = { completion: { values: [], total: 0, hasMore: false } };
    expect(await mcp.result('completion/complete', { ref: prompt, argument })).toEqual(none);
    const other = { ref: { type: 'ref/prompt', name: 'other' }, argument };
    expect(await mcp.request('completion/complete', other)).toMatchObject({ error: { code: -32602 } });
  });
});
