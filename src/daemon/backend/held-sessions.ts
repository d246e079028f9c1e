/** What teammates share with me, by session, and which of it is meant. */
import { TeammateSyncError } from '../../errors.ts';
import type { HeldGeneration } from '../../inbox/index.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';
import type { Endings } from './endings.ts';

/** What is held of a person, by session, after a look at the leases. */
export function inboxSessions({ inbox }: Rooms, uid: number): Map<string, HeldGeneration[]> {
  inbox.sweep();
  const sessions = new Map<string, HeldGeneration[]>();
  for (const held of inbox.of(uid)) {
    const { session } = held.replica.grant;
    sessions.set(session, [...(sessions.get(session) ?? []), held]);
  }
  return sessions;
}

export function nothingShared(
  rooms: Rooms,
  endings: Endings,
  person: { uid: number; login: string },
): TeammateSyncError {
  const relation = rooms.connections.relation(person.uid);
  if (relation === 'pendingIn') {
    return new TeammateSyncError('NOT_CONNECTED', `you have not accepted the invite of ${person.login} yet`, {
      hint: `type \`teammate-sync accept ${person.login}\``,
    });
  }
  if (relation !== 'connected') {
    return new TeammateSyncError('NOT_CONNECTED', `you are not connected with ${person.login}`);
  }
  const reason = endings.lastReason(person.uid);
  const why = reason === null ? '' : `; the last share ended (${reason})`;
  return new TeammateSyncError('NOTHING_SHARED_WITH_ME', `${person.login} shares nothing with you now${why}`);
}

/** The session that is meant. @throws NOTHING_SHARED_WITH_ME, NOT_CONNECTED, AMBIGUOUS_SESSION, NO_SESSION, NO_LONGER_SHARED, NOT_HERE_YET */
export function choose(
  rooms: Rooms,
  endings: Endings,
  person: { uid: number; login: string },
  typed: string | null,
): string {
  const held = inboxSessions(rooms, person.uid);
  const waiting = rooms.inbox.waiting(person.uid).map((r) => r.session);
  const candidates = [...held].map(([session, generations]) => ({
    session,
    project: generations.findLast((g) => g.replica.header)?.replica.header?.project ?? '',
  }));
  for (const session of waiting) if (!held.has(session)) candidates.push({ session, project: '' });
  const none = (): TeammateSyncError => {
    const ended = typed === null ? null : endings.endedLike(person.uid, typed);
    if (ended)
      return new TeammateSyncError(
        'NO_LONGER_SHARED',
        `session ${shortId(ended)} of ${person.login} is no longer shared (${endings.reason(person.uid, ended)})`,
      );
    if (candidates.length === 0) return nothingShared(rooms, endings, person);
    return new TeammateSyncError(
      'NO_SESSION',
      `${person.login} shares no session that begins with ${JSON.stringify(typed)}`,
      {
        hint: `see \`teammate-sync show ${person.login}\``,
      },
    );
  };
  const session = typed === null && candidates.length === 1 ? candidates[0]?.session : undefined;
  if (session === undefined && typed === null && candidates.length > 1) {
    throw new TeammateSyncError('AMBIGUOUS_SESSION', `${person.login} shares ${candidates.length} sessions with you`, {
      hint: `name one: \`teammate-sync show ${person.login} <id>\``,
      details: { candidates },
    });
  }
  const chosen = session ?? pickSession(candidates, typed ?? '', none);
  if (held.has(chosen)) return chosen;
  throw new TeammateSyncError(
    'NOT_HERE_YET',
    `session ${shortId(chosen)} waits for ${person.login}'s machine: its key is not kept here`,
    {
      hint: 'it comes back by itself when their daemon is reachable and the conversation still lives',
    },
  );
}
