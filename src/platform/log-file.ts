/** The file behind the log, without the logger: the client opens it too, for the output of the daemon that it starts. */
import fs from 'node:fs';
import { LOG_FILE_MAX_BYTES } from '../protocol/limits.ts';
import { openPrivateFile } from './private-open.ts';

/**
 * Opens the log for appending, after one over LOG_FILE_MAX_BYTES was renamed to `<file>.1`: so at most two are kept.
 * @returns a file descriptor, which the caller closes
 * @throws TeammateSyncError UNSAFE_FILE
 */
export function openLogFile(file: string): number {
  const size = fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_FILE_MAX_BYTES) fs.renameSync(file, `${file}.1`);
  return openPrivateFile(file, 'append');
}
