/** Verbs that give access are for a person to type. */
import { TeammateSyncError } from '../errors.ts';
import type { CliIo } from './io.ts';

/**
 * Refuses what runs inside an agent's shell: Claude Code and others mark its environment. A bar, not a wall: whoever may
 * run anything as this user can also unset a variable.
 * @param does what the verb does that only a person may
 * @throws TeammateSyncError PERSON_ONLY
 */
export function requirePerson(io: CliIo, verb: string, does = 'gives access'): void {
  if (!io.env['CLAUDECODE'] && !io.env['AI_AGENT']) return;
  throw new TeammateSyncError('PERSON_ONLY', `${verb} ${does}, so a person has to type it, not an agent's shell`);
}
