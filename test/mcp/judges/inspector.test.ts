/** The CLI of the MCP inspector as a client of the built server, with a stand-in for the daemon. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cannedAnswer } from '../../cli/support/canned-answer.ts';
import { status as cannedStatus } from '../../cli/support/canned.ts';
import { fakeDaemon } from '../../cli/support/fake-daemon.ts';
import { tempDir } from '../../support/tmp-dir.ts';
import { builtServer } from '../support/mcp-process.ts';
import { judge, named, type Verdict } from './judge.ts';

let built: Awaited<ReturnType<typeof builtServer>>;
beforeAll(async () => {
  built = await builtServer();
});
afterAll(() => built.remove());

/** Of the inspector, by its own list. */
const IS_ERROR = 5;

it('finds every list, strictly, and calls what is in them', async () => {
  const { home } = await fakeDaemon({ ask: cannedAnswer, teammates: { members: [] }, status: cannedStatus });
  const folder = tempDir();
  const inspect = (...args: string[]): Promise<Verdict> => {
    const server = ['--cli', '-e', `TEAMMATE_SYNC_HOME=${home}`, process.execPath, built.file];
    return judge([named('MCP_INSPECTOR'), ...server, ...args], folder);
  };
  const call = (name: string, args: object): Promise<Verdict> =>
    inspect('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args));
  const of = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await inspect(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  };

  const { tools } = (await of('--method', 'tools/list', '--strict')) as { tools: unknown[] };
  expect(tools).toHaveLength(6);
  expect(await of('--method', 'resources/list')).toEqual({ resources: [] });
  expect(await of('--method', 'resources/templates/list')).toMatchObject({
    resourceTemplates: [{ mimeType: 'text/plain' }],
  });
  expect(await of('--method', 'prompts/list')).toMatchObject({ prompts: [{ name: 'catchup' }, { name: 'ask' }] });
  const prompt = ['--method', 'prompts/get', '--prompt-name', 'catchup', '--prompt-args', 'teammate=marie'];
  expect(JSON.stringify(await of(...prompt))).toContain('@marie');

  const asked = await call('query_teammate_context', { question: 'why postgres?' });
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('0123456789abcdef') });
  expect(await call('list_teammates', {})).toMatchObject({ code: 0 });
  expect(await call('get_citation', {})).toMatchObject({ code: IS_ERROR });
});
