/** Where Claude Code keeps what is the user's own, and whether it is there at all. */
import fs from 'node:fs';
import path from 'node:path';
import { claudeConfigDir, type PathEnv } from '../platform/paths.ts';

export interface Places {
  /** `~/.claude`, or what CLAUDE_CONFIG_DIR says. */
  folder: string;
  settings: string;
  /** The settings as they were before ours came in. */
  backup: string;
  commands: string;
  skills: string;
  /** Claude Code's state, with the user's MCP servers in it: `~/.claude.json`, or in the folder that CLAUDE_CONFIG_DIR says. */
  state: string;
  /** The state as it was before ours came in. */
  stateBackup: string;
}

export function placesOf(env: PathEnv): Places {
  const folder = claudeConfigDir(env);
  const settings = path.join(folder, 'settings.json');
  const state = stateFile(folder, env);
  return {
    folder,
    settings,
    backup: `${settings}.teammate-sync-backup`,
    commands: path.join(folder, 'commands'),
    skills: path.join(folder, 'skills'),
    state,
    stateBackup: `${state}.teammate-sync-backup`,
  };
}

/** The name that it had in old versions counts where there is such a file. */
function stateFile(folder: string, env: PathEnv): string {
  const old = path.join(folder, '.config.json');
  if (fs.existsSync(old)) return old;
  return path.join(env['CLAUDE_CONFIG_DIR'] ? folder : path.dirname(folder), '.claude.json');
}

/** Its folder is there, or it could be started. */
export function claudeIsHere(env: PathEnv): boolean {
  return fs.existsSync(claudeConfigDir(env)) || claudeProgram(env) !== null;
}

/** The file that `claude` starts; null when it is not on the PATH. */
export function claudeProgram(env: PathEnv): string | null {
  const names = process.platform === 'win32' ? ['claude.exe', 'claude.cmd'] : ['claude'];
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const found = names.map((name) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
