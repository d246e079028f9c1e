/** A terminal on a private tmux: typed into, looked at, closed. */
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../support/until.ts';

const COLUMNS = '150';
const ROWS = '50';

const run = promisify(execFile);

export interface TerminalOptions {
  /** Where its socket lies; one terminal for each. */
  folder: string;
  cwd: string;
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
  /** The program and its arguments. */
  command: readonly string[];
}

export class Terminal {
  /** Of the program itself. */
  readonly pid: number;
  readonly #socket: string;

  private constructor(socket: string, pid: number) {
    this.#socket = socket;
    this.pid = pid;
  }

  static open({ folder, cwd, env, command }: TerminalOptions): Terminal {
    const socket = path.join(folder, 'tmux.sock');
    const args = ['-f', '/dev/null', 'new-session', '-d', '-x', COLUMNS, '-y', ROWS, '-P', '-F', '#{pane_pid}', '--'];
    // A command of one word would be run by a shell.
    const started = execFileSync('tmux', ['-S', socket, ...args, 'env', ...command], { cwd, env, encoding: 'utf8' });
    return new Terminal(socket, Number(started));
  }

  /** One that somebody else opened. */
  static async at(socket: string): Promise<Terminal> {
    const { stdout } = await run('tmux', ['-S', socket, 'display-message', '-p', '#{pane_pid}']);
    return new Terminal(socket, Number(stdout));
  }

  /** Types text, without a key behind it. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys, by tmux's names: Enter, Escape, C-c. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** What it shows now, with plain blanks; lines that were too long for it are whole. Empty when it is gone. */
  async screen(): Promise<string> {
    const screen = await this.#tmux('capture-pane', '-p', '-J').catch(() => '');
    return screen.replaceAll('\u00A0', ' ');
  }

  /** Waits until it shows all of `texts`, and returns the screen. A string may be broken over lines there. */
  async shows(...texts: readonly (string | RegExp)[]): Promise<string> {
    let screen = '';
    const has = (text: string | RegExp): boolean =>
      typeof text === 'string' ? oneLine(screen).includes(oneLine(text)) : text.test(screen);
    const look = async (): Promise<boolean> => ((screen = await this.screen()), texts.every(has));
    await until(look, { what: `the screen to show ${texts.join(' and ')}` }).catch((error: unknown) =>
      this.explain(error),
    );
    return screen;
  }

  /** @throws Error with what the screen shows meanwhile, because of `error` */
  async explain(error: unknown): Promise<never> {
    const screen = (await this.screen()).replaceAll(/\n{3,}/g, '\n\n');
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${screen}`, { cause: error });
  }

  /** Closes it, as a person closes a window: whatever runs in it gets SIGHUP. */
  close(): void {
    try {
      execFileSync('tmux', ['-S', this.#socket, 'kill-server'], { stdio: 'ignore' });
    } catch {
      // It ended with its program.
    }
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run('tmux', ['-S', this.#socket, ...args])).stdout;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
