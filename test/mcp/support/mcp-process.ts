/** The built server as a process, spoken to as a client does, line by line; every line that it writes is judged. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { onTestFinished } from 'vitest';
import { makeTempDir } from '../../support/tmp-dir.ts';
import { until } from '../../support/until.ts';
import { complaints, type Json } from './wire-judge.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Builds the server as `npm run build` does. The caller removes it. */
export async function builtServer(): Promise<{ file: string; remove: () => void }> {
  const { path: folder, remove } = makeTempDir();
  const script = pathToFileURL(path.join(ROOT, 'scripts/build.mjs')).href;
  const { entries } = (await import(/* @vite-ignore */ script)) as { entries: Record<string, BuildOptions> };
  const file = path.join(folder, 'teammate-sync-mcp.mjs');
  await build({ ...entries['teammate-sync-mcp'], outfile: file });
  return { file, remove };
}

export interface Ended {
  code: number | string;
  stderr: string;
}

export interface ToolResult {
  text: string;
  isError: boolean;
}

export class McpProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Whole lines of stdout. */
  readonly lines: string[] = [];
  /** What the judges found. */
  readonly wrong: string[] = [];
  readonly #methods = new Map<unknown, string>();
  #rest = '';
  #nextId = 1;

  /** @param args of node: the server's file, or the command line's and `mcp` */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    const passed = Object.fromEntries(
      ['PATH', 'NODE_OPTIONS', 'LOOPBACK_ONLY_MARKER'].map((name) => [name, process.env[name]]),
    );
    this.child = spawn(process.execPath, [...args], { env: { ...passed, ...env } });
    let stderr = '';
    this.child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code: code ?? signal ?? '?', stderr }));
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.lines.push(line);
      try {
        const { id } = JSON.parse(line) as Json;
        this.wrong.push(...complaints(line, this.#methods.get(id) ?? null));
      } catch {
        this.wrong.push(`not JSON: ${line}`);
      }
    }
  }

  /** Writes anything. */
  raw(text: string): void {
    this.child.stdin.write(text);
  }

  send(message: Json): void {
    if (typeof message['method'] === 'string' && 'id' in message) this.#methods.set(message['id'], message['method']);
    this.raw(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  messages(): Json[] {
    return this.lines.map((line) => JSON.parse(line) as Json);
  }

  /** Sends a request. @returns its id */
  begin(method: string, params?: Json): number {
    const id = this.#nextId++;
    this.send({ id, method, ...(params === undefined ? {} : { params }) });
    return id;
  }

  /** The whole answer to the request of this id. */
  async answerTo(id: number | string): Promise<Json> {
    const find = (): Json | undefined => this.messages().find((one) => one['id'] === id && !('method' in one));
    const answer = await until(find, { what: `the answer to ${id}` });
    return answer ?? {};
  }

  request(method: string, params?: Json): Promise<Json> {
    return this.answerTo(this.begin(method, params));
  }

  async result(method: string, params?: Json): Promise<Json> {
    const answer = await this.request(method, params);
    if ('error' in answer) throw new Error(`${method}: ${JSON.stringify(answer['error'])}`);
    return answer['result'] as Json;
  }

  async initialize(protocolVersion = '2025-11-25'): Promise<Json> {
    const clientInfo = { name: 'test', version: '1' };
    const result = await this.result('initialize', { protocolVersion, capabilities: {}, clientInfo });
    this.send({ method: 'notifications/initialized' });
    return result;
  }

  async tool(name: string, args: Json = {}): Promise<ToolResult> {
    const result = await this.result('tools/call', { name, arguments: args });
    const [content] = result['content'] as { type: string; text: string }[];
    return { text: content?.text ?? '', isError: result['isError'] === true };
  }
}

/** For the body of a test: ended with it, and everything that it wrote has to be right. */
export function mcpProcess(args: readonly string[], env: NodeJS.ProcessEnv): McpProcess {
  const server = new McpProcess(args, env);
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    if (server.wrong.length > 0) throw new Error(server.wrong.join('\n'));
  });
  return server;
}
