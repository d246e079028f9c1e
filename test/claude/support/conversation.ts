/** One Claude Code in a terminal, from its first prompt to its end. */
import fs from 'node:fs';
import path from 'node:path';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { until } from '../../support/until.ts';
import type { Terminal } from './terminal.ts';

/** What Claude Code says before a hook's answer. */
const BLOCKED = 'UserPromptSubmit operation blocked by hook:\n';
/** Longer lines are broken on the screen. */
const SHORT = 100;
/** How long a key is given to show on the screen, and how often it is pressed. */
const PRESS_MS = 3000;
const PRESSES = 20;
/** A look takes some milliseconds. */
const STEADY_LOOKS = 100;

export class Conversation {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly #registry: string;
  readonly #transcripts: string;
  readonly #startTime: string | null;

  /** @param claudeFolder `~/.claude` of whoever runs it */
  constructor(claudeFolder: string, cwd: string, terminal: Terminal) {
    this.terminal = terminal;
    this.cwd = cwd;
    this.#registry = path.join(claudeFolder, 'sessions', `${this.pid}.json`);
    this.#transcripts = path.join(claudeFolder, 'projects', this.cwd.replaceAll(/[^A-Za-z0-9]/g, '-'));
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

  /** Waits until it stands at an empty prompt; trusts the folder if it asks. */
  async ready(): Promise<void> {
    const screen = await this.terminal.shows(/^❯\s*$|Yes, I trust this folder/m);
    // Clients that run at once can lose each other's entries of ~/.claude.json, and then ask again.
    if (screen.includes('Yes, I trust this folder')) await this.#trust();
    const idle = (): boolean => this.#entry().status === 'idle';
    await until(idle, { what: 'Claude Code to be idle' }).catch((error: unknown) => this.terminal.explain(error));
  }

  /**
   * A key that comes before the dialog listens is lost, and one that shows late may have been pressed again: then "No, exit"
   * is chosen a moment after "Yes". So Enter follows only on a choice that stays.
   */
  async #trust(): Promise<void> {
    const [yes, prompt] = [/❯ Yes, I trust/, /^❯\s*$/m];
    for (let press = 0; press < PRESSES && (await this.#shows(/Yes, I trust this folder/, 0)); press++) {
      if (!(await this.#shows(yes, 0))) {
        await this.terminal.press('Down');
        await this.#shows(yes, PRESS_MS);
      } else if (await this.#stays(yes)) {
        await this.terminal.press('Enter');
        await this.#shows(prompt, PRESS_MS);
      }
    }
    await this.terminal.shows(prompt);
  }

  async #shows(what: RegExp, timeoutMs: number): Promise<boolean> {
    if (what.test(await this.terminal.screen())) return true;
    const there = async (): Promise<boolean> => what.test(await this.terminal.screen());
    return (
      timeoutMs > 0 &&
      until(there, { timeoutMs, what: 'the key to show' }).then(
        () => true,
        () => false,
      )
    );
  }

  /** Through so many looks, one after the other. */
  async #stays(what: RegExp): Promise<boolean> {
    for (let look = 0; look < STEADY_LOOKS; look++) if (!(await this.#shows(what, 0))) return false;
    return true;
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.terminal.type(line);
    // Enter in the same moment would count as part of a paste.
    await this.terminal.shows(line.startsWith('!') ? `! ${line.slice(1)}` : `❯ ${line}`);
    await this.terminal.press('Enter');
  }

  /** Types a prompt, and waits until the model has answered with `reply` and the turn is over. */
  async say(prompt: string, reply = 'Understood.'): Promise<void> {
    await this.enter(prompt);
    await this.terminal.shows(reply);
    await this.ready();
  }

  /** Types one of our commands; resolves to its answer, once it is on the screen. */
  async command(line: string): Promise<string> {
    const since = Date.now();
    await this.enter(line);
    return this.answer(since);
  }

  /** What our hook answered to a command since then, as Claude Code keeps it, once it is on the screen. */
  async answer(since: number): Promise<string> {
    let answer = '';
    const given = (): boolean => (answer = this.#newestAnswer(since)) !== '';
    await until(given, { what: 'the answer' }).catch((error: unknown) => this.terminal.explain(error));
    await this.terminal.shows(BLOCKED.trim(), answer.split('\n').at(-1)?.trim().slice(0, SHORT) ?? '');
    await this.ready();
    return answer;
  }

  /** A command of Claude Code that goes on in another session; waits until it does. */
  async enterAnotherSession(command: string): Promise<string> {
    const before = this.session;
    await this.enter(command);
    await until(() => this.session !== before, { what: `another session after ${command}` });
    await this.ready();
    return this.session;
  }

  /** /compact; waits until it is done. */
  async compact(): Promise<void> {
    await this.enter('/compact');
    await this.terminal.shows('Compacted');
    await this.ready();
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

  /** Without what Claude Code puts before it; empty: none yet. A fork has the answers of the other session, too, with their times. */
  #newestAnswer(since: number): string {
    const file = path.join(this.#transcripts, `${this.session}.jsonl`);
    if (!fs.existsSync(file)) return '';
    const whole = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const records = whole.map(
      (line) => JSON.parse(line) as { subtype?: string; content?: unknown; timestamp?: string },
    );
    const answers = records.flatMap(({ subtype, content, timestamp = '' }) => {
      const isAnswer = subtype === 'informational' && typeof content === 'string' && content.startsWith(BLOCKED);
      return isAnswer && Date.parse(timestamp) >= since ? [content.slice(BLOCKED.length)] : [];
    });
    return answers.at(-1) ?? '';
  }

  #entry(): { sessionId: string; status: string } {
    return JSON.parse(fs.readFileSync(this.#registry, 'utf8')) as { sessionId: string; status: string };
  }
}
