/** What is being filled in to share a session, and what it lacks. */
import { printable } from '../../platform/printable.ts';
import { shortId } from '../../protocol/ids.ts';
import { typedHandles } from './sharing.ts';

export interface Draft {
  session: string | null;
  /** Connected people whose box is ticked. */
  chosen: readonly string[];
  /** Further handles, as typed. */
  typed: string;
  note: string;
  fromNow: boolean;
  withThinking: boolean;
}

/** Everybody who would get it, each once. */
export function recipientsOf({ chosen, typed }: Pick<Draft, 'chosen' | 'typed'>): string[] {
  return [...new Set([...chosen, ...typedHandles(typed)])];
}

/** Why it cannot be shared like this; null: it can. @param noteMax bytes */
export function draftProblem(draft: Draft, noteMax: number): string | null {
  if (draft.session === null) return 'Choose a session.';
  if (recipientsOf(draft).length === 0) return 'Choose with whom.';
  const bytes = new TextEncoder().encode(draft.note.trim()).length;
  return bytes > noteMax ? `The note is longer than ${noteMax} bytes.` : null;
}

/** A session in a list to choose from. */
export function optionText(project: string, session: string, cwd: string, shared: boolean): string {
  return printable(`${project} (${shortId(session)}), ${cwd}${shared ? ', shared already' : ''}`);
}
