/** What a shared session is given, and what it tells those who serve it. */
import type { Self } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { CorePool } from '../platform/core-pool.ts';
import type { StateFile } from '../platform/state-file.ts';
import type { Redaction } from '../redact/index.ts';
import type { Generation } from './generation.ts';
import type { StoredSession } from './store.ts';

export interface SharedSessionOptions {
  folder: string;
  file: StateFile<StoredSession>;
  self: Self;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  redaction: Pick<Redaction, 'open'>;
  cores: CorePool;
  /** A generation was begun or replaced: grants must follow. */
  onGenerations: () => void;
  /** Turns were appended. */
  onAppended: () => void;
  /** There is more of a generation than some device may know. */
  onUnheard: (generation: Generation) => void;
  onError: (error: unknown) => void;
}
