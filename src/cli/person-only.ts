/** Verbs that give access are for a person to type. */
import { TeammateSyncError } from '../errors.ts';
import type { CliIo } from './io.ts';

/**
 * Refuses what runs inside an agent's shell: Claude Code and others mark its environment. A bar, not a wall: whoever may
 * run anything as this user can also unset a variable.
 * @throws TeammateSyncError PERSON_ONLY
 */
export function requirePerson(io: CliIo, verb: string): void {
  if (!io.env['CLAUDECODE'] && !io.env['AI_AGENT']) return;
  throw new TeammateSyncError('PERSON_ONLY', `${verb} gives access, so a person has to type it, not an agent's shell`);
}
