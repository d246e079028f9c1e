/** An answer that a model writes, with the programs as they are shipped and a stand-in for the Messages API on loopback. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerEvent, AskRequest } from '../../src/protocol/local-api.ts';
import { AnsweringApi, citesFirst, location } from '../support/answering-api.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

const KEY = 'sk-ant-canary-9f2c4e6a8b0d';

let world: ProcessWorld;
let api: AnsweringApi;
let marie: Machine;
let sam: Machine;
let claude: ClaudeProcess;

beforeAll(async () => {
  api = await AnsweringApi.start();
  world = await ProcessWorld.start(productDir);
  marie = await world.person('marie');
  sam = await world.person('sam', { env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url } });
  await world.ready([marie, sam]);
  claude = await marie.claude('webshop', 'which database?', 'postgres, because of the json columns');
  await marie.ok(['share', 'sam'], { cwd: claude.cwd });
  await sam.ok(['accept', 'marie']);
  await until(async () => (await sam.ok(['ask', 'marie', 'postgres json'])).includes('json columns'), {
    what: 'it to be here',
  });
});
afterAll(async () => {
  await world.close();
  await api.close();
});

const right = { said: [{ text: 'Postgres, for its ' }, { text: 'json columns' }, citesFirst, { text: '.' }] };
const ASKED = ['ask', 'marie', 'why postgres?', '--synthesize'];

async function events(signal = AbortSignal.timeout(30_000)): Promise<AnswerEvent[]> {
  const nothing = { session: null, mode: 'question' as const, budget: null, cursor: null };
  const request: AskRequest = { handles: ['marie'], question: 'why postgres?', ...nothing };
  const all: AnswerEvent[] = [];
  for await (const event of sam.client.answer(request, signal)) all.push(event);
  return all;
}

describe('ask --synthesize', () => {
  it('prints the answer with marks, and the citations that cite takes; --json has all of it', async () => {
    api.replies = [right];
    const { stdout, stderr, code } = await sam.run(ASKED);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Postgres, for its json columns[1].')]);
    const citation = /^\[1\] (@marie · webshop · \S+)  /m.exec(stdout)?.[1] ?? '';
    expect(await sam.ok(['cite', citation])).toContain('which database?');
    expect(stderr).toContain('A model wrote this');
    expect(await sam.json(ASKED)).toMatchObject({
      v: 1,
      answer: { text: 'Postgres, for its json columns[1].', citations: [{ mark: 1, citation }], struck: 0 },
      fallback: null,
      model: { base: api.url },
      found: { excerpts: [{ handle: 'marie' }] },
    });
  });

  it('asks no model unless it is said', async () => {
    const before = api.requests.length;
    await sam.ok(ASKED.slice(0, -1));
    expect(api.requests).toHaveLength(before);
  });

  it('says how many citations did not hold, and marks none of them', async () => {
    api.replies = [
      { said: [{ text: 'Mysql' }, { cite: (results) => ({ ...location(results, [0, 0, 1]), cited_text: 'mysql' }) }] },
    ];
    const { stdout, stderr } = await sam.run(ASKED);
    expect(stdout).toContain('Mysql');
    expect(stdout).not.toContain('[1]');
    expect(stderr).toContain('1 citation struck');
  });

  it.each([
    ['an API that fails', [{ status: 529 }], 'overloaded'],
    ['a key that is refused', [{ status: 401 }], 'does not accept the key'],
    ['a refusal', [{ said: [{ text: 'no' }], stop: 'refusal' }], 'refused'],
    ['an answer that is cut', [{ said: [{ text: 'a part' }], cut: true as const }], 'cut'],
  ])('gives the excerpts and the reason for %s', async (_name, replies, reason) => {
    api.replies = replies;
    const { code, stdout, stderr } = await sam.run(ASKED);
    expect([code, stdout]).toEqual([0, expect.stringContaining('postgres, because of the json columns')]);
    expect(stderr).toContain('no whole answer');
    expect(stderr).toContain(reason);
  });

  it('without a key gives the excerpts, and says how to keep one', async () => {
    const docs = await sam.claude('docs', 'where is the manual?', 'under the table');
    await sam.ok(['share', 'marie'], { cwd: docs.cwd });
    await until(async () => (await marie.run(['ask', 'sam', 'manual'])).stdout.includes('table'), {
      what: 'it to be there',
    });
    const before = api.requests.length;
    const { code, stdout, stderr } = await marie.run(['ask', 'sam', 'where is the manual?', '--synthesize']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('under the table')]);
    expect(stderr).toContain('teammate-sync init --anthropic-key');
    expect(api.requests).toHaveLength(before);
  });

  it('is told to the owner like any question, and never the question', async () => {
    const { entries } = await marie.client.call('activity');
    expect(entries.map((entry) => entry.with)).toContain('ask');
    expect(JSON.stringify(entries)).not.toContain('why');
  });
});

describe('an answer that is under way', () => {
  it('ends with its caller, and the API is not asked on', async () => {
    api.replies = ['hang'];
    const before = [api.requests.length, api.gone];
    const stop = new AbortController();
    const asked = events(stop.signal);
    await until(() => api.requests.length > (before[0] ?? 0), { what: 'the API to be asked' });
    stop.abort();
    await asked;
    await until(() => api.gone > (before[1] ?? 0), { what: 'the API to be left' });
  });

  it('gives nothing more once the share has ended', async () => {
    let goOn = (): void => {};
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    api.replies = [{ said: [{ text: 'before ' }, { wait: () => waits }, { text: 'after' }, citesFirst] }];
    const before = api.requests.length;
    const asked = events();
    await until(() => api.requests.length > before, { what: 'the API to be asked' });
    await marie.ok(['unshare', '--all']);
    await until(async () => (await sam.run(['ask', 'marie', 'postgres'])).code !== 0, { what: 'the end to be heard' });
    goOn();
    const all = await asked;
    expect(all.at(-1)).toMatchObject({
      type: 'fallback',
      reason: expect.stringContaining('no longer shared') as string,
    });
    expect(JSON.stringify(all)).not.toContain('after');
  });
});

it('the key is in no file and no log', () => {
  const { status, stdout } = spawnSync('grep', ['-rlF', KEY, world.folder], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
});
