/** Questions to a person at a terminal; on stderr, so that stdout holds only the answer of the verb. */
import { createInterface } from 'node:readline/promises';
import { TeammateSyncError } from '../errors.ts';
import { printable } from '../platform/printable.ts';
import type { CliIo } from './io.ts';

/** The trimmed answer. @throws TeammateSyncError INTERRUPTED when the input ends (Ctrl-D) or Ctrl-C is typed */
export async function ask(io: CliIo, question: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: io.stderrIsTTY });
  try {
    const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    const answered = lines.question(`${printable(question)} `);
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
