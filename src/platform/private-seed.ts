/** A secret in a 0600 file: made once, never replaced. The keys that come from it are known elsewhere. */
import { TeammateSyncError } from '../errors.ts';
import { createPrivateFile, readPrivateFile } from './private-files.ts';

export const SEED_BYTES = 32;

/**
 * The seed in this file; it is made when there is none and `random` is given. Null: there is none.
 * @throws UNSAFE_FILE for a loose mode, another owner, a symlink, or another size
 */
export function loadSeed(file: string, random: (n: number) => Uint8Array): Buffer;
export function loadSeed(file: string, random: ((n: number) => Uint8Array) | null): Buffer | null;
export function loadSeed(file: string, random: ((n: number) => Uint8Array) | null): Buffer | null {
  const known = readPrivateFile(file);
  if (known && known.length !== SEED_BYTES) throw new TeammateSyncError('UNSAFE_FILE', `${file} is not a key of ours`);
  if (known || !random) return known;
  createPrivateFile(file, Buffer.from(random(SEED_BYTES)));
  return loadSeed(file, null);
}
