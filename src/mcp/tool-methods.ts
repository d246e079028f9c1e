/** tools/list and tools/call. */
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool as ListedTool,
} from '@modelcontextprotocol/sdk/types.js';
import { callTool } from './call-tool.ts';
import { type Extra, INVALID_PARAMS, method, RpcError } from './method.ts';
import { type Progress, progressTo } from './progress.ts';
import { annotationsOf, type Tool } from './tool.ts';
import { tools } from './tools/table.ts';

export const listTools = method(ListToolsRequestSchema, () => ({ tools: tools.map((tool) => listed(tool)) }));

export const callOfTool = method(CallToolRequestSchema, async ({ params }, extra, surroundings) => {
  const tool = tools.find(({ name }) => name === params.name);
  if (!tool) throw new RpcError(INVALID_PARAMS, 'there is no such tool; see tools/list');
  const progress = progressOf(extra);
  const { signal } = extra;
  const { text, failed } = await callTool(tool, params.arguments ?? {}, surroundings, { progress, signal });
  const result: CallToolResult = { content: [{ type: 'text', text }] };
  return failed ? { ...result, isError: true } : result;
});

function progressOf({ _meta, sendNotification }: Extra): Progress {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return progressTo(null);
  return progressTo((progress, message) =>
    sendNotification({ method: 'notifications/progress', params: { progressToken, progress, message } }),
  );
}

function listed(tool: Tool): ListedTool {
  const { name, title, description, properties, required, always } = tool;
  return {
    name,
    title,
    description,
    inputSchema: {
      type: 'object',
      properties: { ...properties },
      required: [...required],
      additionalProperties: false,
    },
    annotations: { ...annotationsOf(tool) },
    // One tool is always at hand, because a question about a teammate is what this server is for. The client looks the
    // others up when they are needed, so they take no room in sessions that need none.
    ...(always ? { _meta: { 'anthropic/alwaysLoad': true } } : {}),
  };
}
