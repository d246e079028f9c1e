/** A judge as a process, on the Node that was fetched for it. */
import { spawn } from 'node:child_process';

export interface Verdict {
  code: number | string;
  stdout: string;
  stderr: string;
}

/** @throws Error where `npm run test:mcp` did not name it */
export function named(variable: 'MCP_NODE' | 'MCP_INSPECTOR' | 'MCP_CONFORMANCE' | 'MCP_WIRE_SCHEMA'): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error('these tests are run by npm run test:mcp');
  return value;
}

const MOST_MS = 60_000;

export function judge(args: readonly string[], folder: string): Promise<Verdict> {
  const passed = ['PATH', 'NODE_OPTIONS', 'LOOPBACK_ONLY_MARKER', 'TMPDIR'].map((name) => [name, process.env[name]]);
  const env = { ...Object.fromEntries(passed), HOME: folder, NO_COLOR: '1' };
  const child = spawn(named('MCP_NODE'), [...args], { cwd: folder, env, timeout: MOST_MS });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? '?', stdout, stderr }));
  });
}
