/**
 * The text of `.claude.json`, in which Claude Code keeps its state and the user's MCP servers: the text with our server and
 * without it. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { getNodeValue } from 'jsonc-parser';
import { append, applyEdits, type Node, propertyOf, remove, replace, valueOf } from './json-edit.ts';
import { bodyOf, edited, parsed, plain, refuse, SKELETON } from './json-text.ts';
import { isOurServer, mended, SERVER_NAME, type ServerEntry } from './server-entry.ts';

const LIST = 'mcpServers';

/** Any entry will do where it is taken out again. */
const SAMPLE: ServerEntry = { type: 'stdio', command: 'node', args: ['teammate-sync-mcp.mjs'], env: {} };

/**
 * The text with the entry in it; text that has it already, or another one of that name, comes back as it is.
 * @param text null or blank: there is none yet
 * @throws TeammateSyncError CLAUDE_SETTINGS for what Claude Code could not read either
 */
export function withServer(text: string | null, wanted: ServerEntry): string {
  return edited(text, (body, root) => {
    const servers = listIn(root);
    const node = valueOf(servers, SERVER_NAME);
    if (!node) {
      const at = servers ?? root;
      const value = servers ? wanted : { [SERVER_NAME]: wanted };
      return applyEdits(body, [append(body, at, [{ key: servers ? SERVER_NAME : LIST, value }])]);
    }
    const value = plain(getNodeValue(node));
    if (!isOurServer(value)) return body;
    const right = mended(value, wanted);
    return isDeepStrictEqual(value, right) ? body : applyEdits(body, [replace(body, node, right)]);
  });
}

/** The value of the entry of our name, ours or not; null: there is none. @throws TeammateSyncError CLAUDE_SETTINGS */
export function serverIn(text: string | null): unknown {
  const node = valueOf(listIn(parsed(bodyOf(text).body)), SERVER_NAME);
  return node ? plain(getNodeValue(node)) : null;
}

/**
 * The text without our server; null: no file.
 * @param kept the text as it was before ours came in, if it is known: an empty list that was there then stays
 * @throws TeammateSyncError CLAUDE_SETTINGS
 */
export function withoutServer(text: string, kept: string | null): string | null {
  if (!isOurServer(serverIn(text))) return text;
  const before = kept === null ? null : readable(kept);
  const keepsList = before !== null && before.list;
  const cleaned = cleanedOf(text, keepsList);
  // When nothing but ours came in since, it becomes what it was to the byte.
  if (kept !== null && before !== null) {
    return cleanedOf(withServer(kept, SAMPLE), keepsList) === cleaned ? kept : cleaned;
  }
  return cleaned === SKELETON ? null : cleaned;
}

function cleanedOf(text: string, keepsList: boolean): string {
  return edited(text, (body, root) => {
    const servers = listIn(root);
    const property = propertyOf(servers, SERVER_NAME);
    if (!servers || !property) return body;
    if (keepsList && servers.children?.length === 1) return applyEdits(body, [replace(body, servers, {})]);
    return applyEdits(body, remove([property]));
  });
}

/** Null for a text that is no measure: nobody can read it, or it has a server of that name itself. */
function readable(text: string): { list: boolean } | null {
  try {
    return serverIn(text) === null ? { list: listIn(parsed(bodyOf(text).body)) !== undefined } : null;
  } catch {
    return null;
  }
}

function listIn(root: Node): Node | undefined {
  const servers = valueOf(root, LIST);
  if (servers && servers.type !== 'object') throw refuse(`is not usable: its \`${LIST}\` is not an object`);
  return servers;
}
