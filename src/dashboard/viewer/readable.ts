/** Whether what is on the page may still be read: when it may not, nothing of it stays in view. */
import type { Inbox } from '../../protocol/local-api.ts';

interface Knowledge {
  people: readonly Inbox[];
  /** What is known is true now; else it was true when the daemon last answered. */
  isLive: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** A session is listed as readable, and while nobody can say whether that goes on, its lease has not run out. */
export function isReadable(of: { handle: string; session: string }, { people, isLive, now }: Knowledge): boolean {
  const listed = people
    .find(({ handle }) => handle === of.handle)
    ?.sessions.find(({ session }) => session === of.session);
  if (listed === undefined || listed.state === 'waiting') return false;
  return isLive || Date.parse(listed.leaseUntil) > now;
}
