/** Questions to a person at a terminal; on stderr, so that stdout holds only the answer of the verb. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { TeammateSyncError } from '../errors.ts';
import { printable } from '../platform/printable.ts';
import type { CliIo } from './io.ts';

/** As {@link ask}, for a secret: what is typed is not shown. */
export async function askHidden(io: CliIo, question: string): Promise<string> {
  io.stderr.write(`${printable(question)} `);
  try {
    return await answerTo(io, '', new Writable({ write: (_chunk, _encoding, done) => done() }));
  } finally {
    io.stderr.write('\n');
  }
}

/** The trimmed answer. @throws TeammateSyncError INTERRUPTED when the input ends (Ctrl-D) or Ctrl-C is typed */
export function ask(io: CliIo, question: string): Promise<string> {
  return answerTo(io, `${printable(question)} `, io.stderr);
}

/** @param echo where the question and what is typed are shown */
async function answerTo(io: CliIo, question: string, echo: Writable): Promise<string> {
  // As a terminal it is read key by key, and then nothing but `echo` shows what is typed.
  const lines = createInterface({ input: io.stdin, output: echo, terminal: io.stderrIsTTY });
  try {
    const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    const answered = lines.question(question);
    // Rejected when it is closed under the question; `ended` has answered by then.
    answered.catch(() => {});
    const answer = await Promise.race([answered, ended]);
    if (answer !== null) return answer.trim();
    throw new TeammateSyncError('INTERRUPTED', 'nothing was changed');
  } finally {
    lines.close();
    io.stdin.pause();
  }
}
