/** A small JSON file of ours under state/: strictly read, atomically written, 0600. */
import { TeammateSyncError } from '../errors.ts';
import { DecodeError, type Decoder } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import { readPrivateFile, replacePrivateFile } from './private-files.ts';

/** Guards against a file that something else filled; our own files stay far below. */
const STATE_FILE_MAX_BYTES = 64 * 1024 * 1024;

export interface StateFile<T> {
  /** Change it, then save. */
  value: T;
  /** On disk when it returns: what is acknowledged to a peer or a user must survive a crash. */
  save(): void;
}

/**
 * Reads the file, or starts with `empty`.
 * @throws BAD_CONFIG naming the file when it is not ours to read: consent is never guessed from a damaged file
 */
export function openStateFile<T>(path: string, decoder: Decoder<T>, empty: T): StateFile<T> {
  const bytes = readPrivateFile(path);
  let value = empty;
  if (bytes) {
    try {
      value = parseJson(bytes, STATE_FILE_MAX_BYTES, decoder, 'file');
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new TeammateSyncError('BAD_CONFIG', `${path} is damaged (${error.message}); nothing was shared`, {
        hint: 'move the file away: connections and shares in it are then made anew',
      });
    }
  }
  const state: StateFile<T> = {
    value,
    save: () => replacePrivateFile(path, Buffer.from(JSON.stringify(state.value))),
  };
  return state;
}
