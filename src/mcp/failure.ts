/** What went wrong, in words for a model and for the person it works for: what it means, and what to do next. */
import { type ErrorCode, TeammateSyncError } from '../errors.ts';
import { isObject } from '../protocol/is-object.ts';
import { BadArgument } from './arguments.ts';
import { heading, type Line, line, message, name, session } from './text/line.ts';
import type { Answer, Quoted } from './text/render.ts';

interface Meaning {
  /** What follows on the daemon's own words. */
  next: Line;
  /** False where the call was answered, and this is the answer. */
  failed: boolean;
}

const tell = line`Only the user can do that: tell them to type it in a terminal of their own.`;

const MEANINGS: Partial<Record<ErrorCode, Meaning>> = {
  NOT_SET_UP: {
    next: line`The user sets it up with \`teammate-sync init --org <their GitHub org>\`, then \`teammate-sync up\`. ${tell}`,
    failed: true,
  },
  DAEMON_NOT_RUNNING: {
    next: line`The user starts it with \`teammate-sync up\`. ${tell} Then call this tool again.`,
    failed: true,
  },
  VERSION_SKEW: {
    next: line`The user runs \`teammate-sync down\` and \`teammate-sync up\`, and restarts Claude Code if that does not help. ${tell}`,
    failed: true,
  },
  NOTHING_SHARED_WITH_ME: {
    next: line`So there is nothing to read. A teammate shares a session by typing \`/share <handle of the user>\` in Claude Code; the user accepts with \`/accept <their handle>\`. list_teammates says who is connected.`,
    failed: false,
  },
  NOT_CONNECTED: {
    next: line`They have to share a session with the user, and the user has to accept: \`/accept <handle>\`. list_teammates says who is connected and who waits for an answer.`,
    failed: false,
  },
  NO_SUCH_PERSON: {
    next: line`Check the handle: list_teammates names everyone with whom there are ties.`,
    failed: true,
  },
  ONESELF: {
    next: line`That is the user's own account. These tools read what teammates share; name a teammate.`,
    failed: true,
  },
  NO_SESSION: { next: line`Check the id: list_shared_sessions lists what is shared now.`, failed: true },
  AMBIGUOUS_SESSION: {
    next: line`Call again with \`session\`: more characters of the id of one of them. They are:`,
    failed: true,
  },
  NO_LONGER_SHARED: {
    next: line`Its copy was removed from this machine: nothing of it can be read or quoted any more.`,
    failed: false,
  },
  NO_CITATION: {
    next: line`Ask again with query_teammate_context and use an id of that answer, or give the whole citation as printed: \`@handle · project · session…:L1-2\`.`,
    failed: true,
  },
  CITATION_UNPROVED: {
    next: line`Do not rely on it, and tell the user: what stands there could not be proved to be what its owner signed.`,
    failed: true,
  },
  NOT_HERE_YET: {
    next: line`It can be read once that teammate's machine is online again. Tell the user; asking again at once does not help.`,
    failed: false,
  },
  BLOCKED: {
    next: line`The user has blocked this person. To undo it: \`teammate-sync unblock <handle>\`. ${tell}`,
    failed: true,
  },
  STALE: { next: line`It goes on by itself once GitHub answers again.`, failed: true },
  CURSOR_STALE: { next: line`Call again without the cursor, to begin anew.`, failed: true },
  BAD_REQUEST: { next: line`Change the arguments and call again.`, failed: true },
};

const OTHERWISE: Meaning = {
  next: line`\`teammate-sync status\` and \`teammate-sync doctor\` say more. ${tell}`,
  failed: true,
};

/** Never throws, and never shows a stack: what is not ours is not repeated. */
export function failureAnswer(thrown: unknown): Answer {
  if (thrown instanceof BadArgument) {
    return { head: [line`Not asked: ${thrown.line}.`], quoted: [], foot: [], failed: true };
  }
  if (!(thrown instanceof TeammateSyncError) || thrown.code === 'INTERNAL') {
    const said = thrown instanceof TeammateSyncError ? line`: ${message(withoutPaths(thrown.message))}` : line``;
    return { head: [line`teammate-sync failed${said}.`, OTHERWISE.next], quoted: [], foot: [], failed: true };
  }
  const { next, failed } = MEANINGS[thrown.code] ?? OTHERWISE;
  const hint = MEANINGS[thrown.code] === undefined ? [line`What helps: ${message(thrown.hint)}.`] : [];
  const head = [line`${message(withoutPaths(thrown.message))}.`, ...hint, next];
  return { head, quoted: candidatesOf(thrown.details), foot: [], failed };
}

/** Paths of this machine are of no use to a model. */
function withoutPaths(text: string): string {
  return text.replaceAll(/(?<![\w:/.-])(?:\/[\w.@-]+){2,}/g, '<path>');
}

/** The sessions that were meant by an ambiguous name. */
function candidatesOf(details: unknown): Quoted[] {
  const candidates: unknown = isObject(details) ? details['candidates'] : null;
  if (!Array.isArray(candidates)) return [];
  return candidates.slice(0, 50).flatMap((one: unknown) => {
    if (!isObject(one) || typeof one['session'] !== 'string') return [];
    const project = typeof one['project'] === 'string' && one['project'] !== '' ? one['project'] : '?';
    return [{ heading: heading`[${session(one['session'])}] ${name(one['session'])} project ${name(project)}` }];
  });
}
