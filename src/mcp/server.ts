/** The MCP server: its methods, over the SDK's protocol. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { type Extra, type Method, RpcError } from './method.ts';
import { complete, getPrompt, listPrompts } from './prompt-methods.ts';
import { listResources, listResourceTemplates, readResource } from './resource-methods.ts';
import type { Surroundings } from './surroundings.ts';
import { callOfTool, listTools } from './tool-methods.ts';

/** Besides those that the SDK answers by itself: initialize, ping. */
const METHODS: Readonly<Record<string, Method>> = {
  'tools/list': listTools,
  'tools/call': callOfTool,
  'resources/list': listResources,
  'resources/templates/list': listResourceTemplates,
  'resources/read': readResource,
  'prompts/list': listPrompts,
  'prompts/get': getPrompt,
  'completion/complete': complete,
};

/** No list ever announces that it changed: what is shared is asked for anew in each call. */
const CAPABILITIES = { tools: {}, resources: {}, prompts: {}, completions: {} };

/** It is for what a client's person fills into forms, and this server asks for nothing. */
const NO_VALIDATOR = {
  getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: 'not asked for' }),
};

/** A server that is not connected to anything yet. */
export function createMcpServer(surroundings: Surroundings): Server {
  const server = new Server(
    { name: 'teammate-sync', title: 'teammate-sync', version: PRODUCT_VERSION },
    { capabilities: CAPABILITIES, instructions: INSTRUCTIONS, jsonSchemaValidator: NO_VALIDATOR },
  );
  // Not by setRequestHandler: that answers wrong params with an internal error and the whole of the validator's report.
  server.fallbackRequestHandler = (request, extra: Extra) => {
    const method = Object.hasOwn(METHODS, request.method) ? METHODS[request.method] : undefined;
    if (!method) return Promise.reject(new RpcError(ErrorCode.MethodNotFound, 'there is no such method'));
    return method(request, extra, surroundings);
  };
  return server;
}
