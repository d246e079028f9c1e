/** From the words that were typed to the exit code. */
import type { CliIo } from './io.ts';

/**
 * Runs one command line.
 * @param argv the words after the program's name
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage, 3 daemon not running, 4 not set up. Never rejects.
 */
export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  // Hooks run at every prompt: they get past everything that people need.
  if (argv[0] === 'hook' && argv.length === 1) return (await import('./verbs/hook.ts')).runHook(io);
  return (await import('./run-line.ts')).runLine(argv, io);
}
