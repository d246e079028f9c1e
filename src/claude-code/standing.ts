/** How what we put into Claude Code stands now, for whoever looks for faults. Changes nothing. */
import fs from 'node:fs';
import path from 'node:path';
import type { HomePaths } from '../platform/paths.ts';
import { SLASH_VERBS } from '../protocol/claude-hook.ts';
import { DENY_RULES } from './deny-rules.ts';
import { hookCommand, programsIn } from './hook-command.ts';
import type { Places } from './places.ts';
import { ourPlugin } from './plugin.ts';
import { startOf } from './server-entry.ts';
import { foundIn } from './settings-text.ts';
import { serverIn } from './state-text.ts';
import { isOurStub, stubFile } from './stubs.ts';
import { named, readText } from './text-file.ts';

export interface Standing {
  /** other: they belong to another home or another version, or are not at every event. */
  hooks: 'right' | 'other' | 'none';
  /** Files that the hooks need and that are not there. */
  gone: string[];
  /** Our rules of permissions.deny that are not there. */
  rulesMissing: string[];
  /** The settings switch all hooks off. */
  disabled: boolean;
  /** The plugin of ours, as `<plugin>@<marketplace>`; null: none. */
  plugin: string | null;
  /** Verbs whose command is missing or of another version. */
  missing: string[];
  /** Verbs whose name another command of the user's has. */
  taken: string[];
}

/** Our MCP server in the user's list. */
export interface ServerStanding {
  /** other: it belongs to another home. taken: a server of that name is not ours. */
  entry: 'right' | 'other' | 'none' | 'taken';
  /** What Claude Code starts; null without an entry of ours. */
  start: { command: string; args: string[]; env: Record<string, string> } | null;
  /** Files that it starts and that are not there. */
  gone: string[];
}

/** @throws TeammateSyncError CLAUDE_SETTINGS */
export function standingOf(places: Places, paths: Pick<HomePaths, 'home' | 'socket'>): Standing {
  const text = readText(places.settings);
  const { hooks, hooksDisabled, plugins, deny } = named(places.settings, () => foundIn(text, ''));
  const programs = hooks.map(({ command }) => programsIn(command)).find((found) => found !== null) ?? null;
  // With whichever Node they were installed: there may be several.
  const right = programs ? hookCommand(programs, paths) : 'teammate-sync hook';
  const exact = named(places.settings, () => foundIn(text, right)).exact;
  const plain = process.platform === 'win32';
  return {
    hooks: hooks.length === 0 ? 'none' : exact && (programs !== null || plain) ? 'right' : 'other',
    gone: Object.values(programs ?? {}).filter((file) => !fs.existsSync(file)),
    rulesMissing: DENY_RULES.filter((rule) => !deny.includes(rule)),
    disabled: hooksDisabled,
    plugin: ourPlugin(plugins),
    ...commandsOf(places),
  };
}

/** @param home the one that it is to be for @throws TeammateSyncError CLAUDE_SETTINGS */
export function serverStandingOf({ state }: Places, home: string): ServerStanding {
  const found = named(state, () => serverIn(readText(state)));
  if (found === null) return { entry: 'none', start: null, gone: [] };
  const start = startOf(found);
  if (start === null) return { entry: 'taken', start: null, gone: [] };
  const gone = [start.command, ...start.args].filter((file) => path.isAbsolute(file) && !fs.existsSync(file));
  return { entry: start.env['TEAMMATE_SYNC_HOME'] === home ? 'right' : 'other', start, gone };
}

function commandsOf({ commands, skills }: Places): Pick<Standing, 'missing' | 'taken'> {
  const [missing, taken]: [string[], string[]] = [[], []];
  for (const verb of SLASH_VERBS) {
    const file = path.join(commands, `${verb.name}.md`);
    const text = textOf(file);
    if (fs.existsSync(path.join(skills, verb.name, 'SKILL.md'))) taken.push(verb.name);
    else if (text === null || (text !== stubFile(verb) && isOurStub(text))) missing.push(verb.name);
    else if (text !== stubFile(verb)) taken.push(verb.name);
  }
  return { missing, taken };
}

/** Empty for what is there and cannot be read, a folder for one: it is not ours. */
function textOf(file: string): string | null {
  try {
    return readText(file);
  } catch {
    return '';
  }
}
