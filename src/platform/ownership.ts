/** What makes a file or folder private: a real one, the user's own, closed to group and others. Pure over a stat. */
import type fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';

type Kind = 'file' | 'folder';

/** The user's numeric id; null on Windows, where modes and owners say nothing. */
export function ownUid(): number | null {
  return process.getuid?.() ?? null;
}

/** Quotes a path for a POSIX shell, so that the hint can be pasted. */
export function shellQuote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Why `path` is not private, as the error to throw; null when it is. `stat` must come from lstat or fstat. */
export function unsafeBecause(path: string, stat: fs.Stats, kind: Kind): TeammateSyncError | null {
  const refuse = (why: string, hint: string): TeammateSyncError =>
    new TeammateSyncError('UNSAFE_FILE', `${path} ${why}`, { hint });
  if (stat.isSymbolicLink()) return refuse('is a symlink', `put a real ${kind} in its place: ${shellQuote(path)}`);
  if (kind === 'folder' ? !stat.isDirectory() : !stat.isFile()) {
    return refuse(`is not a ${kind}`, `move it away: ${shellQuote(path)}`);
  }
  const uid = ownUid();
  if (uid === null) return null;
  if (stat.uid !== uid) {
    return refuse(`belongs to user ${stat.uid}, not to you (${uid})`, `sudo chown ${uid} ${shellQuote(path)}`);
  }
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    return refuse(`is open to others (mode ${mode})`, `chmod ${kind === 'folder' ? '700' : '600'} ${shellQuote(path)}`);
  }
  return null;
}

/** @throws TeammateSyncError UNSAFE_FILE, see {@link unsafeBecause} */
export function assertPrivate(path: string, stat: fs.Stats, kind: Kind): void {
  const error = unsafeBecause(path, stat, kind);
  if (error) throw error;
}

/** The `code` of a system error, else null. */
export function errnoOf(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : null;
}
