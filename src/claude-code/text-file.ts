/** Files in Claude Code's folder, which are not ours alone: read whole, replaced whole, and only as they were seen. */
import fs from 'node:fs';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { errnoOf, shellQuote } from '../platform/ownership.ts';
import { syncFolder } from '../platform/private-files.ts';
import { underClientLock, type Wait } from './client-lock.ts';

/** A file as it was and as it is to be; null: not there. */
export interface FileChange {
  path: string;
  before: string | null;
  after: string | null;
  /** Said in the place of its diff. */
  note?: string;
  /**
   * Of a file that running clients write all the time: what any text that they may have made of it becomes. It is then
   * written under their lock, from what it is at that moment.
   */
  again?: (text: string | null) => string | null;
}

const UNFINISHED = '.teammate-sync-new';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a file, with its byte order mark; null when it is not there.
 * @throws TeammateSyncError CLAUDE_SETTINGS for what cannot be read, is no file, or not UTF-8
 */
export function readText(file: string): string | null {
  try {
    return UTF8.decode(fs.readFileSync(file));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      if (!fs.lstatSync(file, { throwIfNoEntry: false })) return null;
      throw refusal(file, 'is a symlink to what is not there', error);
    }
    throw refusal(file, error instanceof TypeError ? 'is not UTF-8' : `cannot be read (${code})`, error);
  }
}

/** How often a client may take out what we wrote before it is given up. */
const TRIES = 3;
/** Within this a client that had read the file before us, without the lock, has written it. */
const SETTLED_MS = 300;

/**
 * Makes the change, all of it or none. What a symlink points to is replaced, not the link. The mode stays, and a new file
 * is 0600.
 * @throws TeammateSyncError CLAUDE_SETTINGS when the file is not as it was seen, or cannot be written
 */
export function applyChange(change: FileChange, wait: Wait): void {
  const { path: file, again } = change;
  if (again === undefined) return replaceWhole(change);
  for (let tries = 0; tries < TRIES; tries++) {
    named(file, () =>
      onDisk(file, () =>
        underClientLock(file, wait, () => {
          const before = readText(file);
          const after = again(before);
          if (after !== before) replaceWhole({ path: file, before, after });
        }),
      ),
    );
    wait(SETTLED_MS);
    const now = readText(file);
    if (named(file, () => again(now)) === now) return;
  }
  throw refusal(
    file,
    'was written over by a running Claude Code',
    undefined,
    'quit Claude Code, then run the same command again',
  );
}

function replaceWhole({ path: file, before, after }: FileChange): void {
  if (readText(file) !== before) {
    throw refusal(file, 'was changed by another program meanwhile', undefined, 'run the same command again');
  }
  onDisk(file, () => {
    if (after === null) removeFile(file);
    else writeText(file, after, before === null);
  });
}

/** Runs what writes a file, so that errors of the disk name the file. */
function onDisk(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = errnoOf(error);
    if (code === null || error instanceof TeammateSyncError) throw error;
    throw refusal(file, `cannot be written (${code})`, error, writingHint(file, code));
  }
}

function writingHint(file: string, code: string): string | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'make room on that disk, then run the same command again';
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  return `let yourself write it: chmod u+w ${shellQuote(path.dirname(file))} ${shellQuote(file)}`;
}

/** Removes what a crash left of files that were being written in a folder. */
export function removeUnfinished(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith(UNFINISHED)) fs.rmSync(path.join(folder, entry.name), { force: true });
  }
}

function removeFile(file: string): void {
  fs.rmSync(file);
  syncFolder(path.dirname(file));
}

function writeText(file: string, text: string, isNew: boolean): void {
  if (isNew) fs.mkdirSync(path.dirname(file), { recursive: true });
  const target = isNew ? file : fs.realpathSync(file);
  const stat = isNew ? null : fs.statSync(target);
  // Closed to writing on purpose; a rename would not mind.
  if (stat) fs.accessSync(target, fs.constants.W_OK);
  const unfinished = target + UNFINISHED;
  fs.rmSync(unfinished, { force: true });
  try {
    const fd = fs.openSync(unfinished, 'wx', 0o600);
    try {
      fs.writeFileSync(fd, text);
      if (stat) keepOwnerAndMode(fd, stat);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(unfinished, target);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
  syncFolder(path.dirname(target));
}

function keepOwnerAndMode(fd: number, { mode, uid, gid }: fs.Stats): void {
  if (process.platform === 'win32') return;
  const now = fs.fstatSync(fd);
  if (now.uid !== uid || now.gid !== gid) fs.fchownSync(fd, uid, gid);
  fs.fchmodSync(fd, mode & 0o7777);
}

/** Runs what reads the text of a file, so that its errors name the file. */
export function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TeammateSyncError) || error.code !== 'CLAUDE_SETTINGS') throw error;
    throw refusal(file, error.message, error.cause, error.hint);
  }
}

function refusal(file: string, why: string, cause?: unknown, hint?: string): TeammateSyncError {
  return new TeammateSyncError('CLAUDE_SETTINGS', `${file} ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });
}
