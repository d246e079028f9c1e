/** The command line in this process, with everything it touches in the test's hands. */
import { PassThrough, Readable, Writable } from 'node:stream';
import { main, type CliIo } from '../../../src/cli/index.ts';

/** What the tests call now; time stamps in canned answers are around it. */
const NOW = Date.parse('2026-11-22T12:00:00Z');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  home: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  stdin?: Readable;
  /** Both outputs are a terminal of this width. */
  terminal?: number;
  /** stdin is a terminal too. */
  typing?: boolean;
  stdout?: Writable;
  daemonEntry?: string;
}

export interface RunningCli {
  io: CliIo;
  result: Promise<CliResult>;
  stdout(): string;
  stderr(): string;
  /** Addresses that a browser would have been opened with. */
  opened: string[];
  /** Exit codes with which it left at once. */
  left: number[];
  /** As if the process got this signal; false when nothing listens for it, which would end a process. */
  signal(name: NodeJS.Signals): boolean;
}

/** Starts a command line. */
export function startCli(argv: string[], options: CliOptions): RunningCli {
  const out: string[] = [];
  const err: string[] = [];
  const opened: string[] = [];
  const left: number[] = [];
  const listeners = new Map<NodeJS.Signals, Set<(signal: NodeJS.Signals) => void>>();
  const io: CliIo = {
    stdout: options.stdout ?? collector(out),
    stderr: collector(err),
    stdin: options.stdin ?? Readable.from([]),
    env: { PATH: process.env['PATH'], TEAMMATE_SYNC_HOME: options.home, ...options.env },
    cwd: options.cwd ?? '/work/proj',
    columns: options.terminal ?? 80,
    stdinIsTTY: options.typing ?? false,
    stdoutIsTTY: options.terminal !== undefined,
    stderrIsTTY: options.terminal !== undefined,
    now: () => NOW,
    pid: 4343,
    ppid: 4242,
    hook: null,
    execPath: process.execPath,
    daemonEntry: options.daemonEntry ?? '/nonexistent/daemon.mjs',
    becomeMcpServer: async () => {},
    openUrl: (url) => void opened.push(url),
    leave: (code) => void left.push(code),
    onSignal(signals, listener) {
      for (const signal of signals) listeners.set(signal, (listeners.get(signal) ?? new Set()).add(listener));
      return () => signals.forEach((signal) => listeners.get(signal)?.delete(listener));
    },
  };
  const stdout = (): string => out.join('');
  const stderr = (): string => err.join('');
  return {
    result: main(argv, io).then((code) => ({ code, stdout: stdout(), stderr: stderr() })),
    stdout,
    stderr,
    io,
    opened,
    left,
    signal(name) {
      const found = [...(listeners.get(name) ?? [])];
      for (const listener of found) listener(name);
      return found.length > 0;
    },
  };
}

/** Runs a command line to its end. */
export function runCli(argv: string[], options: CliOptions): Promise<CliResult> {
  return startCli(argv, options).result;
}

/** A stdin that says this and then stays open, as a terminal or a careless parent does. */
export function openStdin(text: string): PassThrough {
  const stream = new PassThrough();
  if (text !== '') stream.write(text);
  return stream;
}

/** A stdout whose reader goes away after this many writes. */
export function brokenStdout(writes: number): Writable {
  let left = writes;
  return new Writable({
    write(_chunk, _encoding, done) {
      if (left-- > 0) done();
      else done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
}

function collector(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      into.push(chunk.toString());
      done();
    },
  });
}
