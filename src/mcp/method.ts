/** A method of MCP, and how what was sent for it is read. */
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Result, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Surroundings } from './surroundings.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Answers a request that has arrived. @throws RpcError */
export type Method = (request: unknown, extra: Extra, surroundings: Surroundings) => Promise<Result>;

export const INVALID_PARAMS = -32602;

/** What goes out as a JSON-RPC error. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of the SDK's schemas, what is needed here. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** A method whose requests are of this schema. */
export function method<T>(
  schema: Schema<T>,
  answer: (request: T, extra: Extra, surroundings: Surroundings) => Result | Promise<Result>,
): Method {
  return async (request, extra, surroundings) => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) throw new RpcError(INVALID_PARAMS, 'the params are not as MCP has them for this method');
    return answer(parsed.data, extra, surroundings);
  };
}
