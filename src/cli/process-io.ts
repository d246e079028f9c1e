/** The real process, as the command line sees it. */
import { isatty } from 'node:tty';
import type { CliIo } from './io.ts';

const DEFAULT_COLUMNS = 80;

/** What else is built beside the command line. */
export interface Beside {
  /** File of the daemon's process entry. */
  daemonEntry: string;
  /** Loads that of the MCP server, which then runs. */
  loadMcpServer: () => Promise<unknown>;
}

export function processIo(process: NodeJS.Process, { daemonEntry, loadMcpServer }: Beside): CliIo {
  return {
    // Getters: opening a stream costs time, and a hook that says nothing needs only stdin.
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    get cwd() {
      return currentFolder(process);
    },
    get columns() {
      return process.stdout.columns || DEFAULT_COLUMNS;
    },
    stdinIsTTY: isatty(0),
    stdoutIsTTY: isatty(1),
    stderrIsTTY: isatty(2),
    now: () => Date.now(),
    pid: process.pid,
    ppid: process.ppid,
    hook: null,
    execPath: process.execPath,
    daemonEntry,
    becomeMcpServer: async () => void (await loadMcpServer()),
    openUrl(url) {
      void import('./browser.ts').then(({ openBrowser }) => openBrowser(url, process.env, process.platform));
    },
    leave: (code) => process.exit(code),
    onSignal(signals, listener) {
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

/** The folder may have been removed under us; then no session is meant by it. */
function currentFolder(process: NodeJS.Process): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/';
  }
}
