/**
 * Small files that are the user's alone: keys, configuration, state. Each is 0600 from its first byte on, in a folder
 * that the caller made with ensurePrivateDir; one with another owner, group or other bits, or behind a symlink is refused.
 * Synchronous, so that a change of state and its record on disk are one step; not for large or frequent data.
 */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { assertPrivate, errnoOf } from './ownership.ts';
import { openPrivateFile } from './private-open.ts';

export { ensurePrivateDir, openPrivateFile } from './private-open.ts';

/**
 * The whole file, or null when there is none.
 * @throws TeammateSyncError UNSAFE_FILE
 */
export function readPrivateFile(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openPrivateFile(path, 'read');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Writes a new file and makes it durable. It is there with all of its bytes or not at all, also after a crash; what a crash
 * leaves beside it is removed by the next one who makes it.
 * @throws the system's EEXIST when there is something at `path` already, also a dangling symlink
 */
export function createPrivateFile(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.new`;
  fs.rmSync(unfinished, { force: true });
  const fd = openPrivateFile(unfinished, 'create');
  try {
    fs.writeFileSync(fd, bytes);
    fs.fsyncSync(fd);
    nameOnce(unfinished, path);
  } finally {
    fs.closeSync(fd);
    fs.rmSync(unfinished, { force: true });
  }
  syncFolder(dirname(path));
}

/** Never in the place of something else: a rename would be, so it is only for file systems without hard links. */
function nameOnce(unfinished: string, path: string): void {
  try {
    fs.linkSync(unfinished, path);
  } catch (error) {
    if (!NO_HARD_LINKS.has(errnoOf(error) ?? '') || fs.lstatSync(path, { throwIfNoEntry: false })) throw error;
    fs.renameSync(unfinished, path);
  }
}

const NO_HARD_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

/**
 * Puts new content in the place of the old, or makes the file: after a crash at any instant it holds all of the one or
 * all of the other. Durable when this returns.
 * @throws TeammateSyncError UNSAFE_FILE when what is there now is not private; system errors (ENOSPC, …), the file unchanged
 */
export function replacePrivateFile(path: string, bytes: Uint8Array): void {
  const present = fs.lstatSync(path, { throwIfNoEntry: false });
  // write-file-atomic would follow a symlink and write to where it points.
  if (present) assertPrivate(path, present, 'file');
  // It would also take a short write (a disk that just filled up) for a whole one and put half a file in place. So the
  // bytes are written here, by a call that writes all of them or throws, and it does the rest: name, fsync, mode, rename.
  const tmpfileCreated = (temporary: string): void => fs.writeFileSync(temporary, bytes, { flag: 'r+' });
  writeFileAtomic.sync(path, undefined, { mode: 0o600, fsync: true, tmpfileCreated });
  syncFolder(dirname(path));
}

/**
 * What a crash leaves beside a file: of {@link replacePrivateFile} a name of write-file-atomic's making, of
 * {@link createPrivateFile} the second name of what it has just made, which nobody would make again.
 */
const UNFINISHED = /\.(?:json|txt)\.\d+$|\.seed\.new$/;

/**
 * Removes the unfinished files of earlier runs in a folder (not below it). They may name or hold what was to go. Only for
 * the one process that writes there, before it writes.
 */
export function removeUnfinished(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && UNFINISHED.test(entry.name)) fs.rmSync(join(folder, entry.name), { force: true });
  }
}

/** Removes a file, or a folder with all in it; nothing there is fine. Symlinks are removed, not followed. */
export async function removeTree(path: string): Promise<void> {
  await fs.promises.rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** A new or renamed entry survives a power cut only when its folder was synced too. Windows has no such call. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
