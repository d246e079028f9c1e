/** Which files of Claude Code's are to become what, found out without changing one. */
import fs from 'node:fs';
import path from 'node:path';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { SLASH_VERBS } from '../protocol/claude-hook.ts';
import type { HomePaths } from '../platform/paths.ts';
import { DENY_RULES } from './deny-rules.ts';
import { ourPlugin } from './plugin.ts';
import { hookCommand, type Programs } from './hook-command.ts';
import type { Places } from './places.ts';
import { foundIn, withOurs } from './settings-text.ts';
import { isOurServer, SERVER_NAME, type ServerEntry, serverEntry } from './server-entry.ts';
import { serverIn, withServer } from './state-text.ts';
import { isOurStub, markedStubs, stubFile } from './stubs.ts';
import { type FileChange, named, readText } from './text-file.ts';

export interface Plan {
  /** In the order in which they are to be made: each leaves something that works. */
  changes: FileChange[];
  /** What cannot be done, and why; the rest can. */
  refused: TeammateSyncError[];
}

export interface InstallPlan extends Plan {
  /** Rules of permissions.deny that it adds. */
  deny: readonly string[];
  /** The plugin of ours that is switched on, as `<plugin>@<marketplace>`; then nothing is installed beside it. */
  plugin: string | null;
}

export interface Wish {
  programs: Programs;
  paths: Pick<HomePaths, 'home' | 'socket'>;
  deny: boolean;
}

/** Never throws: what is in the way is in `refused`. */
export function planInstall(places: Places, { programs, paths, deny }: Wish): InstallPlan {
  const plan: InstallPlan = { changes: [], refused: [], deny: [], plugin: null };
  const command = hookCommand(programs, paths);
  try {
    const text = readText(places.settings);
    const { after, found } = named(places.settings, () => {
      return { found: foundIn(text, command), after: withOurs(text, { command, deny }) };
    });
    plan.plugin = ourPlugin(found.plugins);
    if (plan.plugin !== null) return plan;
    if (deny) plan.deny = DENY_RULES.filter((rule) => !found.deny.includes(rule));
    if (after !== text) {
      plan.changes.push(...backup(places.backup, text, found.hooks.length > 0), {
        path: places.settings,
        before: text,
        after,
      });
    }
  } catch (error) {
    // Without a hook that answers, commands are of no use.
    plan.refused.push(asTeammateSyncError(error));
    return plan;
  }
  for (const verb of SLASH_VERBS) {
    try {
      const file = stubPlace(places, verb.name);
      const before = readText(file);
      const after = stubFile(verb);
      if (before !== null && before !== after && !isOurStub(before)) throw taken(file, verb.name);
      if (before !== after) plan.changes.push({ path: file, before, after });
    } catch (error) {
      plan.refused.push(asTeammateSyncError(error));
    }
  }
  plan.changes.push(...outdatedStubs(places));
  try {
    plan.changes.push(...serverChanges(places, serverEntry(programs, paths.home)));
  } catch (error) {
    plan.refused.push(asTeammateSyncError(error));
  }
  return plan;
}

/** A file as it is, kept once: what a later run has changed itself is no original. */
function backup(file: string, text: string | null, holdsOurs: boolean): FileChange[] {
  if (text === null) return [];
  const before = readText(file);
  return before === text || (before !== null && holdsOurs)
    ? []
    : [{ path: file, before, after: text, note: '+ your settings as they are now' }];
}

/** @throws TeammateSyncError CLAUDE_SETTINGS; CLAUDE_SERVER_TAKEN when another server has the name */
function serverChanges({ state, stateBackup }: Places, wanted: ServerEntry): FileChange[] {
  const before = readText(state);
  const there = named(state, () => serverIn(before));
  if (there !== null && !isOurServer(there)) {
    throw new TeammateSyncError(
      'CLAUDE_SERVER_TAKEN',
      `an MCP server of yours is called ${SERVER_NAME} already, and stays so: ${state}`,
    );
  }
  const again = (text: string | null): string => withServer(text, wanted);
  const after = again(before);
  return after === before
    ? []
    : [...backup(stateBackup, before, there !== null), { path: state, before, after, again }];
}

/** Where the command of this name goes. @throws TeammateSyncError CLAUDE_COMMAND_TAKEN when a skill has the name */
function stubPlace({ commands, skills }: Places, verb: string): string {
  const skill = path.join(skills, verb, 'SKILL.md');
  if (fs.existsSync(skill)) throw taken(skill, verb);
  return path.join(commands, `${verb}.md`);
}

function taken(file: string, verb: string): TeammateSyncError {
  const hint = `rename it, and run \`teammate-sync init\` again; or type \`teammate-sync ${verb}\` in a terminal`;
  return new TeammateSyncError('CLAUDE_COMMAND_TAKEN', `/${verb} is yours already, and stays so: ${file}`, { hint });
}

/** Those of another version, whose verbs are no commands any more. */
function outdatedStubs(places: Places): FileChange[] {
  const names = new Set(SLASH_VERBS.map(({ name }) => `${name}.md`));
  return markedStubs(places)
    .filter(({ file, text }) => isOurStub(text) && !names.has(path.basename(file)))
    .map(({ file, text }) => ({ path: file, before: text, after: null }));
}
