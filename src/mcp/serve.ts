/** The server on stdio: when it begins and when it ends. */
import { randomBytes } from 'node:crypto';
import { MCP_STOP_GRACE_MS } from '../protocol/limits.ts';
import { createMcpServer } from './server.ts';
import { surroundingsOf } from './surroundings.ts';
import { LineTransport } from './transport.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Serves until the client goes away: its end of stdin or stdout closes, or a signal says so. What is under way when stdin
 * ends may still be answered, for a moment; a signal and a broken stdout end it at once.
 * @returns the exit code; the process is to end then, whatever is still open
 */
export async function serveStdio(process: NodeJS.Process): Promise<number> {
  const { stdin, stdout } = process;
  const transport = new LineTransport(stdin, stdout);
  const server = createMcpServer(surroundingsOf(process.env, (bytes) => randomBytes(bytes)));
  const over = new Promise<'ended' | 'gone'>((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve('gone'));
    // Without a listener an error of a stream ends the process with a stack.
    stdout.on('error', () => resolve('gone'));
    stdin.on('error', () => resolve('gone'));
    stdin.once('end', () => resolve('ended'));
    stdin.once('close', () => resolve('ended'));
  });
  // Stdout is for messages alone, whoever writes to a console.
  // oxlint-disable-next-line eslint/no-console
  console.log = console.info = console.debug = console.error;
  await server.connect(transport);
  if ((await over) === 'ended') await Promise.race([transport.idle(), passed(MCP_STOP_GRACE_MS), broken(stdout)]);
  await server.close();
  await flushed(stdout);
  return 0;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function broken(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
  });
}

/** Until what was written has gone out, or nobody takes it. */
function flushed(stdout: NodeJS.WriteStream): Promise<void> {
  if (stdout.writableLength === 0) return Promise.resolve();
  const done = new Promise<void>((resolve) => {
    stdout.write('', () => resolve());
  });
  return Promise.race([done, passed(MCP_STOP_GRACE_MS), broken(stdout)]);
}
