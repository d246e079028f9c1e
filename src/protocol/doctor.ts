/** What the daemon's `doctor` mode is asked on stdin and says on stdout, one JSON object per line. */
import { bool, int, nullable, object, text } from './decode.ts';
import type { Decoded } from './decode.ts';

/** One thing that was looked at. */
export interface Check {
  /** Stable. */
  id: string;
  /** warning: works, but not as well or not for long. problem: something does not work before it is mended. */
  state: 'ok' | 'warning' | 'problem';
  /** What was found, in one line. */
  what: string;
  /** What to type or do; null when nothing is to be done. */
  fix: string | null;
}

/** What was seen of the network, for whoever puts it into words. */
export interface NetworkFound {
  answered: boolean;
  nat: string;
  bootstrap: string[];
}

export type DoctorEvent =
  /** About to look at this; it may take a moment. */
  | { type: 'looking'; at: string }
  | { type: 'check'; check: Check }
  | { type: 'network'; found: NetworkFound }
  /** Everything was looked at. */
  | { type: 'done' };

export const doctorRequest = object({
  /** The daemon that answers at the socket; null: none does. */
  daemon: nullable(object({ pid: int(1), version: text(64), online: bool })),
});
export type DoctorRequest = Decoded<typeof doctorRequest>;
