/** What the daemon's `logout` mode is asked on stdin and says on stdout, one JSON object per line. */
import { bool, type Decoded, object } from './decode.ts';
import type { SetupFailure } from './setup.ts';

export const logoutRequest = object({
  /** What is published of this device stays published. */
  keepDevice: bool,
});
export type LogoutRequest = Decoded<typeof logoutRequest>;

/** Something that is still there, and what removes it. */
export interface Remaining {
  what: string;
  /** What to type or to open; null: nothing is to be done. */
  how: string | null;
}

export interface LoggedOut {
  /** What was taken away, in words. */
  removed: string[];
  /** What was to be taken away and could not be. */
  undone: Remaining[];
  /** What is left on purpose. */
  left: Remaining[];
}

export type LogoutEvent = { type: 'done'; result: LoggedOut } | { type: 'error'; error: SetupFailure };
