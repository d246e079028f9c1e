/** prompts/list, prompts/get, and what is offered to whoever types an argument. */
import {
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { INVALID_PARAMS, type Method, method, RpcError } from './method.ts';
import { prompts } from './prompts.ts';
import { type Readable, readableNow } from './readable.ts';
import { URI_TEMPLATE } from './resource-uri.ts';

/** As many as MCP takes. */
const VALUES_MAX = 100;

export const listPrompts: Method = method(ListPromptsRequestSchema, () => ({
  prompts: prompts.map(({ name, title, description, arguments: given }) => {
    return { name, title, description, arguments: given.map((one) => ({ ...one })) };
  }),
}));

export const getPrompt: Method = method(GetPromptRequestSchema, ({ params }) => {
  const prompt = prompts.find(({ name }) => name === params.name);
  if (!prompt) throw new RpcError(INVALID_PARAMS, 'there is no such prompt; see prompts/list');
  const text = prompt.text(params.arguments ?? {});
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
});

/** Handles and ids of sessions that can be read now; never a title or a project. Nothing where nobody can be asked. */
export const complete: Method = method(CompleteRequestSchema, async ({ params }, { signal }, surroundings) => {
  const { ref, argument, context } = params;
  const isKnown = ref.type === 'ref/prompt' ? prompts.some(({ name }) => name === ref.name) : ref.uri === URI_TEMPLATE;
  if (!isKnown) throw new RpcError(INVALID_PARAMS, 'there is no such prompt or template');
  const field = FIELDS[argument.name];
  const all = field ? await readableNow(surroundings.connect('mcp_list', signal)).catch(() => []) : [];
  const typed = argument.value.trim().toLowerCase().replace(/^@/, '');
  const given = context?.arguments ?? {};
  const of = (given['teammate'] ?? given['handle'] ?? '').trim().toLowerCase().replace(/^@/, '');
  const values = all
    .filter((one) => field !== 'session' || of === '' || one.handle === of)
    .map((one) => (field ? one[field] : ''))
    .filter((value) => value.startsWith(typed));
  const distinct = [...new Set(values)];
  const shown = distinct.slice(0, VALUES_MAX);
  return { completion: { values: shown, total: distinct.length, hasMore: distinct.length > shown.length } };
});

/** Arguments of prompts and variables of the template. */
const FIELDS: Readonly<Partial<Record<string, keyof Readable>>> = {
  teammate: 'handle',
  handle: 'handle',
  session: 'session',
};
