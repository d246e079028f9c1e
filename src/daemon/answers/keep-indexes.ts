/** The indexes of what can be read here: of what teammates share, and of one's own as they have it. */
import type { Inbox } from '../../inbox/index.ts';
import { ownCores } from '../own-cores.ts';
import type { Rooms } from '../rooms.ts';
import { IndexKeeper } from './index-keeper.ts';

export function keepIndexes(rooms: { inbox: Inbox } & Pick<Rooms, 'sharing' | 'live' | 'self'>): IndexKeeper {
  const { inbox, sharing, self } = rooms;
  const keeper = new IndexKeeper((uid, session) => {
    const held = uid === self.uid ? ownCores(rooms, session, null) : inbox.of(uid);
    return held.flatMap(({ replica }) => (replica.grant.session === session ? [replica] : []));
  });
  inbox.on('changed', (uid, session) => keeper.changed(uid, session));
  sharing.on('changed', (session) => keeper.changed(self.uid, session));
  sharing.on('ended', (session) => keeper.changed(self.uid, session));
  return keeper;
}
