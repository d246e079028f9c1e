/** What the history hears of the rooms. */
import { shortId } from '../../protocol/ids.ts';
import { loginOf } from '../backend/persons.ts';
import type { Rooms } from '../rooms.ts';

/** Call once, before anything starts. */
export function noteHistory(rooms: Rooms): void {
  const { sharing, connections, inbox, history } = rooms;
  const begun = (session: string): void => {
    const stored = sharing.get(session)?.stored;
    for (const { uid, login } of stored?.recipients ?? []) {
      // An invite shares nothing before it is accepted.
      if (connections.relation(uid) !== 'connected') continue;
      history.began({ uid, handle: login, session, project: stored?.project ?? '', mine: true });
    }
  };
  sharing.on('changed', begun);
  connections.on('connected', () => {
    for (const { id } of sharing.list()) begun(id);
  });
  sharing.on('ended', (session, reason, people) => {
    history.ended((share) => share.mine && share.session === session && people.includes(share.handle), reason);
  });
  inbox.on('changed', (uid, session) => {
    const header = inbox.of(uid).findLast(({ replica }) => replica.grant.session === session && replica.header)
      ?.replica.header;
    // Not before its header proved who shares it.
    // Of what is over nothing is left here that names it: so only the part of its id that people are shown.
    if (header)
      history.began({
        uid,
        handle: loginOf(rooms, uid),
        session: shortId(session),
        project: header.project,
        mine: false,
      });
  });
  inbox.on('ended', (uid, session, reason) => {
    history.ended((share) => !share.mine && share.uid === uid && share.session === shortId(session), reason);
  });
}
