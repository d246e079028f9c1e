/** What can be read now, by the daemon's own word: for lists and completions. Names only, and nothing is kept of them. */
import type { Client } from '../client/index.ts';
import { isSessionId, normaliseHandle } from '../protocol/ids.ts';

export interface Readable {
  handle: string;
  session: string;
}

/** Sessions that can be read now, in a fixed order. @throws TeammateSyncError as `status` does */
export async function readableNow(client: Client): Promise<Readable[]> {
  const { readable } = await client.call('status');
  return readable
    .filter(({ state, handle, session }) => state !== 'waiting' && normaliseHandle(handle) && isSessionId(session))
    .map(({ handle, session }) => ({ handle: handle.toLowerCase(), session }))
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

/** What orders them. */
export function keyOf({ handle, session }: Readable): string {
  return `${handle}/${session}`;
}
