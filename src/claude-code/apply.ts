/** Carries a plan out, file by file. */
import fs from 'node:fs';
import path from 'node:path';
import { asTeammateSyncError, type TeammateSyncError } from '../errors.ts';
import { errnoOf } from '../platform/ownership.ts';
import { type Wait, waitHere } from './client-lock.ts';
import type { Places } from './places.ts';
import type { Plan } from './plan.ts';
import type { RemovalPlan } from './removal.ts';
import { applyChange, type FileChange, removeUnfinished } from './text-file.ts';

export interface Applied {
  done: FileChange[];
  refused: TeammateSyncError[];
}

/**
 * Makes the changes of a plan, each whole or not at all, up to the first that is refused: the next run goes on there.
 * Never throws for what a file has in the way.
 */
export function applyPlan(places: Places, { changes }: Plan, wait: Wait = waitHere): Applied {
  const done: FileChange[] = [];
  try {
    const targets = [places.settings, places.state].map(targetFolder);
    for (const folder of new Set([places.folder, places.commands, ...targets])) removeUnfinished(folder);
    for (const change of changes) {
      applyChange(change, wait);
      done.push(change);
    }
  } catch (error) {
    return { done, refused: [asTeammateSyncError(error)] };
  }
  return { done, refused: [] };
}

/** The same, and the folder of commands goes when nothing is in it. */
export function applyRemoval(places: Places, plan: RemovalPlan, wait: Wait = waitHere): Applied {
  const applied = applyPlan(places, plan, wait);
  try {
    fs.rmdirSync(places.commands);
  } catch (error) {
    // Others' commands are in it, it is a link to where they are, or there is none.
    if (errnoOf(error) === null) throw error;
  }
  return applied;
}

/** Where a symlink leads, in the folder of dotfiles perhaps. */
function targetFolder(file: string): string {
  try {
    return path.dirname(fs.realpathSync(file));
  } catch {
    return path.dirname(file);
  }
}
