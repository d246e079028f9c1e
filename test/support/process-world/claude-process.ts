/** What the product sees of one run of Claude Code: a living process, its hooks, and a transcript that grows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { GrowingTranscript } from '../growing-transcript.ts';
import { until } from '../until.ts';
import { shellQuoted } from '../shell-quoted.ts';
import type { Machine } from './machine.ts';
import type { Ran } from './program.ts';

/**
 * Lives until it is killed or its parent is gone. Where there is a shell that does it, for a hundredth of the memory, and
 * runs each line that it is given.
 */
const SLEEPER: [command: string, args: string[]] =
  process.platform === 'win32'
    ? [process.execPath, ['-e', 'process.stdin.resume().once("end", () => process.exit())']]
    : ['sh', ['-c', 'while IFS= read -r line; do eval "$line" & done']];

/** As Claude Code marks what it starts. */
const MARKS = {
  hook: { CLAUDECODE: '1', AI_AGENT: 'claude-code_2-1-330_harness' },
  tool: { CLAUDECODE: '1', AI_AGENT: 'claude-code_2-1-330_agent' },
};

export class ClaudeProcess extends GrowingTranscript {
  readonly #machine: Machine;
  readonly #process: ChildProcess;

  /** @param session a session id; one made up by default */
  constructor(machine: Machine, project: string, session: string = randomUUID()) {
    super(machine.folder, project, session, Date.now());
    this.#machine = machine;
    this.#process = spawn(...SLEEPER, {
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      detached: true,
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs `teammate-sync hook` as Claude Code does. */
  hook(event: string, fields: { source?: string; reason?: string } = {}): Promise<Ran> {
    const input = { session_id: this.session, transcript_path: this.transcriptPath, cwd: this.cwd, ...fields };
    return this.#machine.run(['hook'], {
      cwd: this.cwd,
      env: { CLAUDE_PID: String(this.pid) },
      input: JSON.stringify({ ...input, hook_event_name: event }),
    });
  }

  /** SessionStart, until the daemon knows: a hook waits half a second at most, and a busy machine may need longer. */
  async begin(): Promise<Ran> {
    let ran: Ran | null = null;
    await until(
      async () => {
        ran = await this.hook('SessionStart', { source: 'startup' });
        const { sessions } = await this.#machine.client.call('sessions');
        return sessions.some(({ session }) => session === this.session);
      },
      { what: 'the daemon to know of the conversation' },
    );
    return ran ?? { code: '?', stdout: '', stderr: '' };
  }

  /**
   * Runs `teammate-sync …` as Claude Code would: below its own process, marked as a hook's or a tool's shell.
   * @param env instead of what marks it
   */
  async runs(as: 'hook' | 'tool', args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ran> {
    const folder = fs.mkdtempSync(path.join(this.#machine.folder, 'run-'));
    const file = (name: string): string => path.join(folder, name);
    const here = { CLAUDE_PID: String(this.pid), CLAUDE_CODE_SESSION_ID: this.session, CLAUDE_CODE_ENTRYPOINT: 'cli' };
    const all = { ...this.#machine.env, ...here, CLAUDE_CODE_SESSION_ATTENDED: '1', ...MARKS[as] };
    const given = Object.entries({ ...all, ...env }).map(([name, value]) => shellQuoted(`${name}=${value ?? ''}`));
    fs.writeFileSync(file('in'), input);
    // The shell of a hook or a tool has these marks from its beginning, whatever it does to those of what it runs.
    const shell = Object.entries(MARKS[as]).map(([name, value]) => shellQuoted(`${name}=${value}`));
    const program = [process.execPath, this.#machine.cli, ...args].map((word) => shellQuoted(word));
    const inner = ['exec env -i', ...given, ...program].join(' ');
    const outer = `cd ${shellQuoted(this.cwd)}; env ${shell.join(' ')} sh -c ${shellQuoted(`( ${inner} ); exit $?`)}`;
    const streams = `< ${shellQuoted(file('in'))} > ${shellQuoted(file('out'))} 2> ${shellQuoted(file('err'))}`;
    this.#process.stdin?.write(
      `( ${outer} ) ${streams}; echo $? > ${shellQuoted(file('code.new'))}; mv ${shellQuoted(file('code.new'))} ${shellQuoted(file('code'))}\n`,
    );
    await until(() => fs.existsSync(file('code')), { what: `${args.join(' ')} below Claude Code to end` });
    const text = (name: string): string => fs.readFileSync(file(name), 'utf8');
    return { code: Number(text('code')), stdout: text('out'), stderr: text('err') };
  }

  /** A prompt typed in it that is a command: what the person reads. @throws Error when it went to the model */
  async types(prompt: string, as: 'hook' | 'tool' = 'hook', env: Record<string, string> = {}): Promise<string> {
    const { session, transcriptPath, cwd } = this;
    const about = { session_id: session, transcript_path: transcriptPath, cwd, hook_event_name: 'UserPromptSubmit' };
    const ran = await this.runs(as, ['hook'], JSON.stringify({ ...about, prompt }), env);
    if (ran.code !== 0 || ran.stdout === '') throw new Error(`${prompt} ended with ${ran.code}: ${ran.stderr}`);
    const { decision, reason }: { decision?: string; reason?: string } = JSON.parse(ran.stdout);
    if (decision !== 'block' || reason === undefined) throw new Error(`${prompt}: ${ran.stdout}`);
    return reason;
  }

  /** kill -9, as when a terminal is lost. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
