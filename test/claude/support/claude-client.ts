/** The real Claude Code in a person's home: what is in its settings, and its runs in a terminal and with -p. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Machine, Ran } from '../../support/process-world/index.ts';
import { until } from '../../support/until.ts';
import { Conversation } from './conversation.ts';
import { Terminal } from './terminal.ts';

/** Its last characters are what Claude Code remembers of a key that was approved. */
const API_KEY = 'not-a-key-at-all-0123456789';
/** Claude Code itself. */
export const PROGRAM = process.env['CLAUDE_UNDER_TEST'] ?? '';

const TRUSTED = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };

/** Of `~/.claude.json`, what is looked at here. */
interface State {
  projects?: Record<string, Partial<typeof TRUSTED>>;
}

export class ClaudeClient {
  readonly machine: Machine;
  /** `~/.claude`. */
  readonly folder: string;
  /** The whole environment of a client. */
  readonly env: Readonly<Record<string, string>>;
  readonly #conversations: Conversation[] = [];
  readonly #programs = new Set<ChildProcess>();
  #terminals = 0;

  /**
   * @param apiUrl of the stand-in for the Messages API
   * @param bin a folder that comes first in PATH
   */
  constructor(machine: Machine, apiUrl: string, bin: string) {
    this.machine = machine;
    this.folder = path.join(machine.folder, '.claude');
    const temp = path.join(machine.folder, 'tmp');
    fs.mkdirSync(this.folder, { recursive: true });
    fs.mkdirSync(temp, { mode: 0o700 });
    this.env = {
      HOME: machine.folder,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      TMPDIR: temp,
      ANTHROPIC_BASE_URL: apiUrl,
      ANTHROPIC_API_KEY: API_KEY,
      DISABLE_AUTOUPDATER: '1',
    };
    this.#writeState([]);
  }

  get settings(): string {
    return path.join(this.folder, 'settings.json');
  }

  /** Its state, which it writes all the time, with the user's MCP servers. */
  get state(): string {
    return path.join(this.machine.folder, '.claude.json');
  }

  /** The folder `work/<project>`, which the person has trusted. */
  project(name: string): string {
    const cwd = path.join(this.machine.folder, 'work', name);
    fs.mkdirSync(cwd, { recursive: true });
    this.#writeState([cwd]);
    return cwd;
  }

  /** Opens it in a terminal, until it waits for a prompt. */
  async open(project: string, ...args: readonly string[]): Promise<Conversation> {
    const cwd = this.project(project);
    const folder = path.join(this.machine.folder, `t${++this.#terminals}`);
    fs.mkdirSync(folder, { mode: 0o700 });
    const command = [PROGRAM, '--permission-mode', 'default', ...args];
    return this.#begun(cwd, Terminal.open({ folder, cwd, env: this.env, command }));
  }

  /** One that runs in a terminal of somebody else's. */
  async openedBy(socket: string, project: string): Promise<Conversation> {
    return this.#begun(this.project(project), await Terminal.at(socket));
  }

  async #begun(cwd: string, terminal: Terminal): Promise<Conversation> {
    const conversation = new Conversation(this.folder, cwd, terminal);
    this.#conversations.push(conversation);
    await conversation.ready();
    return conversation;
  }

  /** Runs `claude …` without a terminal to its end. */
  run(project: string, ...args: readonly string[]): Promise<Ran> {
    const child = spawn(PROGRAM, args, {
      cwd: this.project(project),
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#programs.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#programs.delete(child);
        resolve({ code: code ?? signal ?? '?', stdout, stderr });
      });
    });
  }

  /** Ends every client, by its id. */
  async close(): Promise<void> {
    for (const child of this.#programs) child.kill('SIGKILL');
    await Promise.all(this.#conversations.map((conversation) => conversation.kill()));
    await until(() => this.#programs.size === 0, { what: 'the clients to end' });
  }

  /** What Claude Code would ask at its first start is answered, and `folders` are trusted. */
  #writeState(folders: readonly string[]): void {
    const file = this.state;
    const state = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as State) : {};
    const { projects = {} } = state;
    // Clients that run write it, too: what need not be written would only undo what they wrote.
    if (folders.length > 0 && folders.every((cwd) => projects[cwd]?.hasTrustDialogAccepted)) return;
    const trusted = folders.map((cwd) => [cwd, { ...projects[cwd], ...TRUSTED }]);
    const next = {
      ...state,
      hasCompletedOnboarding: true,
      hasSeenAutoDefaultNotice: true,
      hasSeenAutoModeEntryWarning: true,
      hasResetAutoModeOptInForDefaultOffer: true,
      theme: 'dark',
      numStartups: 5,
      customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
      projects: { ...projects, ...Object.fromEntries(trusted) },
    };
    // One of them may read it at this moment.
    fs.writeFileSync(`${file}.new`, JSON.stringify(next));
    fs.renameSync(`${file}.new`, file);
  }
}

/** A client with a way out could reach the real service. @throws Error outside of the run that test/claude/run.mjs makes */
export function requireOnlyLoopback(): void {
  const outside = Object.values(os.networkInterfaces()).some((all) => all?.some(({ internal }) => !internal));
  if (PROGRAM === '' || outside) throw new Error('the real Claude Code is started by npm run test:claude only');
}
