/** Between a test and a daemon in a process of its own. */
import type { Doom, StepKind } from './mortality.ts';

export type ToDaemon =
  | { type: 'pass'; ms: number }
  | { type: 'setWall'; unixMs: number }
  | { type: 'hold' }
  | { type: 'release' }
  | { type: 'doom'; doom: Doom }
  | { type: 'stop' };

export type FromDaemon =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | { type: 'steered'; now: number }
  | { type: 'dying'; kind: StepKind; what: string }
  | { type: 'frame'; direction: 'in' | 'out'; remote: string; bytes: string };

/** How a daemon process begins, in its environment variable {@link BEGINNING}. */
export interface Beginning {
  /** Where its wall clock stands, unix milliseconds; the machine's by default. */
  wall?: number;
  /** With a clock that is held. */
  held?: boolean;
  /** Its clock is ahead of the machine's by this much, milliseconds: no less than before it died. */
  ahead?: number;
  /** Dies at a step, perhaps before it is ready. */
  doom?: Doom | null;
  /** Sends every decrypted frame to the parent; true by default. */
  frames?: boolean;
}

export const BEGINNING = 'TEST_DAEMON_BEGINNING';
