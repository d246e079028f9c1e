/** What a run of the command line touches of its process. Injected, so that tests run it in their own process. */
import type { Readable, Writable } from 'node:stream';
import type { HookCaller } from '../protocol/caller.ts';

export interface CliIo {
  stdout: Writable;
  stderr: Writable;
  stdin: Readable;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Width of the terminal, in columns; counts only when `stdoutIsTTY`. */
  columns: number;
  stdinIsTTY: boolean;
  stdoutIsTTY: boolean;
  stderrIsTTY: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  pid: number;
  /** The process that started this one: of a hook, Claude Code or its shell. */
  ppid: number;
  /** Where a command of Claude Code's asked for this run; null: it was typed in a terminal, or started by a program. */
  hook: (Omit<HookCaller, 'via' | 'pid'> & { ofPlugin: boolean }) | null;
  /** The Node that runs this, to start the daemon with. */
  execPath: string;
  /** File of the daemon's process entry. */
  daemonEntry: string;
  /** Makes this process the MCP server, on its own stdin and stdout; it ends with it. */
  becomeMcpServer(): Promise<void>;
  /** Shows a web page to the person; that it could not is not told. */
  openUrl(url: string): void;
  /** Ends the process at once, whatever is still under way. */
  leave(code: number): void;
  /** Calls `listener` on each of these signals in place of ending the process, until the returned function is called. */
  onSignal(signals: readonly NodeJS.Signals[], listener: (signal: NodeJS.Signals) => void): () => void;
}
