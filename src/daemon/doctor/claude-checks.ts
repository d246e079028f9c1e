/** Claude Code's folder: without its transcripts there is nothing to share. Only looked at, never written. */
import fs from 'node:fs';
import path from 'node:path';
import { count } from '../../platform/count-words.ts';
import { type Findings, ok, problem, warning } from './report.ts';

/** @param folder Claude Code's own, `~/.claude` or CLAUDE_CONFIG_DIR */
export function checkClaude(folder: string): Findings {
  const projects = path.join(folder, 'projects');
  let names: string[];
  try {
    names = fs.readdirSync(projects);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') {
      return warning(
        `${projects} is not there: Claude Code has not run here`,
        'start a conversation; if its folder is elsewhere, set CLAUDE_CONFIG_DIR before `teammate-sync up`',
      );
    }
    return problem(`${projects} cannot be read (${code})`, `let yourself read it: chmod -R u+rX ${projects}`);
  }
  for (const name of names) {
    try {
      fs.accessSync(path.join(projects, name), fs.constants.R_OK);
    } catch {
      return problem(`${path.join(projects, name)} cannot be read`, `chmod -R u+rX ${projects}`);
    }
  }
  return ok(`${projects} can be read (${count(names.length, 'folder')})`);
}
