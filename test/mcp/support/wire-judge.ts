/**
 * Judges what a server writes: by the SDK's own schemas always, and by the official JSON Schema of MCP 2025-11-25 where
 * MCP_WIRE_SCHEMA names its file, as `npm run test:mcp` has it.
 */
import fs from 'node:fs';
import {
  CallToolResultSchema,
  CompleteResultSchema,
  EmptyResultSchema,
  GetPromptResultSchema,
  InitializeResultSchema,
  JSONRPCMessageSchema,
  ListPromptsResultSchema,
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ListToolsResultSchema,
  ProgressNotificationSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

export type Json = Record<string, unknown>;

interface Schema {
  safeParse(value: unknown): { success: boolean; error?: unknown };
}

/** Per method: the SDK's schema of its result, and the name of the official one. */
const RESULTS: Readonly<Record<string, [Schema, string]>> = {
  initialize: [InitializeResultSchema, 'InitializeResult'],
  ping: [EmptyResultSchema, 'EmptyResult'],
  'tools/list': [ListToolsResultSchema, 'ListToolsResult'],
  'tools/call': [CallToolResultSchema, 'CallToolResult'],
  'resources/list': [ListResourcesResultSchema, 'ListResourcesResult'],
  'resources/templates/list': [ListResourceTemplatesResultSchema, 'ListResourceTemplatesResult'],
  'resources/read': [ReadResourceResultSchema, 'ReadResourceResult'],
  'prompts/list': [ListPromptsResultSchema, 'ListPromptsResult'],
  'prompts/get': [GetPromptResultSchema, 'GetPromptResult'],
  'completion/complete': [CompleteResultSchema, 'CompleteResult'],
};

const officialFile = process.env['MCP_WIRE_SCHEMA'];
const official = officialFile === undefined ? null : new Ajv2020({ strict: false, validateFormats: false });
if (official && officialFile !== undefined) {
  official.addSchema(JSON.parse(fs.readFileSync(officialFile, 'utf8')) as Json, 'mcp');
}

/** @param method that the line answers; null for what answers nothing. @returns what is wrong with it */
export function complaints(line: string, method: string | null): string[] {
  const message = JSON.parse(line) as Json;
  const found: string[] = [];
  const check = (what: string, value: unknown, schema: Schema, name: string): void => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) found.push(`${what}, by the SDK: ${String(parsed.error)}`);
    if (official && !official.validate(`mcp#/$defs/${name}`, value)) {
      found.push(`${what}, by the official schema: ${official.errorsText()}`);
    }
  };
  check('message', message, JSONRPCMessageSchema, 'JSONRPCMessage');
  if ('result' in message) {
    const [schema, name] = RESULTS[method ?? ''] ?? [EmptyResultSchema, 'Result'];
    check(`result of ${method}`, message['result'], schema, name);
  }
  if (message['method'] === 'notifications/progress') {
    check('progress', message, ProgressNotificationSchema, 'ProgressNotification');
  }
  return found.map((what) => `${what}: ${line.slice(0, 300)}`);
}
