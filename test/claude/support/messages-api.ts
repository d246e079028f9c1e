/**
 * The stand-in for the Messages API: it streams what a test told it to answer, counts the calls and keeps them. What it
 * answers follows from the request alone, so clients may ask at the same time and again.
 */
import http from 'node:http';

/** What the model does next: says something, or uses a tool of Claude Code. */
export type Reply = string | { tool: string; input: Record<string, unknown> };
/** A reply, or what gives it once it is time. */
export type Step = Reply | (() => Promise<Reply>);

/** A request for a message. */
export interface MessagesRequest {
  /** The last thing the user typed. */
  prompt: string;
  /** What the tools gave back since, in order. */
  results: string[];
  /** False of what Claude Code asks for itself: a title, … */
  hasTools: boolean;
  /** Everything in it, system prompt and tools too, as it came. */
  body: string;
}

/** Of the body of a request, what is looked at. */
interface Asked {
  model: string;
  stream?: boolean;
  tools?: unknown[];
  messages: { role: string; content: string | Block[] }[];
}

interface Block {
  type: string;
  text?: string;
  /** Of a tool_result. */
  content?: unknown;
}

const DEFAULT_REPLY = 'Understood.';
const USAGE = { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

export class MessagesApi {
  /** Requests for messages so far, whether answered yet or not. */
  readonly requests: MessagesRequest[] = [];
  readonly #server: http.Server;
  readonly #scripts = new Map<string, readonly Step[]>();

  private constructor() {
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<MessagesApi> {
    const api = new MessagesApi();
    await new Promise<void>((resolve) => {
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the stand-in does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** How often a model was asked. */
  get calls(): number {
    return this.requests.length;
  }

  /** What the model does when a prompt contains `words`: one step after the other, each after the result of the last. */
  script(words: string, ...steps: readonly Step[]): void {
    this.#scripts.set(words, steps);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (request.method !== 'POST' || !pathname.startsWith('/v1/messages'))
      return void response.writeHead(404).end('{}');
    if (pathname.endsWith('/count_tokens')) return json(response, { input_tokens: 10 });
    const { model, messages, tools = [], stream: streamed = false } = JSON.parse(body) as Asked;
    const { prompt, results } = turnIn(messages);
    const n = this.requests.push({ prompt, results, hasTools: tools.length > 0, body });
    const script = [...this.#scripts].find(([words]) => prompt.includes(words));
    // Without tools it is Claude Code that asks for something of its own.
    const step = (tools.length > 0 ? script?.[1][results.length] : undefined) ?? DEFAULT_REPLY;
    const message = messageOf(typeof step === 'function' ? await step() : step, model, n);
    if (streamed) stream(response, message);
    else json(response, message);
  }
}

/** The last prompt, and what the tools have given back since. */
function turnIn(messages: Asked['messages']): { prompt: string; results: string[] } {
  const results: string[] = [];
  for (const { role, content } of messages.toReversed()) {
    if (role !== 'user') continue;
    const blocks: Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const given = blocks.filter(({ type }) => type === 'tool_result');
    results.unshift(...given.map((block) => JSON.stringify(block.content)));
    // What Claude Code adds comes in blocks of its own.
    const typed = blocks.flatMap(({ text = '' }) => (text.startsWith('<system-reminder>') ? [] : [text])).join('\n');
    if (given.length === 0 && typed.trim() !== '') return { prompt: typed, results };
  }
  return { prompt: '', results };
}

/** @param n which message of this stand-in it is; ids are never used twice */
function messageOf(reply: Reply, model: string, n: number) {
  const block =
    typeof reply === 'string'
      ? { type: 'text', text: reply }
      : { type: 'tool_use', id: `toolu_${n}`, name: reply.tool, input: reply.input };
  const about = { id: `msg_${n}`, type: 'message', role: 'assistant', model, stop_sequence: null, usage: USAGE };
  return { ...about, content: [block], stop_reason: typeof reply === 'string' ? 'end_turn' : 'tool_use' };
}

function json(response: http.ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The events of a streamed answer, one content block in one piece. */
function stream(response: http.ServerResponse, message: ReturnType<typeof messageOf>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  const { content, stop_reason, stop_sequence, usage } = message;
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  content.forEach((block, index) => {
    const [start, delta] =
      'text' in block
        ? [
            { ...block, text: '' },
            { type: 'text_delta', text: block.text },
          ]
        : [
            { ...block, input: {} },
            { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
          ];
    send('content_block_start', { index, content_block: start });
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason, stop_sequence }, usage });
  send('message_stop', {});
  response.end();
}
