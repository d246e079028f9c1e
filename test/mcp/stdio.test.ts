/** The manners of the server on stdio: the built file as a process, with a stand-in for the daemon. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MCP_LINE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { cannedAnswer } from '../cli/support/canned-answer.ts';
import { type FakeDaemon, fakeDaemon, setUpHome } from '../cli/support/fake-daemon.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { builtServer, McpProcess, mcpProcess } from './support/mcp-process.ts';

let built: Awaited<ReturnType<typeof builtServer>>;
beforeAll(async () => {
  built = await builtServer();
});
afterAll(() => built.remove());

const serverFor = (home: string): McpProcess => mcpProcess([built.file], { TEAMMATE_SYNC_HOME: home });
const query = { name: 'query_teammate_context', arguments: { question: 'why postgres?' } };

/** A daemon whose answer to a question waits until it is let go. */
async function slowDaemon(): Promise<FakeDaemon & { letGo: () => void }> {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const daemon = await fakeDaemon({
    ask: async () => {
      await held;
      return cannedAnswer;
    },
  });
  return Object.assign(daemon, { letGo });
}

describe('the beginning', () => {
  it('answers a probe for other versions of the protocol at once, before it is initialised', async () => {
    const server = serverFor(tempDir());
    server.send({ id: 'server-discover-probe-1', method: 'server/discover', params: {} });
    expect(await server.answerTo('server-discover-probe-1')).toMatchObject({ error: { code: -32601 } });
    expect(await server.initialize()).toMatchObject({
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'teammate-sync' },
    });
    expect(await server.result('ping')).toEqual({});
  });

  it('speaks the versions that it knows, and its newest to whoever asks for another', async () => {
    for (const [asked, spoken] of [
      ['2024-11-05', '2024-11-05'],
      ['2025-06-18', '2025-06-18'],
      ['2026-07-28', '2025-11-25'],
    ]) {
      expect(await serverFor(tempDir()).initialize(asked)).toMatchObject({ protocolVersion: spoken });
    }
  });

  it('needs no daemon, and finds one that is started later', async () => {
    const daemon = await fakeDaemon({ ask: cannedAnswer });
    const elsewhere = serverFor(setUpHome());
    await elsewhere.initialize();
    const down = await elsewhere.tool(query.name, query.arguments);
    expect(down).toMatchObject({ isError: true, text: expect.stringContaining('teammate-sync up') });
    const server = serverFor(daemon.home);
    await server.initialize();
    expect(await server.tool(query.name, query.arguments)).toMatchObject({ isError: false });
    await daemon.stop();
    expect(await server.tool(query.name, query.arguments)).toMatchObject({ isError: true });
  });
});

describe('input', () => {
  it('that is no message is answered as that, and the next line is read', async () => {
    const server = serverFor(tempDir());
    await server.initialize();
    server.raw('not json\n\n   \n[]\n{"jsonrpc":"1.0","id":"old","method":"ping"}\n42\n{"jsonrpc":"2.0","id":null}\n');
    server.raw(`${'x'.repeat(MCP_LINE_MAX_BYTES + 10)}\n`);
    const rest = Buffer.from(`{"jsonrpc":"2.0","id":"split","method":"ping"}\r\n`);
    server.child.stdin.write(rest.subarray(0, 17));
    server.child.stdin.write(rest.subarray(17));
    expect(await server.answerTo('split')).toMatchObject({ result: {} });
    const codes = server.messages().flatMap(({ error }) => (error as { code: number } | undefined)?.code ?? []);
    expect(codes).toEqual([-32700, -32600, -32600, -32600, -32600, -32600]);
    expect(server.messages().find(({ id }) => id === 'old')).toMatchObject({ error: { code: -32600 } });
  });

  it('of more than ten megabytes in one line neither ends it nor takes its memory', async () => {
    const server = serverFor(tempDir());
    await server.initialize();
    const chunk = 'y'.repeat(1 << 20);
    for (let i = 0; i < 24; i++) {
      const more = server.child.stdin.write(chunk);
      if (!more) await new Promise((resolve) => server.child.stdin.once('drain', resolve));
    }
    server.raw('\n');
    expect(await server.result('ping')).toEqual({});
  });

  it.each([
    ['an unknown method', 'tasks/nothing', {}, -32601],
    ['an unknown tool', 'tools/call', { name: 'share', arguments: {} }, -32602],
    ['wrong params', 'tools/call', { name: 7 }, -32602],
  ])('%s is an error with the right code', async (_what, method, params, code) => {
    const server = serverFor(tempDir());
    await server.initialize();
    expect(await server.request(method, params)).toMatchObject({ error: { code } });
  });

  it('may be many calls at once', async () => {
    const daemon = await fakeDaemon({ ask: cannedAnswer });
    const server = serverFor(daemon.home);
    await server.initialize();
    const ids = Array.from({ length: 50 }, () => server.begin('tools/call', query));
    const answers = await Promise.all(ids.map((id) => server.answerTo(id)));
    expect(answers.every(({ result }) => !(result as { isError?: true }).isError)).toBe(true);
  });
});

