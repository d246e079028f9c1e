/**
 * JSON-RPC over a pair of streams, one message a line. A line that is no message is answered with an error and the next one
 * is read: no input ends the server but the end of the input.
 */
import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { isObject } from '../protocol/is-object.ts';
import { MCP_LINE_MAX_BYTES } from '../protocol/limits.ts';

const NEWLINE = 10;

export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #input: Readable;
  readonly #output: Writable;
  /** Requests that have no answer yet. */
  readonly #open = new Set<RequestId>();
  #waiting: (() => void)[] = [];
  #begun: Buffer[] = [];
  #size = 0;
  /** In the middle of a line that is too long. */
  #skipping = false;
  #closed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  async start(): Promise<void> {
    this.#input.on('data', this.#onData);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return;
    this.#output.write(`${JSON.stringify(message)}\n`);
    if (!('method' in message) && message.id !== undefined) this.#answered(message.id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.off('data', this.#onData);
    this.onclose?.();
  }

  /** Resolves when every request has its answer, or was cancelled. */
  idle(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #answered(id: RequestId): void {
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  readonly #onData = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end));
      this.#endOfLine();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  };

  #add(bytes: Buffer): void {
    if (bytes.length === 0 || this.#skipping) return;
    this.#size += bytes.length;
    this.#begun.push(bytes);
    if (this.#size <= MCP_LINE_MAX_BYTES) return;
    this.#skipping = true;
    this.#begun = [];
  }

  #endOfLine(): void {
    const line = Buffer.concat(this.#begun);
    const isTooLong = this.#skipping;
    this.#begun = [];
    this.#size = 0;
    this.#skipping = false;
    if (isTooLong) this.#refuse(ErrorCode.InvalidRequest, `a message is at most ${MCP_LINE_MAX_BYTES} bytes`);
    else if (line.length > 0) this.#read(line.toString('utf8'));
  }

  #read(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (line.trim() !== '') this.#refuse(ErrorCode.ParseError, 'not JSON');
      return;
    }
    const parsed = JSONRPCMessageSchema.safeParse(value);
    if (!parsed.success) {
      this.#refuse(ErrorCode.InvalidRequest, 'not a JSON-RPC 2.0 message', idOf(value));
      return;
    }
    const message = parsed.data;
    if ('method' in message && 'id' in message) this.#open.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled') {
      const id = idOf({ id: message.params?.['requestId'] });
      if (id !== undefined) this.#answered(id);
    }
    this.onmessage?.(message);
  }

  /** Without an id where none could be read: MCP knows no null for one. */
  #refuse(code: ErrorCode, message: string, id?: RequestId): void {
    void this.send({ jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error: { code, message } });
  }
}

function idOf(value: unknown): RequestId | undefined {
  const id = isObject(value) ? value['id'] : undefined;
  return typeof id === 'string' || (typeof id === 'number' && Number.isInteger(id)) ? id : undefined;
}
