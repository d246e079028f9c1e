/** Our MCP server in Claude Code: whether the entry stands, and whether what it starts answers. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Places, type ServerStanding, serverStandingOf } from '../../claude-code/index.ts';
import { isObject } from '../../protocol/is-object.ts';
import type { Environment } from '../settings.ts';
import { type Findings, ok, problem, warning } from './report.ts';

const INIT = 'teammate-sync init';
/** It starts in a fraction of a second. */
const ANSWER_MS = 10_000;

/** What Claude Code would ask first, in the version that all know. */
const REQUESTS = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'teammate-sync-doctor', version: '1' },
    },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list', params: {} },
];

/** @throws TeammateSyncError CLAUDE_SETTINGS */
export async function checkServer(
  places: Places,
  { home, plugin, env }: { home: string; plugin: string | null; env: Environment },
): Promise<Findings> {
  const { entry, start, gone } = serverStandingOf(places, home);
  if (plugin !== null) {
    return start === null
      ? ok(`the plugin ${plugin} has it`)
      : warning(
          `it is there twice: by init, and by the plugin ${plugin}, whose server has no tools for that`,
          `teammate-sync uninstall, or: claude plugin uninstall ${plugin}`,
        );
  }
  if (entry === 'taken') {
    const fix = `rename it in ${places.state}, then ${INIT}; or: claude mcp remove --scope user teammate-sync, then ${INIT}`;
    return warning('a server of yours has its name: Claude cannot ask what teammates share', fix);
  }
  if (start === null) return warning('not installed: Claude cannot ask what teammates share', INIT);
  if (gone.length > 0) return problem(`it would start what is not there any more: ${gone.join(', ')}`, INIT);
  if (entry === 'other') return warning('it is for another home', INIT);
  const tools = await toolsOf(start, env);
  if (typeof tools === 'string')
    return problem(`it does not start: ${tools}`, `${INIT}; if it stays, teammate-sync mcp`);
  return ok(`in ${places.state}; it starts, tools: ${tools}`);
}

/** How many tools it lists; or why it does not. */
function toolsOf(
  { command, args, env: own }: NonNullable<ServerStanding['start']>,
  env: Environment,
): Promise<number | string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...env, ...own },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const timer = setTimeout(() => finish(`no answer within ${ANSWER_MS / 1000} s`), ANSWER_MS);
    const finish = (result: number | string): void => {
      clearTimeout(timer);
      child.kill();
      resolve(result);
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => finish(`it ended with ${code ?? signal}`));
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      const tools = toolsIn(line);
      if (tools !== null) finish(tools);
    });
    for (const request of REQUESTS) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`);
  });
}

/** Null for any other line. */
function toolsIn(line: string): number | null {
  try {
    const { id, result } = JSON.parse(line) as { id?: unknown; result?: unknown };
    return id === 2 && isObject(result) && Array.isArray(result['tools']) ? result['tools'].length : null;
  } catch {
    return null;
  }
}
