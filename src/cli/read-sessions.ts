/** Reads shared sessions through the daemon and prints them as text, as JSONL, or as one JSON object. */
import { TeammateSyncError } from '../errors.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import type { ReadEvent } from '../protocol/local-api.ts';
import { openClient } from './daemon-access.ts';
import { amount } from './output/count.ts';
import { EXIT } from './output/error.ts';
import type { Printer } from './output/printer.ts';
import { ALL_LINES, inRange } from './range.ts';
import { jsonView, rawView, textView, type View } from './render/views.ts';
import { toldLines } from './render/told.ts';
import type { VerbContext } from './verb.ts';
import type { ShowRequest } from './verbs/show.ts';
import { incomingText, showProgress } from './while-waiting.ts';

/**
 * @param sessions ids or unique prefixes
 * @returns 0, also when following was ended by Ctrl-C
 * @throws TeammateSyncError NO_LONGER_SHARED when a share ends while it is read, and what the daemon answers
 */
export async function readSessions(
  context: VerbContext,
  request: ShowRequest,
  sessions: readonly string[],
  format: 'text' | 'raw' | 'json',
): Promise<number> {
  const { io, out, err } = context;
  const stop = new AbortController();
  // Ctrl-C is how following ends. What is to be whole and is interrupted, ends as any program does.
  const release = request.follow ? io.onSignal(['SIGINT', 'SIGTERM'], () => stop.abort()) : () => {};
  // A followed session may be quiet for hours: leave when the reader does, not at the next turn.
  const signal = AbortSignal.any([stop.signal, out.gone]);
  try {
    const view = { text: textView, raw: rawView, json: jsonView }[format](out, request);
    for (const session of sessions) {
      if (sessions.length > 1) err.line('session ', session);
      await readOne(context, request, session, view, signal);
      if (signal.aborted) break;
    }
    await view.end?.();
    return EXIT.done;
  } finally {
    release();
  }
}

async function readOne(
  { io, err, json }: VerbContext,
  { handle, range, follow }: ShowRequest,
  session: string,
  view: View,
  signal: AbortSignal,
): Promise<void> {
  const events = openClient(io).read(handle, { session, from: range.from, to: range.to, follow }, signal);
  let caughtUp = false;
  const progress = showProgress(err, () => incomingText(io, handle, session));
  for await (const event of eachHeard(events, progress)) {
    if (event.type === 'turn') {
      if (range === ALL_LINES || isWanted(event.turn, range)) await view.turn(event.turn);
    } else if (event.type === 'session') {
      if (!json) err.lines(toldLines(event));
      await view.session(event);
    } else if (event.type === 'ended')
      throw new TeammateSyncError('NO_LONGER_SHARED', `the share ended: ${event.reason}`);
    else if (event.type === 'caughtUp') {
      caughtUp = true;
      // From here on it is quiet because nothing is said.
      progress.stop();
      if (!follow) return;
    } else {
      view.note(event);
      if (!json) tell(err, event);
    }
  }
  if (signal.aborted || caughtUp) return;
  throw new TeammateSyncError('DAEMON_NOT_RUNNING', 'the daemon went away while the session was read');
}

/** The events; what was shown while nothing came is taken away before each, and when they end. */
async function* eachHeard<T>(events: AsyncIterable<T>, progress: ReturnType<typeof showProgress>): AsyncGenerator<T> {
  try {
    for await (const event of events) {
      progress.heard();
      yield event;
    }
  } finally {
    progress.stop();
  }
}

/** Line numbers count in the conversation itself; a subagent's turns have their own. */
function isWanted(turn: Turn, range: ShowRequest['range']): boolean {
  return turn.source === MAIN_SOURCE && inRange(range, turn.line);
}

function tell(err: Printer, event: Extract<ReadEvent, { type: 'replaced' | 'missing' }>): void {
  if (event.type === 'replaced') err.line('note: the owner replaced what was sent before; forget what stands above');
  else if (event.overQuota)
    err.line(`note: ${amount(event.turns, 'turn')} not taken: over the quota; raise limits in config.json for more`);
  else if (event.coming) err.line(`note: ${amount(event.turns, 'turn')} still on the way; -f goes on as they come`);
  else err.line(`note: ${amount(event.turns, 'turn')} not on this machine yet; they come when the owner is back`);
}
