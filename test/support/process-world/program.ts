/** One run of a JavaScript file as a child process. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
  /** What comes before node on the command line, to run it elsewhere. */
  within?: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** What comes in on stdin; null: nothing, and not a terminal. */
  input?: string | null;
}

/** How a program ended. */
export interface Ran {
  /** Exit code, or the signal that ended it. */
  code: number | string;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  ended: Promise<Ran>;
}

export function startProgram(
  file: string,
  args: readonly string[],
  { within = [], env, cwd, input = null }: RunOptions,
): Running {
  const [program = '', ...rest] = [...within, process.execPath, file, ...args];
  const child = spawn(program, rest, {
    env,
    cwd,
    windowsHide: true,
    // Ctrl-C in the terminal is for this process alone, which then ends the others in good order.
    detached: true,
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // It may end without reading all of its input.
  child.stdin?.on('error', () => {}).end(input);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? '?', stdout, stderr }));
  });
  ended.catch(() => {});
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}
