/**
 * A stand-in for the Messages API on loopback that answers a question over search results: rightly, wrongly, in part, late
 * or not at all, as a test says. It keeps what it was asked.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CitationsSearchResultLocation,
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
  SearchResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';

export interface ApiRequest {
  headers: http.IncomingHttpHeaders;
  body: MessageCreateParamsStreaming;
}

/** A step of an answer: words, a citation (made from the request), or waiting. */
export type Said =
  | { text: string }
  | { cite: (results: SearchResultBlockParam[]) => unknown }
  | { wait: () => Promise<void> };

/** What one request gets. */
export type Reply =
  | { status: number }
  | { raw: string }
  | { redirect: string }
  | 'hang'
  | { said: Said[]; stop?: string; cut?: true };

/** The location of these blocks, as the API gives it. */
export function location(
  results: readonly SearchResultBlockParam[],
  [index, start, end]: readonly [number, number, number],
): CitationsSearchResultLocation {
  const result = results[index];
  const cited = result?.content.slice(start, end).map(({ text }) => text) ?? [];
  return {
    type: 'search_result_location',
    cited_text: cited.join(''),
    source: result?.source ?? '',
    title: result?.title ?? null,
    search_result_index: index,
    start_block_index: start,
    end_block_index: end,
  };
}

/** The first block of the first result. */
export const citesFirst: Said = { cite: (results) => location(results, [0, 0, 1]) };

export class AnsweringApi {
  readonly requests: ApiRequest[] = [];
  /** Of requests whose caller went away before the answer's end. */
  gone = 0;
  /** One for each request, the last one for all further ones. */
  replies: Reply[] = [{ said: [{ text: 'Because of the json columns.' }, citesFirst] }];
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<AnsweringApi> {
    const api = new AnsweringApi();
    await new Promise<void>((resolve) => {
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = JSON.parse(text) as MessageCreateParamsStreaming;
    const reply = this.replies[Math.min(this.requests.length, this.replies.length - 1)] ?? 'hang';
    this.requests.push({ headers: request.headers, body });
    response.on('close', () => {
      if (!response.writableFinished) this.gone++;
    });
    if (reply === 'hang') return;
    if ('redirect' in reply) return void response.writeHead(307, { location: reply.redirect }).end();
    if ('status' in reply) {
      // As a careless server might, with what it was sent.
      const error = { type: 'error', error: { type: 'any', message: `${request.headers.authorization} ${text}` } };
      const head = { 'content-type': 'application/json', 'retry-after-ms': '1' };
      return void response.writeHead(reply.status, head).end(JSON.stringify(error));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if ('raw' in reply) return void response.end(reply.raw);
    await send(response, reply, body);
  }
}

async function send(
  response: http.ServerResponse,
  { said, stop = 'end_turn', cut }: Extract<Reply, { said: Said[] }>,
  { model, messages }: MessageCreateParamsStreaming,
): Promise<void> {
  const content = messages.flatMap((message) => (typeof message.content === 'string' ? [] : message.content));
  const results = content.filter((block) => block.type === 'search_result');
  const event = (data: object): void => {
    const { type } = data as RawMessageStreamEvent;
    response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const usage = { input_tokens: 700, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage };
  event({ type: 'message_start', message });
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: [] } });
  for (const step of said) {
    if ('wait' in step) await step.wait();
    else {
      const delta =
        'text' in step
          ? { type: 'text_delta', text: step.text }
          : { type: 'citations_delta', citation: step.cite(results) };
      event({ type: 'content_block_delta', index: 0, delta });
    }
  }
  // Written out first: what is destroyed at once is not sent.
  if (cut) return void response.write('\n', () => response.destroy());
  event({ type: 'content_block_stop', index: 0 });
  event({ type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 42 } });
  event({ type: 'message_stop' });
  response.end();
}
