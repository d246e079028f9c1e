/** `daemon`: the daemon in the foreground. */
import { runForeground } from '../foreground.ts';
import type { VerbContext } from '../verb.ts';

export function run({ io }: VerbContext): Promise<number> {
  return runForeground(io, 'run');
}
