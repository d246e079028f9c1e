/** Who read which of our lines. */
import { bytesOf, deviceFingerprint } from '../../identity/index.ts';
import type { ActivityResponse } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';
import { iso, loginOf } from './persons.ts';

export function activity(rooms: Rooms): ActivityResponse {
  const entries = rooms.activity.reads.map(
    ({ uid, sign, session, project, with: reader, source, ranges, first, at }) => ({
      handle: loginOf(rooms, uid),
      device: deviceFingerprint(bytesOf(sign)),
      session,
      project,
      shared: rooms.sharing.get(session)?.stored.recipients.some((one) => one.uid === uid) ?? false,
      with: reader,
      source,
      ranges,
      first: iso(first),
      last: iso(at),
    }),
  );
  const history = rooms.history.events.map(({ at, uid, session, project, mine, what, reason }) => {
    return { at: iso(at), handle: loginOf(rooms, uid), session, project, mine, what, reason };
  });
  return { entries, history };
}
