/** Which process runs which conversation, and what changed in that: the rules, without clock, hooks or files. */
import type { EndedConversation, EndReason, LiveConversation, LiveProcess } from './live-conversation.ts';
import { snapshot } from './live-conversation.ts';

export type ConversationEvent =
  | { type: 'started' | 'changed'; conversation: LiveConversation }
  | { type: 'ended'; ended: EndedConversation };

/** What is known of a conversation that a process is put into. */
export interface ConversationFacts {
  session: string;
  cwd: string;
  transcriptPath: string | null;
  /** ISO 8601, for a conversation that is new. */
  now: string;
}

export class ConversationTable {
  readonly sessions = new Map<string, LiveConversation>();
  #events: ConversationEvent[] = [];

  /** What happened since the last call, in order. */
  takeEvents(): ConversationEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The conversation that this very process runs. */
  of(pid: number, startTime: string): LiveConversation | null {
    for (const conversation of this.sessions.values()) {
      if (conversation.processes.some((p) => p.pid === pid && p.startTime === startTime)) return conversation;
    }
    return null;
  }

  /**
   * Puts a process into a conversation and takes it out of any other: it can run only one. The conversation begins when
   * it was not there, and another one ends when this was its last process.
   */
  place(process: LiveProcess, facts: ConversationFacts, reasonForOthers: EndReason): void {
    const { session } = facts;
    const known = this.sessions.get(session);
    if (known) {
      known.processes = [...known.processes.filter((p) => p.pid !== process.pid), process];
      this.#events.push({ type: 'changed', conversation: snapshot(known) });
      this.describe(session, facts.cwd, facts.transcriptPath);
    } else {
      const { cwd, transcriptPath, now } = facts;
      const conversation = { session, cwd, transcriptPath, startedAt: now, processes: [process] };
      this.sessions.set(session, conversation);
      this.#events.push({ type: 'started', conversation: snapshot(conversation) });
    }
    for (const other of this.sessions.keys()) if (other !== session) this.leave(other, process.pid, reasonForOthers);
  }

  /** Takes a process out of a conversation, which ends with its last one. False when it was not in there. */
  leave(session: string, pid: number, reason: EndReason): boolean {
    const conversation = this.sessions.get(session);
    if (!conversation?.processes.some((p) => p.pid === pid)) return false;
    const left = conversation.processes.filter((p) => p.pid !== pid);
    if (left.length > 0) {
      conversation.processes = left;
      this.#events.push({ type: 'changed', conversation: snapshot(conversation) });
    } else {
      this.sessions.delete(session);
      this.#events.push({ type: 'ended', ended: { session, reason, conversation: snapshot(conversation) } });
    }
    return true;
  }

  /** Learns where a known conversation works and is written; what is already known is kept, except a newer path. */
  describe(session: string, cwd: string, transcriptPath: string | null): void {
    const known = this.sessions.get(session);
    if (!known) return;
    const newCwd = known.cwd || cwd;
    const newPath = transcriptPath ?? known.transcriptPath;
    if (newCwd === known.cwd && newPath === known.transcriptPath) return;
    known.cwd = newCwd;
    known.transcriptPath = newPath;
    this.#events.push({ type: 'changed', conversation: snapshot(known) });
  }

  /** Notes what Claude Code's registry says of a process. */
  characterise(process: LiveProcess, session: string): void {
    const conversation = this.sessions.get(session);
    const known = conversation?.processes.find((p) => p.pid === process.pid);
    if (!conversation || !known || (known.kind === process.kind && known.entrypoint === process.entrypoint)) return;
    Object.assign(known, process);
    this.#events.push({ type: 'changed', conversation: snapshot(conversation) });
  }
}
