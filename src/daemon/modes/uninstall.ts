/** The `uninstall` mode. */
import { asTeammateSyncError } from '../../errors.ts';
import { type UninstallEvent, uninstallRequest } from '../../protocol/uninstall.ts';
import { uninstall } from '../uninstall.ts';
import { oneRequest, say } from './one-request.ts';

/** Runs to its end; returns the exit code. */
export async function runUninstall(): Promise<number> {
  try {
    const { dryRun } = await oneRequest(uninstallRequest);
    say({ type: 'done', result: uninstall({ dryRun, env: process.env }) } satisfies UninstallEvent);
    return 0;
  } catch (error) {
    say({ type: 'error', error: asTeammateSyncError(error).toBody() } satisfies UninstallEvent);
    return 1;
  }
}
