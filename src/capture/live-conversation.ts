/** A conversation that lives on this machine, and how such conversations are kept on disk. */
import { type Decoder, int, list, nullable, object, oneOf, optional, text } from '../protocol/decode.ts';
import { sessionId } from '../protocol/ids.ts';
import { parseJson } from '../protocol/json.ts';

/** A process that runs a conversation. */
export interface LiveProcess {
  pid: number;
  /** As {@link ProcessTable.startTime} gave it: with the pid it names one process for good. */
  startTime: string;
  /** Where Claude Code's registry knows this process: `interactive`, … */
  kind?: string;
  /** Where Claude Code's registry knows this process: `cli`, `sdk-cli`, … */
  entrypoint?: string;
}

export interface LiveConversation {
  session: string;
  cwd: string;
  /** Absolute; the file itself may not exist yet. Null until a hook told it or the file was found. */
  transcriptPath: string | null;
  /** When it was first seen, ISO 8601. */
  startedAt: string;
  /** Never empty. */
  processes: LiveProcess[];
}

/**
 * exit: the person left · clear, resume: the process went on to another conversation, by /clear, by /branch or /resume ·
 * logout, other: Claude Code's words · moved: the process turned up in another conversation · process-gone: it died
 */
export type EndReason = 'exit' | 'clear' | 'resume' | 'logout' | 'other' | 'moved' | 'process-gone';

export interface EndedConversation {
  session: string;
  reason: EndReason;
  /** As it was with its last process. */
  conversation: LiveConversation;
}

const STATE_MAX_BYTES = 4 * 1024 * 1024;
/** Of what is kept; a longer path is none that a system has. */
export const PATH_MAX_BYTES = 4096;
const NAME_MAX_BYTES = 64;
const VERSION = 1;

const process: Decoder<LiveProcess> = object({
  pid: int(1),
  startTime: text(128),
  kind: optional(text(NAME_MAX_BYTES)),
  entrypoint: optional(text(NAME_MAX_BYTES)),
});

const state = object({
  v: oneOf(VERSION),
  sessions: list(
    object({
      session: sessionId,
      cwd: text(PATH_MAX_BYTES),
      transcriptPath: nullable(text(PATH_MAX_BYTES)),
      startedAt: text(NAME_MAX_BYTES),
      processes: list(process, 1024),
    }),
    65_536,
  ),
});

/** @throws DecodeError when the bytes are not such a state */
export function decodeState(bytes: Uint8Array): LiveConversation[] {
  return parseJson(bytes, STATE_MAX_BYTES, state, 'sessions').sessions;
}

export function encodeState(sessions: readonly LiveConversation[]): Buffer {
  return Buffer.from(JSON.stringify({ v: VERSION, sessions }));
}

/** A copy that the receiver may keep: later changes do not show in it. */
export function snapshot(conversation: LiveConversation): LiveConversation {
  return { ...conversation, processes: conversation.processes.map((p) => ({ ...p })) };
}
