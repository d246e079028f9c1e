/** What `uninstall` does: takes out of Claude Code what `init` put in, and says what is left. Needs no home and no daemon. */
import fs from 'node:fs';
import { applyRemoval, placesOf, plannedFiles, planRemoval } from '../claude-code/index.ts';
import { shellQuote } from '../platform/ownership.ts';
import type { Remaining } from '../protocol/logout.ts';
import type { Uninstalled } from '../protocol/uninstall.ts';
import { type Environment, pathsOf } from './settings.ts';

/** @throws BAD_CONFIG */
export function uninstall({ dryRun, env }: { dryRun: boolean; env: Environment }): Uninstalled {
  const places = placesOf(env);
  const plan = planRemoval(places);
  const { done, refused } = dryRun ? { done: plan.changes, refused: [] } : applyRemoval(places, plan);
  return {
    files: plannedFiles(done),
    refused: [...plan.refused, ...refused].map((error) => error.toBody()),
    left: [...plan.left, ...homeLeft(env)],
  };
}

function homeLeft(env: Environment): Remaining[] {
  const { home } = pathsOf(env);
  if (!fs.existsSync(home)) return [];
  return [
    {
      what: `the keys of this device, the secrets you gave it to keep, who you deal with and what is shared, in ${home}; and its public keys on GitHub`,
      how: `teammate-sync logout, then rm -r ${shellQuote(home)}`,
    },
  ];
}
