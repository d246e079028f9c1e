/**
 * Capture: finds, follows and parses Claude Code's transcripts, and knows which conversations live on this machine.
 *
 * It never writes to, locks or creates anything in Claude Code's folders, and never decides by phrases: what is kept of
 * a transcript follows from record types, flags and ids.
 *
 * Invariants:
 * - A turn that leaves here passes `turnDecoder` and serialises to at most ENTRY_MAX_BYTES, whatever the file holds.
 * - Results of our own tools and commands are left out, and so is every result whose call was not seen: what a teammate
 *   shared with the owner is never shared on. This also holds after a resume or a reset.
 * - Thinking is only in turns of kind `thinking`, which hold nothing else.
 * - The turns of a file do not depend on how its growth was cut into reads.
 * - When a file turns out to be another than the one that was read, `reset` says so before any turn of the new one.
 * - A conversation lives as long as one of its processes does; a failure to ask the system ends none.
 */
export { createRecordMemory, type RecordMemory } from './record-memory.ts';
export { type LinePlace, parseRecord } from './parse-record.ts';
export type { ResumePoint } from './source-reader.ts';
export {
  openTranscript,
  type Transcript,
  type TranscriptOptions,
  type TranscriptRead,
  type TranscriptReset,
} from './transcript.ts';
export { watchTranscript } from './transcript-watch.ts';
export { projectName } from './project-name.ts';
export { type ClaudeTurns, createClaudeTurns } from './claude-turns.ts';
export { createLiveSessions, type LiveSessions, type LiveSessionsOptions } from './live-sessions.ts';
export type { EndedConversation, EndReason, LiveConversation, LiveProcess } from './live-conversation.ts';
