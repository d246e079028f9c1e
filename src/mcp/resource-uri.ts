/** `teammate-sync://marie/7f3c…`: a shared session as a resource. */
import { normaliseHandle } from '../protocol/ids.ts';
import type { Readable } from './readable.ts';

const SCHEME = 'teammate-sync://';

export const URI_TEMPLATE = `${SCHEME}{handle}/{session}`;

export function uriOf({ handle, session }: Readable): string {
  return `${SCHEME}${handle}/${session}`;
}

/** The session may be the beginning of an id. Null: it is none of ours. */
export function readUri(uri: string): Readable | null {
  const [, typed = '', session = ''] = /^teammate-sync:\/\/([\w@-]{1,80})\/([0-9a-fA-F-]{1,64})$/.exec(uri) ?? [];
  const handle = normaliseHandle(typed);
  return handle === null || session === '' ? null : { handle, session: session.toLowerCase() };
}
