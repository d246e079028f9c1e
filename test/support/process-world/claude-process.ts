/** What the product sees of one run of Claude Code: a living process, its hooks, and a transcript that grows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { TranscriptWriter } from '../transcript.ts';
import { until } from '../until.ts';
import type { Machine } from './machine.ts';
import type { Ran } from './program.ts';

/** Lives until it is killed or its parent is gone. Where there is a `cat` that does it, for a hundredth of the memory. */
const SLEEPER: [command: string, args: string[]] =
  process.platform === 'win32'
    ? [process.execPath, ['-e', 'process.stdin.resume().once("end", () => process.exit())']]
    : ['cat', []];

export class ClaudeProcess {
  readonly session: string;
  readonly cwd: string;
  readonly transcriptPath: string;
  readonly writer: TranscriptWriter;
  readonly #machine: Machine;
  readonly #process: ChildProcess;
  #written = 0;

  /** @param session a session id; one made up by default */
  constructor(machine: Machine, project: string, session: string = randomUUID()) {
    this.session = session;
    this.cwd = path.join(machine.folder, 'work', project);
    const slug = this.cwd.replaceAll(/[^A-Za-z0-9]/g, '-');
    this.transcriptPath = path.join(machine.folder, '.claude', 'projects', slug, `${session}.jsonl`);
    fs.mkdirSync(this.cwd, { recursive: true });
    fs.mkdirSync(path.dirname(this.transcriptPath), { recursive: true });
    this.writer = new TranscriptWriter({ session, cwd: this.cwd, seed: session, start: Date.now() });
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

  /** Appends to the transcript what the writer has made since the last time. */
  write(make: (writer: TranscriptWriter) => unknown): void {
    make(this.writer);
    const lines = this.writer.lines.slice(this.#written);
    this.#written = this.writer.lines.length;
    fs.appendFileSync(this.transcriptPath, lines.map((line) => `${line}\n`).join(''));
  }

  /** Prompts and replies in turn. */
  say(...texts: string[]): void {
    this.write((writer) => {
      for (const [i, text] of texts.entries()) {
        if (i % 2 === 0) writer.prompt(text);
        else writer.reply(text);
      }
    });
  }

  /** kill -9, as when a terminal is lost. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
