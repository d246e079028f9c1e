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

export async function liveSessions({ live, sharing }: Rooms): Promise<LiveSession[]> {
  return Promise.all(
    live.list().map(async ({ session, cwd, transcriptPath, startedAt }) => ({
      session,
      project: await projectName(cwd),
      cwd,
      transcriptPath: transcriptPath ?? '',
      startedAt,
      shared: sharing.get(session) !== null,
    })),
  );
}

/** The live conversation that is meant: by id, by prefix, or the only one of the folder. @throws NO_SESSION, AMBIGUOUS_SESSION */
export async function chooseLive(rooms: Rooms, choice: SessionChoice): Promise<Conversation> {
  const all = await liveSessions(rooms);
  const none = (what: string): TeammateSyncError =>
    new TeammateSyncError('NO_SESSION', what, {
      details: { candidates: all.map(({ session, project }) => ({ session, project })) },
    });
  let chosen: LiveSession | undefined;
  if (choice.session !== null) {
    const typed = choice.session;
    const id = pickSession(all, typed, () => none(`no live conversation here begins with ${JSON.stringify(typed)}`));
    chosen = all.find((s) => s.session === id);
  } else {
    const here = all.filter((s) => sameFolder(s.cwd, choice.cwd));
    if (here.length > 1) throw severalHere(here);
    [chosen] = here;
  }
  if (!chosen) throw none('no Claude Code conversation lives in this folder');
  if (chosen.transcriptPath === '') {
    throw new TeammateSyncError('NO_SESSION', `conversation ${shortId(chosen.session)} has no transcript yet`, {
      hint: 'type a first prompt in it, then share',
    });
  }
  const { session, project, cwd, transcriptPath } = chosen;
  return { session, project, cwd, transcriptPath };
}
