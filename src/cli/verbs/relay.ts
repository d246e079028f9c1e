/** `relay`: passes on encrypted traffic for teammates whose networks cannot reach each other, in the foreground. */
import { requireSetUp } from '../daemon-access.ts';
import { runForeground } from '../foreground.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io }: VerbContext): Promise<number> {
  requireSetUp(io);
  return runForeground(io, 'relay');
}
