/**
 * Tells that a transcript may have changed. The system's notices are quick but not dependable (no inotify watches left,
 * network file systems, a link to another folder), so a slow look at the files stands behind them. Writes nothing.
 */
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Clock, every } from '../platform/clock.ts';
import { isAgentFile, subagentsFolder } from './subagents.ts';

/** How often the files are looked at without any notice. */
const POLL_MS = 2000;

interface Watched {
  watcher: fs.FSWatcher;
  /** Of the folder when it was taken: one of the same name made anew needs a new watcher. */
  inode: string;
}

/**
 * Calls `onChange`, at most once per turn of the event loop, after a notice or a difference of any of a transcript's files;
 * sometimes also when none changed. Returns the stop.
 */
export function watchTranscript(path: string, onChange: () => void, clock: Clock): () => void {
  const main = basename(path);
  const agents = subagentsFolder(path);
  const session = dirname(agents);
  const project = dirname(path);
  const watched = new Map<string, Watched>();
  let stopped = false;
  let scheduled: NodeJS.Immediate | null = null;
  let last = signature();

  function notify(): void {
    scheduled ??= setImmediate(() => {
      scheduled = null;
      if (!stopped) onChange();
    });
  }

  function signature(): string {
    const parts = [fileSignature(path)];
    for (const name of listNames(agents)) if (isAgentFile(name)) parts.push(name, fileSignature(join(agents, name)));
    return parts.join('\n');
  }

  function drop(folder: string): void {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  }

  /** False for what other conversations of the same project do. */
  function concerns(folder: string, name: string | null): boolean {
    if (name === null || name === basename(folder)) return true;
    if (folder === agents) return isAgentFile(name);
    return folder !== project || name === main || name === basename(session);
  }

  function onNotice(folder: string, name: string | null): void {
    if (stopped || !concerns(folder, name)) return;
    const isFile = name !== null && (folder === agents ? isAgentFile(name) : folder === project && name === main);
    // What happens to a watched folder itself comes under its own name. Made anew it may even have the same inode.
    if (name === basename(folder)) drop(folder);
    // Not one of the files: perhaps a folder on the way to them came or went.
    const moved = !isFile && attach();
    if (isFile || moved || folder === project || folder === session) notify();
  }

  /** Watches the folders that matter now: those of the files, and the nearest existing one above. True after a change. */
  function attach(): boolean {
    let changed = false;
    const wanted = new Set([existingAbove(project), existingAbove(agents)]);
    for (const folder of [project, session, agents]) if (inodeOf(folder) !== null) wanted.add(folder);
    for (const folder of watched.keys()) if (!wanted.has(folder)) drop(folder);
    for (const folder of wanted) {
      const inode = inodeOf(folder);
      if (inode === null || watched.get(folder)?.inode === inode) continue;
      drop(folder);
      try {
        const watcher = fs.watch(folder, { persistent: false }, (_event, name) => onNotice(folder, name));
        watcher.on('error', () => drop(folder));
        watched.set(folder, { watcher, inode });
        changed = true;
      } catch {
        // No watches left, or the folder went just now: the poll does it.
      }
    }
    return changed;
  }

  const poll = every(
    clock,
    POLL_MS,
    () => {
      if (stopped) return;
      attach();
      const now = signature();
      if (now !== last) notify();
      last = now;
    },
    // A stat that fails is a difference, not an error; nothing else in there can fail.
    () => notify(),
  );
  attach();

  return () => {
    stopped = true;
    poll.cancel();
    if (scheduled) clearImmediate(scheduled);
    for (const folder of watched.keys()) drop(folder);
  };
}

function fileSignature(path: string): string {
  try {
    const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stat) return 'none';
    return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  } catch {
    return 'none';
  }
}

function listNames(folder: string): string[] {
  // As a rule there is none, and an error takes ten times as long as this.
  if (inodeOf(folder) === null) return [];
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function inodeOf(folder: string): string | null {
  try {
    const stat = fs.statSync(folder, { bigint: true, throwIfNoEntry: false });
    return stat?.isDirectory() ? `${stat.dev}:${stat.ino}` : null;
  } catch {
    return null;
  }
}

function existingAbove(folder: string): string {
  let at = folder;
  while (inodeOf(at) === null && dirname(at) !== at) at = dirname(at);
  return at;
}
