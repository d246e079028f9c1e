/** What the history hears of the rooms. */
import { loginOf } from '../backend/persons.ts';
import type { Rooms } from '../rooms.ts';

/** Call once, before anything starts. */
export function noteHistory(rooms: Rooms): void {
  const { sharing, inbox, history } = rooms;
  sharing.on('changed', (session) => {
    const stored = sharing.get(session)?.stored;
    for (const { uid, login } of stored?.recipients ?? []) {
      history.began({ uid, handle: login, session, project: stored?.project ?? '', mine: true });
    }
  });
  sharing.on('ended', (session, reason, people) => {
    history.ended((share) => share.mine && share.session === session && people.includes(share.handle), reason);
  });
  inbox.on('changed', (uid, session) => {
    const header = inbox.of(uid).findLast(({ replica }) => replica.grant.session === session && replica.header)
      ?.replica.header;
    // Not before its header proved who shares it.
    if (header) history.began({ uid, handle: loginOf(rooms, uid), session, project: header.project, mine: false });
  });
  inbox.on('ended', (uid, session, reason) => {
    history.ended((share) => !share.mine && share.uid === uid && share.session === session, reason);
  });
}
