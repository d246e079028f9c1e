/**
 * What the product sees of a Claude Code conversation: a living process, its hooks, and a transcript that grows. The
 * process is a real one that sleeps; it is ended by its id.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Client } from '../../../src/client/index.ts';
import { GrowingTranscript } from '../growing-transcript.ts';

export interface FakeClaudeOptions {
  folder: string;
  project: string;
  client: () => Client;
  session?: string;
}

export class FakeClaude extends GrowingTranscript {
  readonly #client: () => Client;
  readonly #process: ChildProcess;

  constructor({ folder, project, client, session }: FakeClaudeOptions) {
    super(folder, project, session ?? randomUUID());
    this.#client = client;
    this.#process = spawn('sleep', ['3600'], { stdio: 'ignore' });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  begin(): Promise<unknown> {
    return this.hook('SessionStart', { source: 'startup' });
  }

  /** SessionEnd, as at /exit. */
  exit(reason = 'prompt_input_exit'): Promise<unknown> {
    return this.hook('SessionEnd', { reason });
  }

  /** `claude -p --resume` of the same conversation, from its beginning to its end, while this process lives. */
  async printed(): Promise<void> {
    const other = spawn('sleep', ['3600'], { stdio: 'ignore' });
    const pid = other.pid ?? 0;
    try {
      await this.hook('SessionStart', { source: 'resume', pid });
      await this.hook('SessionEnd', { reason: 'other', pid });
    } finally {
      other.kill('SIGKILL');
    }
  }

  hook(event: string, extra: { source?: string; reason?: string; pid?: number } = {}): Promise<unknown> {
    const { session, transcriptPath, cwd } = this;
    const body = {
      event,
      session,
      transcriptPath,
      cwd,
      source: extra.source ?? null,
      reason: extra.reason ?? null,
      pid: extra.pid ?? this.pid,
    };
    return this.#client().call('hook', { body });
  }

  /** kill -9, as when a terminal is lost. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