describe('a call that takes its time', () => {
  it('tells who asked for it that it goes on, and nothing after its result', async () => {
    const daemon = await slowDaemon();
    const server = serverFor(daemon.home);
    await server.initialize();
    const id = server.begin('tools/call', { ...query, _meta: { progressToken: 'p' } });
    const progress = () => server.messages().filter(({ method }) => method === 'notifications/progress');
    await until(() => progress().length >= 2);
    daemon.letGo();
    await server.answerTo(id);
    await server.result('ping');
    const told = progress().map(({ params }) => params as { progressToken: string; progress: number });
    expect(told.every(({ progressToken }) => progressToken === 'p')).toBe(true);
    expect(told.map(({ progress: n }) => n)).toEqual(told.map((_one, i) => i + 1));
    expect(server.messages().findIndex((one) => one['id'] === id)).toBeGreaterThan(
      server.messages().findLastIndex(({ method }) => method === 'notifications/progress'),
    );
  });

  it('is ended when it is cancelled, at the daemon too, and not answered', async () => {
    const daemon = await slowDaemon();
    const server = serverFor(daemon.home);
    await server.initialize();
    const id = server.begin('tools/call', query);
    await until(() => daemon.asked.length === 1);
    const gone = new Promise((resolve) => daemon.gone.push(resolve));
    server.send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'enough' } });
    await gone;
    daemon.letGo();
    await server.result('ping');
    expect(server.messages().some((one) => one['id'] === id)).toBe(false);
  });
});

describe('the end', () => {
  it('of stdin ends it, with 0 and without a word', async () => {
    const server = serverFor(tempDir());
    await server.initialize();
    server.child.stdin.end();
    expect(await server.ended).toEqual({ code: 0, stderr: '' });
  });

  it('of stdin lets calls be answered that are under way', async () => {
    const daemon = await slowDaemon();
    const server = serverFor(daemon.home);
    await server.initialize();
    const id = server.begin('tools/call', query);
    server.child.stdin.end();
    await until(() => daemon.asked.length === 1);
    daemon.letGo();
    expect(await server.answerTo(id)).toHaveProperty('result');
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it('of stdin does not wait for ever', async () => {
    const daemon = await slowDaemon();
    const server = serverFor(daemon.home);
    server.begin('tools/call', query);
    await until(() => daemon.asked.length === 1);
    server.child.stdin.end();
    expect(await server.ended).toMatchObject({ code: 0 });
    daemon.letGo();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it at once, also in the middle of a call',
    async (signal) => {
      const daemon = await slowDaemon();
      const server = serverFor(daemon.home);
      server.begin('tools/call', query);
      await until(() => daemon.asked.length === 1);
      server.child.kill(signal);
      expect(await server.ended).toEqual({ code: 0, stderr: '' });
      daemon.letGo();
    },
  );

  it('of its reader ends it without a stack', async () => {
    const daemon = await slowDaemon();
    const server = serverFor(daemon.home);
    server.begin('tools/call', query);
    await until(() => daemon.asked.length === 1);
    server.child.stdout.destroy();
    daemon.letGo();
    expect(await server.ended).toEqual({ code: 0, stderr: '' });
  });
});
