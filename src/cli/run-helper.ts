/** A mode of the daemon's process that talks with this one, line by line, until it has done its work. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TeammateSyncError } from '../errors.ts';
import type { CliIo } from './io.ts';

/** Of what it wrote to stderr before it died. */
const STDERR_KEPT = 2000;

/**
 * Resolves when `onLine` has said true and the process has ended.
 * @param request its first line
 * @param onLine is given each line it says, and a way to answer; what it throws ends the process
 * @throws what onLine throws; TeammateSyncError INTERRUPTED after a signal, INTERNAL when it ends early
 */
export async function runHelper(
  io: CliIo,
  mode: keyof typeof NAMES,
  request: object,
  onLine: (line: string, reply: (answer: object) => void) => Promise<boolean> | boolean,
): Promise<void> {
  // The environment holds the token: it is handed on untouched and never becomes an argument, which others could read.
  const child = spawn(io.execPath, [io.daemonEntry, mode], { stdio: 'pipe', env: io.env });
  let interrupted = false;
  const release = io.onSignal(['SIGINT', 'SIGTERM'], (signal) => {
    interrupted = true;
    child.kill(signal);
  });
  const failed: { cause?: Error } = {};
  let stderr = '';
  let done = false;
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_KEPT)));
  const closed = new Promise<number | null>((resolve) => {
    child.on('error', (cause) => {
      failed.cause = cause;
      resolve(null);
    });
    child.on('close', resolve);
  });
  const reply = (answer: object): void => void child.stdin.write(`${JSON.stringify(answer)}\n`);
  try {
    reply(request);
    for await (const line of createInterface({ input: child.stdout })) {
      done ||= await onLine(line, reply);
      if (done) child.stdin.end();
    }
    const code = await closed;
    if (done) return;
    if (interrupted) throw new TeammateSyncError('INTERRUPTED', 'interrupted: nothing is half done');
    throw endedEarly(mode, code, failed.cause, stderr);
  } catch (error) {
    // It ends by itself when nobody listens; not at a moment of its own choosing, though.
    child.stdin.end();
    await closed;
    throw error;
  } finally {
    release();
  }
}

const NAMES = { setup: 'set-up', logout: 'logout', uninstall: 'uninstall' } as const;

function endedEarly(
  mode: keyof typeof NAMES,
  code: number | null,
  cause: Error | undefined,
  stderr: string,
): TeammateSyncError {
  if (cause) return new TeammateSyncError('INTERNAL', `the ${NAMES[mode]} cannot be run: ${cause.message}`, { cause });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const why = last === '' ? '' : `: ${last}`;
  const how = code === null ? 'by a signal' : `exit code ${code}`;
  return new TeammateSyncError('INTERNAL', `the ${NAMES[mode]} ended early (${how})${why}`);
}
