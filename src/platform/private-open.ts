/**
 * Folders and open files that are the user's alone. Here is what the client's start needs, so nothing but node:fs is
 * loaded; reading and writing whole files is in private-files.ts.
 */
import fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import { assertPrivate, errnoOf } from './ownership.ts';

/** Not on Windows, where they are 0 or absent. */
const NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0;
/** Keeps the open of a FIFO that somebody put there from hanging. */
const NONBLOCK = fs.constants.O_NONBLOCK ?? 0;

/**
 * Makes the folder with mode 0700 (missing parents too), or checks that the existing one is private.
 * @throws TeammateSyncError UNSAFE_FILE for a symlink, another owner, or group or other bits
 */
export function ensurePrivateDir(path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Something else than a folder is in its place: named below.
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  assertPrivate(path, fs.lstatSync(path), 'folder');
}

/**
 * Opens a private file and checks what was opened, not what the path named a moment before.
 * `read`: must exist · `create`: must not · `append`, `edit`: made when missing, else kept.
 * @returns a file descriptor, which the caller closes
 * @throws TeammateSyncError UNSAFE_FILE; system errors as they are (ENOENT for `read`, EEXIST for `create`)
 */
export function openPrivateFile(path: string, how: 'read' | 'create' | 'append' | 'edit'): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_APPEND } = fs.constants;
  const flags = {
    read: O_RDONLY,
    create: O_WRONLY | O_CREAT | O_EXCL,
    append: O_WRONLY | O_CREAT | O_APPEND,
    edit: O_RDWR | O_CREAT,
  }[how];
  let fd: number;
  try {
    fd = fs.openSync(path, flags | NOFOLLOW | NONBLOCK, 0o600);
  } catch (error) {
    const code = errnoOf(error);
    // Opening a symlink with O_NOFOLLOW: ELOOP (EMLINK on FreeBSD). A folder for writing: EISDIR. A FIFO or socket: ENXIO.
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'EISDIR' || code === 'ENXIO') {
      assertPrivate(path, fs.lstatSync(path), 'file');
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new TeammateSyncError('UNSAFE_FILE', `${path} cannot be opened (${code})`, { cause: error });
    }
    throw error;
  }
  try {
    assertPrivate(path, fs.fstatSync(fd), 'file');
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  return fd;
}
