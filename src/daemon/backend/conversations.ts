/** Which conversation a verb means. */
import { projectName } from '../../capture/index.ts';
import { TeammateSyncError } from '../../errors.ts';
import { realpathSync } from 'node:fs';
import { matchPrefix, shortId } from '../../protocol/ids.ts';
import type { LiveSession, SessionChoice } from '../../protocol/local-api.ts';
import type { Conversation } from '../../share/index.ts';
import type { Rooms } from '../rooms.ts';

/** One of `ids` by a typed prefix. @throws AMBIGUOUS_SESSION with the candidates, or what `none` makes */
export function pickSession(
  candidates: { session: string; project: string }[],
  typed: string,
  none: () => TeammateSyncError,
): string {
  const found = matchPrefix(
    candidates.map((c) => c.session),
    typed,
  );
  const [only] = found;
  if (only === undefined) throw none();
  if (found.length === 1) return only;
  throw new TeammateSyncError('AMBIGUOUS_SESSION', `${JSON.stringify(typed)} begins ${found.length} session ids`, {
    details: { candidates: candidates.filter((c) => found.includes(c.session)) },
  });
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** Whether two paths name one folder, whatever links lead there. */
export function sameFolder(a: string, b: string): boolean {
  return real(a) === real(b);
}

/** Why a folder alone does not say which conversation is meant. */
export function severalHere(here: { session: string; project: string }[]): TeammateSyncError {
  return new TeammateSyncError('AMBIGUOUS_SESSION', `${here.length} conversations of this folder could be meant`, {
    hint: 'name one by the beginning of its id',
    details: { candidates: here.map(({ session, project }) => ({ session, project })) },
  });
}

export async function liveSessions(rooms: Rooms): Promise<LiveSession[]> {
  return Promise.all(rooms.live.list().map((one) => describeLive(rooms, one)));
}

type Live = ReturnType<Rooms['live']['list']>[number];

async function describeLive({ sharing }: Rooms, one: Live): Promise<LiveSession> {
  const { session, cwd, transcriptPath, startedAt } = one;
  const project = await projectName(cwd);
  return {
    session,
    project,
    cwd,
    transcriptPath: transcriptPath ?? '',
    startedAt,
    shared: sharing.get(session) !== null,
  };
}

/** The live conversation that is meant: by id, by prefix, or the only one of the folder. @throws NO_SESSION, AMBIGUOUS_SESSION */
export async function chooseLive(rooms: Rooms, choice: SessionChoice): Promise<Conversation> {
  const one = await meant(rooms, choice);
  const { session, project, cwd, transcriptPath } = await describeLive(rooms, one);
  if (transcriptPath === '') {
    throw new TeammateSyncError('NO_SESSION', `conversation ${shortId(session)} has no transcript yet`, {
      hint: 'type a first prompt in it, then share',
    });
  }
  return { session, project, cwd, transcriptPath };
}

/** Projects are looked up on disk: of many conversations only where they are shown. */
async function meant(rooms: Rooms, choice: SessionChoice): Promise<Live> {
  const all = rooms.live.list();
  const exact = all.find((one) => one.session === choice.session);
  if (exact) return exact;
  const here = all.filter((one) => choice.session === null && sameFolder(one.cwd, choice.cwd));
  const [only] = here;
  if (only && here.length === 1) return only;
  const described = await liveSessions(rooms);
  const none = (what: string): TeammateSyncError =>
    new TeammateSyncError('NO_SESSION', what, {
      details: { candidates: described.map(({ session, project }) => ({ session, project })) },
    });
  if (choice.session === null) {
    if (here.length === 0) throw none('no Claude Code conversation lives in this folder');
    throw severalHere(described.filter((d) => here.some((one) => one.session === d.session)));
  }
  const typed = choice.session;
  const id = pickSession(described, typed, () =>
    none(`no live conversation here begins with ${JSON.stringify(typed)}`),
  );
  const found = all.find((one) => one.session === id);
  if (!found) throw none('this conversation has just ended');
  return found;
}
