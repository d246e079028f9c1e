/** Between a test and a daemon in a process of its own. */
import type { Doom, StepKind } from './mortality.ts';

export type ToDaemon =
  | { type: 'pass'; ms: number }
  | { type: 'setWall'; unixMs: number }
  | { type: 'hold' }
  | { type: 'release' }
  | { type: 'doom'; doom: Doom | null }
  | { type: 'stop' };

/** Answers one message other than `stop`. */
export interface Steered {
  type: 'steered';
  now: number;
  /** How often this process has looked for missing contacts, and how often it has dialled. */
  looks: number;
  dials: number;
}

export type FromDaemon =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | Steered
  | { type: 'dying'; kind: StepKind; what: string }
  | { type: 'frame'; direction: 'in' | 'out'; remote: string; bytes: string };

/** How a daemon process begins, in its environment variable {@link BEGINNING}. */
export interface Beginning {
  /** With a clock that is held. */
  held?: boolean;
  /** Dies at a step, perhaps before it is ready. */
  doom?: Doom | null;
  /** Sends every decrypted frame to the parent; true by default. */
  frames?: boolean;
}

export const BEGINNING = 'TEST_DAEMON_BEGINNING';
