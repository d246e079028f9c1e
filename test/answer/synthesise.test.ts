/** The SDK itself against a stand-in on loopback: whatever that does, what is found is not lost and nothing false is cited. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { synthesise, type Question } from '../../src/answer/index.ts';
import { SYNTHESIS_MAX_BYTES } from '../../src/protocol/limits.ts';
import type { AnswerEvent, Excerpt } from '../../src/protocol/local-api.ts';
import { AnsweringApi, citesFirst, location, type Reply, type Said } from '../support/answering-api.ts';
import { until } from '../support/until.ts';

const KEY = 'sk-ant-canary-of-a-key';
const at = { time: '2026-11-22T11:00:00Z', kind: 'reply', tool: '', omittedBefore: 0, omittedAfter: 0 };

function excerpt(id: string, line: number, text: string, following = 'good'): Excerpt {
  return {
    ...{ id, handle: 'marie', session: '7f3c1a2b-0000-4000-8000-000000000000', project: 'shop', source: 'main' },
    ...{
      citation: `@marie · shop · 7f3c1a2b…:L${line}-${line + 1}`,
      from: line,
      to: line + 1,
      time: at.time,
      score: 1,
    },
    passages: [
      { ...at, line, role: 'assistant', text, hit: true },
      { ...at, line: line + 1, role: 'user', text: following, hit: false },
    ],
    ...{ also: [], more: 0 },
  };
}

const long = Array.from({ length: 25 }, (_, i) => `row ${i}`).join('\n');
const excerpts = [excerpt('a'.repeat(16), 120, 'because of the json columns'), excerpt('b'.repeat(16), 7, long, '  ')];

let api: AnsweringApi;
beforeAll(async () => {
  api = await AnsweringApi.start();
});
afterAll(() => api.close());
beforeEach(() => {
  api.requests.length = 0;
});

async function asked(replies: Reply[], more: Partial<Question> = {}): Promise<AnswerEvent[]> {
  api.replies = replies;
  const events: AnswerEvent[] = [];
  const question = { question: 'why postgres?', excerpts, model: 'a-model', key: KEY, base: api.url };
  const signal = new AbortController().signal;
  for await (const event of synthesise({ ...question, mayRead: () => true, signal, timeoutMs: 20_000, ...more })) {
    events.push(event);
  }
  expect(JSON.stringify(events)).not.toContain(KEY);
  return events;
}

const said = (...steps: Said[]): Reply[] => [{ said: steps }];
const textOf = (events: readonly AnswerEvent[]): string =>
  events
    .map((event) => (event.type === 'text' ? event.text : event.type === 'citation' ? `[${event.mark}]` : ''))
    .join('');
const last = (events: readonly AnswerEvent[]): AnswerEvent | undefined => events.at(-1);

describe('a request', () => {
  it('holds each excerpt as a search result, in pieces of ten lines, and the question last; the key is in its header alone', async () => {
    await asked(said({ text: 'x' }));
    const [request] = api.requests;
    const { headers = {}, body } = request ?? {};
    expect(headers.authorization ?? headers['x-api-key']).toContain(KEY);
    expect(JSON.stringify(body)).not.toContain(KEY);
    expect(body).toMatchObject({ model: 'a-model', stream: true, system: expect.stringContaining('data') as string });
    const content = body?.messages[0]?.content;
    expect(content).toMatchObject([
      {
        type: 'search_result',
        source: '@marie · shop · 7f3c1a2b…:L120-121',
        title: 'marie assistant 2026-11-22T11:00:00Z',
        content: [{ text: 'because of the json columns\n' }, { text: 'good\n' }],
        citations: { enabled: true },
      },
      { content: [{ text: /^row 0\n[^]*row 9\n$/ }, { text: /^row 10\n/ }, { text: /^row 20\n/ }].map(matching) },
      { type: 'text', text: 'Question: why postgres?' },
    ]);
  });

  it('is not sent to where a redirect leads', async () => {
    const other = await AnsweringApi.start();
    expect(last(await asked([{ redirect: other.url }]))).toMatchObject({ type: 'fallback' });
    expect(other.requests).toEqual([]);
    await other.close();
  });
});

const matching = ({ text }: { text: RegExp }) => ({ text: expect.stringMatching(text) as string });

describe('an answer', () => {
  it('comes in pieces, each with citations of our own lines', async () => {
    const second: Said = { cite: (results) => location(results, [1, 1, 3]) };
    const whole: Said = { cite: (results) => location(results, [0, 0, 2]) };
    const events = await asked(
      said({ text: 'Json ' }, { text: 'columns' }, citesFirst, { text: ', rows' }, second, whole, citesFirst),
    );
    expect(textOf(events)).toBe('Json columns[1], rows[2][3][1]');
    expect(events.filter(({ type }) => type === 'citation')).toMatchObject([
      { mark: 1, citation: '@marie · shop · 7f3c1a2b…:L120', excerpt: 'a'.repeat(16) },
      { mark: 2, citation: '@marie · shop · 7f3c1a2b…:L7', excerpt: 'b'.repeat(16) },
      { mark: 3, citation: '@marie · shop · 7f3c1a2b…:L120-121' },
      { mark: 1 },
    ]);
    expect(last(events)).toEqual({ type: 'done', stop: 'end_turn', usage: { input: 700, output: 42 } });
  });

  it.each<[string, (results: Parameters<typeof location>[0]) => unknown, string]>([
    ['a result that there is not', (results) => location(results, [2, 0, 1]), 'out of range'],
    ['blocks that there are not', (results) => location(results, [0, 0, 3]), 'out of range'],
    ['no block', (results) => location(results, [0, 1, 1]), 'out of range'],
    ['a block before the first', (results) => location(results, [0, -1, 1]), 'out of range'],
    ['a part of a block', (results) => ({ ...location(results, [0, 0, 1]), end_block_index: 0.5 }), 'out of range'],
    ['other words', (results) => ({ ...location(results, [0, 0, 1]), cited_text: 'mysql' }), 'other words'],
    ['a part of the words', (results) => ({ ...location(results, [0, 0, 1]), cited_text: 'json' }), 'other words'],
    ['words of elsewhere', (results) => ({ ...location(results, [0, 0, 1]), search_result_index: 1 }), 'other words'],
    ['a document', () => ({ type: 'char_location', document_index: 0 }), 'no excerpt'],
    ['nothing', () => null, 'no excerpt'],
  ])('that cites %s has it struck', async (_what, cite, why) => {
    const events = await asked(said({ text: 'so' }, { cite }));
    expect(events).toMatchObject([{ type: 'text' }, { type: 'struck', why }, { type: 'done' }]);
  });

  it('has no marks but ours, in however many pieces they come', async () => {
    const events = await asked(
      said({ text: 'a [1] b [' }, { text: '2' }, { text: '] c[x] [3' }, citesFirst, { text: '[4' }),
    );
    expect(textOf(events)).toBe('a (1) b (2) c[x] (3[1](4');
  });

  it('without any citation is whole', async () => {
    expect(await asked(said({ text: 'Not found.' }))).toMatchObject([{ type: 'text' }, { type: 'done' }]);
  });
});

describe('what is not a whole answer ends in a fallback that says why', () => {
  it.each(['refusal', 'max_tokens', 'model_context_window_exceeded', 'pause_turn', 'tool_use', 'stop_sequence', 'odd'])(
    'stopped by %s',
    async (stop) => {
      const events = await asked([{ said: [{ text: 'a part' }], stop }]);
      expect(events).toMatchObject([
        { type: 'text' },
        { type: 'fallback', reason: expect.stringMatching(/model/) as string },
      ]);
    },
  );

  it.each([
    [400, 1],
    [401, 1],
    [403, 1],
    [404, 1],
    [413, 1],
    [429, 2],
    [500, 2],
    [529, 2],
  ])('status %d, after %d tries; nothing of what the other side said is told', async (status, tries) => {
    const events = await asked([{ status }]);
    expect(events).toMatchObject([{ type: 'fallback', reason: expect.stringContaining(`(${status})`) as string }]);
    expect(JSON.stringify(events)).not.toContain('json columns');
    expect(api.requests).toHaveLength(tries);
  });

  it('but a second try may do', async () => {
    expect(last(await asked([{ status: 529 }, ...said({ text: 'yes' })]))).toMatchObject({ type: 'done' });
  });

  it('cut, garbage, empty, silent, endless, unreachable, or hanging', async () => {
    const cut = await asked([{ said: [{ text: 'a part' }, citesFirst], cut: true }]);
    expect(cut.map(({ type }) => type)).toEqual(['text', 'citation', 'fallback']);
    expect(last(cut)).toMatchObject({ reason: expect.stringContaining('cut') as string });
    for (const raw of ['garbage', 'data: {\n\n', 'event: message_start\ndata: {]\n\n', '']) {
      expect(await asked([{ raw }]), raw).toMatchObject([{ type: 'fallback' }]);
    }
    expect(await asked(said({ text: ' ' }))).toMatchObject([{ type: 'text' }, { reason: 'the model said nothing' }]);
    const much = { text: 'x'.repeat(SYNTHESIS_MAX_BYTES / 2 + 1) };
    expect(last(await asked(said(much, much, { wait: () => new Promise(() => {}) })))).toMatchObject({
      reason: expect.stringContaining('longer') as string,
    });
    expect(await asked([], { base: 'http://127.0.0.1:1' })).toMatchObject([{ type: 'fallback' }]);
    expect(await asked(['hang'], { timeoutMs: 150 })).toEqual([
      { type: 'fallback', reason: 'the model took too long' },
    ]);
    const late: Said[] = [{ text: 'a part' }, { wait: () => new Promise(() => {}) }];
    expect(last(await asked(said(...late), { timeoutMs: 300 }))).toEqual({
      type: 'fallback',
      reason: 'the model took too long',
    });
  });
});

describe('when what was asked about may no longer be read', () => {
  it('nothing is sent', async () => {
    expect(await asked(said({ text: 'x' }), { mayRead: () => false })).toMatchObject([
      { type: 'fallback', reason: expect.stringContaining('no longer shared') as string },
    ]);
    expect(api.requests).toEqual([]);
  });

  it('nothing is sent again', async () => {
    expect(last(await asked([{ status: 529 }], { mayRead: () => api.requests.length === 0 }))).toMatchObject({
      reason: expect.stringContaining('no longer shared') as string,
    });
    expect(api.requests).toHaveLength(1);
  });

  it('nothing more is given, and no citation of it', async () => {
    let readable = true;
    const ends: Said = {
      async wait() {
        readable = false;
      },
    };
    const first: Said = { text: 'so' };
    const events = await asked(said(ends, first, citesFirst), { mayRead: () => readable });
    expect(events).toMatchObject([{ type: 'fallback', reason: expect.stringContaining('no longer shared') as string }]);
    const struck = await asked(said(first, citesFirst), { mayRead: (some) => some.length > 1 });
    expect(struck).toMatchObject([{ type: 'text' }, { type: 'struck', why: 'no longer readable' }, { type: 'done' }]);
  });
});

describe('when the caller goes away', () => {
  it('the API is not asked any longer, and nothing is told', async () => {
    const before = api.gone;
    const gone = new AbortController();
    const events = await asked(
      said(
        { text: 'so' },
        {
          async wait() {
            gone.abort();
            await new Promise(() => {});
          },
        },
      ),
      { signal: gone.signal },
    );
    expect(events.filter(({ type }) => type === 'done' || type === 'fallback')).toEqual([]);
    await until(() => api.gone > before, { what: 'the request to end' });
  });

  it('or the loop is left, likewise', async () => {
    const before = api.gone;
    api.replies = said({ text: 'so' }, { wait: () => new Promise(() => {}) });
    const signal = new AbortController().signal;
    const question = { question: 'why?', excerpts, model: 'm', key: KEY, base: api.url, mayRead: () => true };
    for await (const event of synthesise({ ...question, signal })) {
      expect(event.type).toBe('text');
      break;
    }
    await until(() => api.gone > before, { what: 'the request to end' });
  });
});

it('says nothing on the console, whatever the environment asks for', async () => {
  vi.stubEnv('ANTHROPIC_LOG', 'debug');
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
  await asked([{ status: 401 }]);
  await asked(said({ text: 'x' }));
  expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
