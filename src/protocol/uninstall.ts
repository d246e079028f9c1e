/** What the daemon's `uninstall` mode is asked on stdin and says on stdout, one JSON object per line. */
import { bool, type Decoded, object } from './decode.ts';
import type { Remaining } from './logout.ts';
import type { PlannedFile, SetupFailure } from './setup.ts';

export const uninstallRequest = object({
  /** Says what would change, and changes nothing. */
  dryRun: bool,
});
export type UninstallRequest = Decoded<typeof uninstallRequest>;

export interface Uninstalled {
  /** What was changed, or in a dry run would be. */
  files: PlannedFile[];
  /** What could not be taken out, and why. */
  refused: SetupFailure[];
  /** What is left on purpose. */
  left: Remaining[];
}

export type UninstallEvent = { type: 'done'; result: Uninstalled } | { type: 'error'; error: SetupFailure };
