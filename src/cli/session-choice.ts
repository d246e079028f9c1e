/** Which session a verb acts on. */
import { isSessionId } from '../protocol/ids.ts';
import type { SessionChoice } from '../protocol/local-api.ts';
import type { CliIo } from './io.ts';

/** What was named, else the one this runs in, else (null) the daemon picks the only one of this folder. */
export function sessionChoice(io: CliIo, named: string | null): SessionChoice {
  return { session: named ?? currentSession(io), cwd: io.cwd };
}

/** The Claude Code session whose shell this is, or null. */
export function currentSession(io: CliIo): string | null {
  const id = io.env['CLAUDE_CODE_SESSION_ID']?.toLowerCase();
  return id !== undefined && isSessionId(id) ? id : null;
}
