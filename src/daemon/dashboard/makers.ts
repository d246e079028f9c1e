/** How the parts of the dashboard are made from the rooms: what is known here, without a question to GitHub or to a teammate. */
import type { Inbox } from '../../protocol/local-api.ts';
import { activity } from '../backend/activity.ts';
import { liveSessions } from '../backend/conversations.ts';
import type { Endings } from '../backend/endings.ts';
import { connectionsKnown } from '../backend/listings.ts';
import type { Presences } from '../backend/presence.ts';
import { inboxOf } from '../backend/reading.ts';
import { shared } from '../backend/shares.ts';
import { readableOf, status } from '../backend/status.ts';
import { teammatesKnown } from '../backend/teammates.ts';
import type { Rooms } from '../rooms.ts';
import type { PartMakers } from './parts.ts';

export interface MakersOptions {
  rooms: Rooms;
  startedAt: number;
  presences: Presences;
  endings: Endings;
}

export function partMakers({ rooms, startedAt, presences, endings }: MakersOptions): PartMakers {
  const inbox = inboxMaker(rooms, endings);
  return {
    status: () => status(rooms, startedAt, presences),
    sessions: async () => ({ sessions: await liveSessions(rooms) }),
    shared: () => shared(rooms),
    connections: () => connectionsKnown(rooms),
    teammates: () => teammatesKnown(rooms),
    inbox,
    activity: () => activity(rooms),
  };
}

/** Of each person again only when something of theirs has changed: it reads their newest turns for the time of the last. */
function inboxMaker(rooms: Rooms, endings: Endings): PartMakers['inbox'] {
  let known = new Map<string, { of: string; inbox: Inbox }>();
  return async () => {
    const next = new Map<string, { of: string; inbox: Inbox }>();
    for (const { uid, login } of rooms.people.all()) {
      const readable = readableOf(rooms, uid, login);
      if (readable.length === 0) continue;
      const of = JSON.stringify(readable);
      const before = known.get(login);
      next.set(login, before?.of === of ? before : { of, inbox: await withoutTexts(rooms, endings, login) });
    }
    known = next;
    return { people: [...next.values()].map(({ inbox }) => inbox) };
  };
}

async function withoutTexts(rooms: Rooms, endings: Endings, login: string): Promise<Inbox> {
  const { handle, sessions } = await inboxOf(rooms, endings, login, null);
  return { handle, sessions: sessions.map((session) => ({ ...session, newest: [] })) };
}
