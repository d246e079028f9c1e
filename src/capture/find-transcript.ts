/** Finds the transcript of a session that no hook has told about. */
import fs from 'node:fs';
import { join } from 'node:path';

/**
 * `<config>/projects/<any folder>/<session>.jsonl`, the newest when there are several; null when there is none (yet).
 * The folder's name is never computed from the working directory: that encoding is Claude Code's own, loses
 * information and changes. Never throws.
 * @param session a session id (isSessionId)
 */
export function findTranscript(claudeConfigDir: string, session: string): string | null {
  const projects = join(claudeConfigDir, 'projects');
  let found: { path: string; at: number } | null = null;
  let folders: fs.Dirent[];
  try {
    folders = fs.readdirSync(projects, { withFileTypes: true });
  } catch {
    return null;
  }
  for (const folder of folders) {
    if (!folder.isDirectory()) continue;
    const path = join(projects, folder.name, `${session}.jsonl`);
    try {
      const stat = fs.statSync(path);
      if (stat.isFile() && (found === null || stat.mtimeMs > found.at)) found = { path, at: stat.mtimeMs };
    } catch {
      // Not in this one.
    }
  }
  return found?.path ?? null;
}
