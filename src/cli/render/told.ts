/** What owners see of reading, said to whoever reads of them for the first time. */
import { type Line, yellow } from '../output/piece.ts';

export function toldLines({ told }: { told?: string }): Line[] {
  return told === undefined ? [] : [[yellow('note: '), told]];
}
