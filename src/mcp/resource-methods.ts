/** resources/list, resources/templates/list and resources/read: shared sessions, for people who pick them with `@`. */
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { TeammateSyncError } from '../errors.ts';
import { ANSWER_MAX_TOKENS, MCP_LIST_MAX } from '../protocol/limits.ts';
import { failureAnswer } from './failure.ts';
import { INVALID_PARAMS, type Method, method, RpcError } from './method.ts';
import { keyOf, readableNow } from './readable.ts';
import { readUri, URI_TEMPLATE, uriOf } from './resource-uri.ts';
import type { Surroundings } from './surroundings.ts';
import { bounded } from './text/bounded.ts';
import { cursorOf, readCursor } from './text/cursor.ts';
import { handle, line, session } from './text/line.ts';
import { dumpPage } from './tools/dump.ts';

const NO_SUCH_RESOURCE = -32002;
const FAILED = -32603;
const LIST = 'resources/list';
const READ = 'resources/read';
const MIME = 'text/plain';
const ABOUT = 'The newest part of a Claude Code session that a teammate shares. Quoted data of other people.';

/** Projects and titles are text of others, so they are no part of a name. */
export const listResources: Method = method(
  ListResourcesRequestSchema,
  async ({ params }, { signal }, surroundings) => {
    const after = params?.cursor === undefined ? '' : afterOf(params.cursor);
    const client = surroundings.connect(reader(LIST), signal);
    // A client lists them at its start, whether or not there is a daemon: then there are none.
    const all = await readableNow(client).catch(emptyIfDown);
    const rest = all.filter((one) => keyOf(one) > after);
    const page = rest.slice(0, MCP_LIST_MAX);
    const last = page.at(-1);
    return {
      resources: page.map((one) => ({
        uri: uriOf(one),
        name: line`session ${session(one.session)} of ${handle(one.handle)}`,
        description: ABOUT,
        mimeType: MIME,
      })),
      ...(last && rest.length > page.length ? { nextCursor: cursorOf([LIST], { after: keyOf(last) }) } : {}),
    };
  },
);

export const listResourceTemplates: Method = method(ListResourceTemplatesRequestSchema, () => ({
  resourceTemplates: [{ uriTemplate: URI_TEMPLATE, name: 'shared session', description: ABOUT, mimeType: MIME }],
}));

export const readResource: Method = method(ReadResourceRequestSchema, async ({ params }, { signal }, surroundings) => {
  const named = readUri(params.uri);
  if (!named) throw new RpcError(NO_SUCH_RESOURCE, `there is no such resource; they are named ${URI_TEMPLATE}`);
  const client = surroundings.connect(reader(READ), signal);
  const call = { client, now: () => surroundings.now(), progress() {} };
  const wanted = { ...named, from: null, to: null, newest: true };
  try {
    const page = await dumpPage(wanted, { tokens: ANSWER_MAX_TOKENS, detail: 'brief' }, null, call);
    const more = line`This is the newest part. Older ones: dump_teammate_context with order "newest_first".`;
    const text = bounded({ ...page, foot: page.more ? [more] : page.foot }, surroundings.random);
    return { contents: [{ uri: params.uri, mimeType: MIME, text }] };
  } catch (error) {
    throw rpcError(error, surroundings);
  }
});

/** As owners are told it. */
function reader(name: typeof LIST | typeof READ): string {
  return name === READ ? 'mcp_resource' : 'mcp_list';
}

function afterOf(cursor: string): string {
  const after = readCursor(cursor, [LIST])?.['after'];
  if (typeof after === 'string') return after;
  throw new RpcError(INVALID_PARAMS, 'this cursor is not from resources/list; list them without one');
}

function emptyIfDown(error: unknown): [] {
  if (error instanceof TeammateSyncError) return [];
  throw error;
}

function rpcError(error: unknown, surroundings: Surroundings): RpcError {
  const better = surroundings.betterReason(error);
  const said = failureAnswer(better).head.join(' ');
  const isAbsent = better instanceof TeammateSyncError && (better.status === 404 || better.status === 410);
  return new RpcError(isAbsent ? NO_SUCH_RESOURCE : FAILED, said);
}
