/** What was widened is shown at once, with its undo: in the answer, and where it was not typed there, in Claude Code and on the desktop. */
import type { LiveProcess } from '../../capture/index.ts';
import type { Caller } from '../../protocol/caller.ts';
import type {
  PersonResponse,
  ShareOutcome,
  ShareRequest,
  ShareResponse,
  TrustResponse,
} from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Rooms } from '../rooms.ts';

/** As notices name a process. */
export function processName({ pid, startTime }: LiveProcess): string {
  return `${pid} ${startTime}`;
}

/** Where somebody asks. */
const PLACE: Readonly<Record<Caller['via'], string>> = {
  hook: 'another conversation',
  terminal: 'a terminal',
  dashboard: 'the dashboard',
};

/** @param session whose access was widened; null: it concerns none */
function tell(rooms: Rooms, caller: Caller | null, session: string | null, what: string, undo: string): void {
  const { told, desktop, live } = rooms;
  const running = caller?.via === 'hook' ? (live.get(caller.session)?.processes ?? []) : [];
  const typedHere = caller?.via === 'hook' && (session === null || caller.session === session);
  // Where another process runs the same conversation, whoever sits before that one is told.
  if (typedHere && running.length <= 1) return;
  const from = typedHere ? 'another window of it' : PLACE[caller?.via ?? 'terminal'];
  const asking = running.find(({ pid }) => caller?.via === 'hook' && pid === caller.claude);
  told.note(session, `${what}, asked from ${from}; ${undo}`, typedHere && asking ? processName(asking) : null);
  desktop.message(`${what}, asked from ${from}`);
}

/** Who is on the list already: nothing was widened for them, but by thinking. */
const UNCHANGED: ReadonlySet<ShareOutcome['outcome']> = new Set(['already', 'unanswered']);

export function sharedWider(rooms: Rooms, caller: Caller | null, request: ShareRequest, answer: ShareResponse): void {
  const { session, project, people } = answer;
  if (people.some(({ outcome }) => outcome !== 'declined')) rooms.told.forgetEnded(session);
  const added = people.filter(
    ({ outcome }) => outcome !== 'declined' && (!UNCHANGED.has(outcome) || request.withThinking),
  );
  if (added.length === 0) return;
  const names = added.map(({ handle, outcome }) =>
    outcome === 'shared' || outcome === 'already' ? handle : `${handle} (invited)`,
  );
  const thinking = request.withThinking ? ', with thinking' : '';
  const undo = `/unshare --from ${added.map(({ handle }) => handle).join(',')} ends it`;
  tell(
    rooms,
    caller,
    session,
    `${project} (${shortId(session)}) is now shared with ${names.join(', ')}${thinking}`,
    undo,
  );
}

export function acceptedWider(rooms: Rooms, caller: Caller | null, { handle }: PersonResponse): void {
  tell(rooms, caller, null, `you are now connected with ${handle}`, `/disconnect ${handle} ends it`);
}

export function unblockedWider(rooms: Rooms, caller: Caller | null, { handle }: PersonResponse): void {
  tell(rooms, caller, null, `${handle} is no longer blocked`, `teammate-sync block ${handle} blocks them again`);
}

export function trustedWider(rooms: Rooms, caller: Caller | null, { handle, own, trusted }: TrustResponse): void {
  if (!trusted) return;
  const undo = own ? `teammate-sync revoke ${trusted.code}` : `teammate-sync block ${handle}`;
  tell(rooms, caller, null, `the device ${trusted.code} of ${handle} is now trusted`, `${undo} ends it`);
}

export function comparedWider(rooms: Rooms, caller: Caller | null, handle: string): void {
  const look = `teammate-sync verify ${handle} shows it`;
  tell(rooms, caller, null, `the safety number with ${handle} is now marked as compared`, look);
}
