/** Carries a plan out, file by file. */
import fs from 'node:fs';
import { asTeammateSyncError, type TeammateSyncError } from '../errors.ts';
import { errnoOf } from '../platform/ownership.ts';
import type { Places } from './places.ts';
import type { Plan } from './plan.ts';
import { applyChange, type FileChange } from './text-file.ts';

export interface Applied {
  done: FileChange[];
  refused: TeammateSyncError[];
}

/**
 * Makes the changes of a plan, each whole or not at all, up to the first that is refused: the next run goes on there.
 * Never throws for what a file has in the way.
 */
export function applyPlan({ commands }: Places, { changes }: Plan): Applied {
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      applyChange(change);
      done.push(change);
    }
    if (changes.some(({ after }) => after === null)) removeIfEmpty(commands);
  } catch (error) {
    return { done, refused: [asTeammateSyncError(error)] };
  }
  return { done, refused: [] };
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    // Others' commands are in it, or it is a link to where they are.
    if (errnoOf(error) === null) throw error;
  }
}
