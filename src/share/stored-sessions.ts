/** Which sessions have a folder under state/share. */
import { readdirSync } from 'node:fs';
import { ensurePrivateDir } from '../platform/private-files.ts';
import { isSessionId } from '../protocol/ids.ts';

/** Session ids, in no order; makes the folder when there is none. @throws UNSAFE_FILE */
export function storedSessions(folder: string): string[] {
  ensurePrivateDir(folder);
  return readdirSync(folder).filter(isSessionId);
}
