/** One's own shared session as its recipients have it: read from the very cores that they get. Nobody is told of that. */
import { TeammateSyncError } from '../../errors.ts';
import type { ReadableGeneration } from '../../inbox/index.ts';
import { shortId } from '../../protocol/ids.ts';
import type { SharedSession } from '../../share/index.ts';
import { ownCores } from '../own-cores.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';
import { loginOf } from './persons.ts';

/** A session of one's own, and whose eyes it is seen with. */
export interface OwnView {
  session: string;
  /** One of its recipients, who may have a later beginning than others; null: all that is shared of it. */
  as: { uid: number; login: string } | null;
}

/**
 * @param typed an id or prefix; null: the only one that is shared
 * @param as handle of a recipient; null: of them all
 * @throws NOT_SHARED, AMBIGUOUS_SESSION, NO_SESSION
 */
export function chooseOwn(rooms: Rooms, typed: string | null, as: string | null): OwnView {
  const all = rooms.sharing.list();
  if (all.length === 0) throw new TeammateSyncError('NOT_SHARED', 'you share no session now');
  const views = all.flatMap((shared): (OwnView & { project: string })[] => {
    const recipient = as === null ? null : recipientOf(rooms, shared, as);
    if (recipient === undefined) return [];
    return [{ session: shared.id, as: recipient, project: shared.stored.project }];
  });
  const [only] = views;
  const whom = as === null ? '' : ` with ${as}`;
  if (typed === null && only !== undefined && views.length === 1) return only;
  if (typed === null && views.length > 1) {
    throw new TeammateSyncError('AMBIGUOUS_SESSION', `you share ${views.length} sessions${whom}`, {
      hint: 'name one by the beginning of its id: see `teammate-sync shared`',
      details: { candidates: views.map(({ session, project }) => ({ session, project })) },
    });
  }
  const named = typed === null ? '' : ` that begins with ${JSON.stringify(typed)}`;
  const none = new TeammateSyncError('NOT_SHARED', `you share no session${named}${whom}`);
  const session = pickSession(views, typed ?? '', () => none);
  const view = views.find((one) => one.session === session);
  if (!view) throw none;
  return view;
}

/** @throws BAD_REQUEST for somebody else's session: only of one's own is it known who has what */
export function requireNoView(as: string | undefined): void {
  if (as === undefined) return;
  throw new TeammateSyncError('BAD_REQUEST', 'only your own session can be looked at as somebody else');
}

/** Nothing once they may not read it any more. */
export function ownGenerations(rooms: Rooms, { session, as }: OwnView): ReadableGeneration[] {
  return ownCores(rooms, session, as?.uid ?? null);
}

/** Resolves when something of it has changed, or when aborted. */
export function ownChanged({ sharing }: Rooms, { session }: OwnView, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sharing.off('changed', look);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const look = (changed: string): void => {
      if (changed === session) done();
    };
    sharing.on('changed', look);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Why nothing of it can be read. */
export function ownEnded({ sharing }: Rooms, { session, as }: OwnView): string {
  const shared = sharing.get(session);
  if (!shared || as === null) return `session ${shortId(session)} is no longer shared`;
  if (!shared.stored.recipients.some(({ uid }) => uid === as.uid)) {
    return `session ${shortId(session)} is no longer shared with ${as.login}`;
  }
  return `what ${as.login} gets of session ${shortId(session)} is just being made anew; look again in a moment`;
}

function recipientOf(rooms: Rooms, { stored }: SharedSession, typed: string): OwnView['as'] | undefined {
  const handle = typed.replace(/^@/, '').toLowerCase();
  const known = stored.recipients.map(({ uid }) => ({ uid, login: loginOf(rooms, uid) }));
  return known.find(({ login }) => login.toLowerCase() === handle);
}
