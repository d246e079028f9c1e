/** What the daemon and its redaction thread tell each other. Both are of the same build, so nothing is decoded. */
import type { ErrorCode } from '../errors.ts';
import type { Entry } from './entry.ts';

/** The last line of a source that was taken before, and the uuid of its record. */
export interface TakenLine {
  line: number;
  uuid: string;
}

export interface SourceOptions {
  /** Of the transcript's main file. */
  path: string;
  /** Per source what was taken before: it is passed over, and must still be there. */
  resume: ReadonlyMap<string, TakenLine>;
  /** The last title that was taken before. */
  title: string | null;
  /** Of the marks, 32 bytes: see RedactorOptions. */
  key: Uint8Array;
  withThinking: boolean;
}

export type ToThread =
  | ({ type: 'open'; id: number } & SourceOptions)
  | { type: 'read'; id: number }
  | { type: 'close'; id: number };

/** What the next read of a transcript gave. */
export interface ReadAnswer {
  type: 'read';
  id: number;
  /** Their `json` stand one after the other in `bytes`, which is handed over, not copied. */
  entries: (Omit<Entry, 'json'> & { length: number })[];
  bytes: ArrayBuffer;
  /** How often each rule found a secret. */
  masked: Map<string, number>;
  /** The last title among these entries or before. */
  title: string | null;
  caughtUp: boolean;
  /** Of the transcript, not taken yet; for telling how far it is. */
  bytesBehind: number;
  /** Why all that was read before is void; then there are no entries. */
  reset: string | null;
}

export type FromThread = ReadAnswer | { type: 'failed'; id: number; code: ErrorCode; message: string };
