/** One person's machine: a home directory, and the built command line in it. */
import fs from 'node:fs';
import path from 'node:path';
import { createClient, type Client } from '../../../src/client/index.ts';
import { homeDir, type HomePaths, homePaths } from '../../../src/platform/paths.ts';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { PRODUCT_VERSION } from '../../../src/protocol/version.ts';
import { typing } from '../typing.ts';
import { until } from '../until.ts';
import { ClaudeProcess } from './claude-process.ts';
import { type Ran, type Running, type RunOptions, startProgram } from './program.ts';

export interface MachineOptions {
  login: string;
  /** The person's home directory; made when missing. */
  folder: string;
  /** Beside what every program needs from the environment. */
  env: Readonly<Record<string, string>>;
  /** The built command line. */
  cli: string;
  /** What comes before node on the command line: the host of a network lab. */
  within?: readonly string[];
}

/** A failed verb, as a program is told it. */
export interface Failure {
  exit: number | string;
  code: string;
  message: string;
  hint: string;
  details?: unknown;
}

/** What every program needs from the environment that the test runs in; nothing of the user's own. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'NODE_OPTIONS', 'LOOPBACK_ONLY_MARKER'];

/** Verbs that start a daemon. Who kills them in the middle may leave one behind that nobody knows of. */
const STARTERS = new Set(['init', 'up', 'share', 'daemon']);

export class Machine {
  readonly login: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly paths: HomePaths;
  /** The built command line. */
  readonly cli: string;
  readonly #within: readonly string[];
  readonly #claudes: ClaudeProcess[] = [];
  /** Programs that have not ended, and whether each may be starting a daemon. */
  readonly #running = new Map<Running, boolean>();

  constructor({ login, folder, env, cli, within = [] }: MachineOptions) {
    this.login = login;
    this.folder = folder;
    this.cli = cli;
    this.#within = within;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const passed = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
    this.env = { ...Object.fromEntries(passed), HOME: folder, USERPROFILE: folder, NO_COLOR: '1', ...env };
    this.paths = homePaths(homeDir(this.env), this.env);
  }

  /** For asking again and again, which would take a process each time. */
  get client(): Client {
    return createClient({ socketPath: this.paths.socket, version: PRODUCT_VERSION, caller: typing });
  }

  /** Starts `teammate-sync …`, in the person's home directory unless said otherwise. */
  start(args: readonly string[], options: Partial<RunOptions> = {}): Running {
    const { env = {}, cwd = this.folder, input = null } = options;
    const running = startProgram(this.cli, args, { within: this.#within, env: { ...this.env, ...env }, cwd, input });
    this.#running.set(running, STARTERS.has(args[0] ?? ''));
    running.child.once('close', () => this.#running.delete(running));
    return running;
  }

  /** Runs `teammate-sync …` to its end. */
  run(args: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
    return this.start(args, options).ended;
  }

  /** The same, and what it printed; anything but exit code 0 throws. */
  async ok(args: readonly string[], options: Partial<RunOptions> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`${this.login}: "${args.join(' ')}" ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** The same with `--json`, parsed; stdout must hold one line. */
  async json(args: readonly string[], options: Partial<RunOptions> = {}): Promise<unknown> {
    const line = await this.ok([...args, '--json'], options);
    if (line.indexOf('\n') !== line.length - 1) throw new Error(`not one line: ${line}`);
    return JSON.parse(line);
  }

  /** Of a verb that fails: its exit code, and the `error` that it prints with `--json`. */
  async failure(args: readonly string[], options: Partial<RunOptions> = {}): Promise<Failure> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (stdout !== '') throw new Error(`${this.login}: "${args.join(' ')}" was to fail and printed ${stdout}`);
    const { error } = JSON.parse(stderr) as { error: Omit<Failure, 'exit'> };
    return { exit: code, ...error };
  }

  /** A conversation in the folder `work/<project>` that the daemon does not know of yet. */
  openClaude(project: string, session?: string): ClaudeProcess {
    const claude = new ClaudeProcess(this, project, session);
    this.#claudes.push(claude);
    return claude;
  }

  /** Two conversations whose ids begin alike: aaaa1111 and aaaa2222. */
  openAlike(one: string, other: string): [ClaudeProcess, ClaudeProcess] {
    return [
      this.openClaude(one, 'aaaa1111-0000-4000-8000-000000000001'),
      this.openClaude(other, 'aaaa2222-0000-4000-8000-000000000002'),
    ];
  }

  /** A conversation that the running daemon knows of, and what was said in it. */
  async claude(project: string, ...texts: string[]): Promise<ClaudeProcess> {
    const claude = this.openClaude(project);
    if (texts.length > 0) claude.say(...texts);
    await claude.begin();
    return claude;
  }

  /** The process that holds this home's lock, or null. It is ours when it runs the file beside our command line. */
  get daemonPid(): number | null {
    try {
      const holder: unknown = JSON.parse(fs.readFileSync(this.paths.lock, 'utf8'));
      const pid = typeof holder === 'object' && holder !== null && 'pid' in holder ? Number(holder.pid) : 0;
      return systemProcesses.startTime(pid) !== null && this.#isOurs(pid) ? pid : null;
    } catch {
      return null;
    }
  }

  #isOurs(pid: number): boolean {
    if (process.platform !== 'linux') return true;
    const daemon = path.join(path.dirname(this.cli), 'teammate-syncd.mjs');
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(daemon);
  }

  /** kill -9 of the daemon; resolves when it is gone. */
  async killDaemon(): Promise<void> {
    const pid = this.daemonPid;
    if (pid === null) return;
    process.kill(pid, 'SIGKILL');
    await until(() => systemProcesses.startTime(pid) === null, { what: `the daemon of ${this.login} to be gone` });
  }

  /** Ends every process of this machine at once, without waiting: also for exit handlers. */
  end(): void {
    for (const claude of this.#claudes) claude.kill();
    for (const { child } of this.#running.keys()) child.kill('SIGKILL');
    const pid = this.daemonPid;
    if (pid !== null) process.kill(pid, 'SIGKILL');
  }

  /** Ends every process of this machine; resolves when they are gone. */
  async close(): Promise<void> {
    for (const [{ child }, starts] of this.#running) if (!starts) child.kill('SIGKILL');
    await until(
      async () => {
        // In the foreground it is the daemon that has to go first.
        await this.killDaemon();
        return this.#running.size === 0;
      },
      { what: `the programs of ${this.login} to end` },
    );
    await this.killDaemon();
    this.end();
  }
}
