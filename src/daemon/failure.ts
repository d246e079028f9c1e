/** What a process of ours says when it cannot go on. */
import { asTeammateSyncError } from '../errors.ts';

/** Tells stderr what happened and what to do; returns the exit code. */
export function reportFailure(error: unknown): number {
  const { message, hint, code } = asTeammateSyncError(error);
  process.stderr.write(`teammate-sync: ${message}\n  ${hint}\n`);
  return code === 'NOT_SET_UP' ? 4 : 1;
}
