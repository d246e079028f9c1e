/** What the product sees of one run of Claude Code: a living process, its hooks, and a transcript that grows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { GrowingTranscript } from '../growing-transcript.ts';
import { until } from '../until.ts';
import type { Machine } from './machine.ts';
import type { Ran } from './program.ts';

/** Lives until it is killed or its parent is gone. Where there is a `cat` that does it, for a hundredth of the memory. */
const SLEEPER: [command: string, args: string[]] =
  process.platform === 'win32'
    ? [process.execPath, ['-e', 'process.stdin.resume().once("end", () => process.exit())']]
    : ['cat', []];

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

  /** kill -9, as when a terminal is lost. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
