/**
 * What the product sees of a Claude Code conversation: a living process, its hooks, and a transcript that grows. The
 * process is a real one that sleeps; it is ended by its id.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from '../../../src/client/index.ts';
import { TranscriptWriter } from '../transcript.ts';

export interface FakeClaudeOptions {
  folder: string;
  project: string;
  client: () => Client;
  session?: string;
}

export class FakeClaude {
  readonly session: string;
  readonly cwd: string;
  readonly transcriptPath: string;
  readonly writer: TranscriptWriter;
  readonly #client: () => Client;
  readonly #process: ChildProcess;
  #written = 0;

  constructor({ folder, project, client, session }: FakeClaudeOptions) {
    this.session = session ?? randomUUID();
    this.cwd = path.join(folder, 'work', project);
    fs.mkdirSync(this.cwd, { recursive: true });
    const projects = path.join(folder, '.claude', 'projects', this.cwd.replaceAll(/[^A-Za-z0-9]/g, '-'));
    fs.mkdirSync(projects, { recursive: true });
    this.transcriptPath = path.join(projects, `${this.session}.jsonl`);
    this.writer = new TranscriptWriter({ session: this.session, cwd: this.cwd, seed: this.session });
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

  /** Appends what the writer has made since the last time. */
  write(make: (writer: TranscriptWriter) => unknown): void {
    make(this.writer);
    const lines = this.writer.lines.slice(this.#written);
    this.#written = this.writer.lines.length;
    fs.appendFileSync(this.transcriptPath, lines.map((line) => `${line}\n`).join(''));
  }

  say(...texts: string[]): void {
    this.write((w) => texts.forEach((text, i) => (i % 2 === 0 ? w.prompt(text) : w.reply(text))));
  }

  /** kill -9, as when a terminal is lost. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
