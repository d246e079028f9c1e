/** The entry of our MCP server in Claude Code's list of servers, and how to tell that one is ours. */
import path from 'node:path';
import { isObject } from '../protocol/is-object.ts';
import type { Programs } from './hook-command.ts';

/** Its name there, which is part of the names of its tools: `mcp__teammate-sync__…`. */
export const SERVER_NAME = 'teammate-sync';

/** Beside the file of the command line. */
const SERVER_FILE = 'teammate-sync-mcp.mjs';

/** What the entry is to be. */
export interface ServerEntry {
  type: 'stdio';
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** Absolute paths, since Claude Code's PATH is not the terminal's; and the home, as the hooks have it. */
export function serverEntry({ node, cli }: Programs, home: string): ServerEntry {
  return {
    type: 'stdio',
    command: node,
    args: [path.join(path.dirname(cli), SERVER_FILE)],
    env: { TEAMMATE_SYNC_HOME: home },
  };
}

/** How Claude Code starts a server of ours; null when it is not ours. */
export function startOf(value: unknown): Omit<ServerEntry, 'type'> | null {
  if (!isOurServer(value)) return null;
  const { command, args, env = {} } = value as { command: string; args: unknown[]; env?: unknown };
  const texts = Object.entries(isObject(env) ? env : {}).map(([name, text]) => [name, String(text)]);
  return { command, args: args.map(String), env: Object.fromEntries(texts) as Record<string, string> };
}

/** Ours, of this or another version, place or home; also as a person would write it by hand. */
export function isOurServer(value: unknown): boolean {
  const { command, args = [] } = isObject(value) ? value : {};
  if (typeof command !== 'string' || !Array.isArray(args) || args.length !== 1) return false;
  const [program, first] = [path.win32.basename(command), String(args[0])];
  if (/^node(?:\.exe)?$/.test(program)) return path.win32.basename(first) === SERVER_FILE;
  return /^teammate-sync(?:\.cmd)?$/.test(program) && first === 'mcp';
}

/** An entry of ours mended; what a person put into it besides (a timeout, more environment) stays. */
export function mended(value: unknown, wanted: ServerEntry): Record<string, unknown> {
  const { env, ...rest } = isObject(value) ? value : {};
  return { ...rest, ...wanted, env: { ...(isObject(env) ? env : {}), ...wanted.env } };
}
