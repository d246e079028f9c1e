/** One Claude Code in a terminal, from its first prompt to its end. */
import fs from 'node:fs';
import path from 'node:path';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { until } from '../../support/until.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

export class Conversation {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly #registry: string;
  readonly #startTime: string | null;

  /** @param claudeFolder `~/.claude` of whoever runs it */
  constructor(claudeFolder: string, options: TerminalOptions) {
    this.terminal = new Terminal(options);
    this.cwd = options.cwd;
    this.#registry = path.join(claudeFolder, 'sessions', `${this.pid}.json`);
    this.#startTime = systemProcesses.startTime(this.pid);
  }

  get pid(): number {
    return this.terminal.pid;
  }

  /** The id of the session that it runs now, as Claude Code's own list has it. */
  get session(): string {
    return this.#entry().sessionId;
  }

  get lives(): boolean {
    return this.#startTime !== null && systemProcesses.startTime(this.pid) === this.#startTime;
  }

  /** Waits until it stands at an empty prompt. */
  async ready(): Promise<void> {
    await this.terminal.shows(/^❯\s*$/m);
    const idle = (): boolean => this.#entry().status === 'idle';
    await until(idle, { what: 'Claude Code to be idle' }).catch((error: unknown) => this.terminal.explain(error));
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.terminal.type(line);
    // Enter in the same moment would count as part of a paste.
    await this.terminal.shows(`❯ ${line}`);
    await this.terminal.press('Enter');
  }

  /** Types a prompt, and waits until the model has answered with `reply` and the turn is over. */
  async say(prompt: string, reply = 'Understood.'): Promise<void> {
    await this.enter(prompt);
    await this.terminal.shows(reply);
    await this.ready();
  }

  /** A command of Claude Code that goes on in another session; waits until it does. */
  async enterAnotherSession(command: string): Promise<string> {
    const before = this.session;
    await this.enter(command);
    await until(() => this.session !== before, { what: `another session after ${command}` });
    await this.ready();
    return this.session;
  }

  signal(name: NodeJS.Signals): void {
    if (this.lives) process.kill(this.pid, name);
  }

  async gone(): Promise<void> {
    await until(() => !this.lives, { what: 'Claude Code to end' });
  }

  /** kill -9; resolves when it is gone, and its terminal. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.gone();
    this.terminal.close();
  }

  #entry(): { sessionId: string; status: string } {
    return JSON.parse(fs.readFileSync(this.#registry, 'utf8')) as { sessionId: string; status: string };
  }
}
