/** A conversation's transcript file, as Claude Code makes it grow. */
import fs from 'node:fs';
import path from 'node:path';
import { TranscriptWriter } from './transcript.ts';

export class GrowingTranscript {
  readonly session: string;
  readonly cwd: string;
  readonly transcriptPath: string;
  readonly writer: TranscriptWriter;
  #written = 0;

  /** In the home `folder`; makes the working directory of `project`, and where the file is going to lie. */
  constructor(folder: string, project: string, session: string, start?: number) {
    this.session = session;
    this.cwd = path.join(folder, 'work', project);
    const slug = this.cwd.replaceAll(/[^A-Za-z0-9]/g, '-');
    this.transcriptPath = path.join(folder, '.claude', 'projects', slug, `${session}.jsonl`);
    fs.mkdirSync(this.cwd, { recursive: true });
    fs.mkdirSync(path.dirname(this.transcriptPath), { recursive: true });
    this.writer = new TranscriptWriter({
      session,
      cwd: this.cwd,
      seed: session,
      ...(start === undefined ? {} : { start }),
    });
  }

  /** Appends what the writer has made since the last time. */
  write(make: (writer: TranscriptWriter) => unknown): void {
    make(this.writer);
    const lines = this.writer.lines.slice(this.#written);
    this.#written = this.writer.lines.length;
    fs.appendFileSync(this.transcriptPath, lines.map((line) => `${line}\n`).join(''));
  }

  /** Prompts and replies in turn. */
  say(...texts: string[]): void {
    this.write((writer) => texts.forEach((text, i) => (i % 2 === 0 ? writer.prompt(text) : writer.reply(text))));
  }
}
