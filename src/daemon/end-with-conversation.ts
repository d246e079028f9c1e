/** A share dies with its conversation; who resumes that later is told with whom it was shared. */
import type { Rooms } from './rooms.ts';

/** Ends these shares, as far as they are any. Resolves when nothing of them is served any more. */
export async function endWithConversation({ sharing, told }: Rooms, sessions: readonly string[]): Promise<void> {
  const shared = sessions.flatMap((id) => sharing.get(id) ?? []);
  for (const { id, stored } of shared) {
    const { project, cwd, recipients } = stored;
    if (recipients.length > 0) told.shareEnded({ session: id, project, cwd, to: recipients.map(({ uid }) => uid) });
  }
  await sharing.unshare(
    shared.map(({ id }) => id),
    null,
    'ended',
  );
}
