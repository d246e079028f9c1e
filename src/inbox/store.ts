/**
 * What is kept between starts of what teammates share: enough to wipe it in time and to know that it waits for its owner.
 * No key, no title, no text: after a restart the owner's device grants again.
 */
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { b64, type Decoded, int, list, object, oneOf, text } from '../protocol/decode.ts';

const replica = object({
  core: b64(32),
  owner: object({ uid: int(1), sign: b64(32) }),
  session: text(36),
  gen: int(1),
  /** Unix milliseconds of our own clock. */
  receivedAt: int(0),
  until: int(0),
});

const file = object({ v: oneOf(1), replicas: list(replica, 100_000) });

export type StoredReplica = Decoded<typeof replica>;
export type InboxFile = Decoded<typeof file>;

export function openInboxStore(path: string): StateFile<InboxFile> {
  return openStateFile(path, file, { v: 1, replicas: [] });
}
