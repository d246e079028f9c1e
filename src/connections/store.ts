/** What is kept of every person between starts: ties, what was said and heard, who confirmed it, and the seqs heard. */
import { b64, bool, type Decoded, int, list, nullable, object, oneOf, text } from '../protocol/decode.ts';
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { CONNECTION_IDS_MAX } from '../protocol/statements.ts';
import { CONTACT_DEVICES_MAX, INVITE_NOTE_MAX_BYTES, INVITE_PROJECT_MAX_BYTES } from '../protocol/limits.ts';

/** Devices of one person whose place is kept. */
export const HEARD_MAX = 256;

const said = object({
  t: oneOf('invite', 'accept', 'decline', 'disconnect'),
  iid: text(22),
  seq: int(0),
  typed: int(0),
  at: int(0),
  exp: int(0),
  note: nullable(text(INVITE_NOTE_MAX_BYTES)),
  project: nullable(text(INVITE_PROJECT_MAX_BYTES)),
});
/** A signed statement, base64url. */
const words = nullable(text(16_384));

const person = object({
  uid: int(1),
  login: text(63),
  ties: object({
    mine: nullable(said),
    theirs: nullable(said),
    connection: nullable(object({ ids: list(text(22), CONNECTION_IDS_MAX), since: int(0) })),
    blockedAt: nullable(int(0)),
    over: object({ mine: int(0), theirs: int(0) }),
    declinedByMe: nullable(int(0)),
    declinedByThem: nullable(int(0)),
  }),
  /** Orders blocking and unblocking among one's own devices. */
  blockSeq: int(0),
  /** `mine` as it was signed, repeated on every contact; null when there is nothing to say. */
  statement: words,
  /** `theirs` as it was signed. */
  theirStatement: words,
  /** Sign keys of their devices that confirmed the statement. */
  confirmed: list(b64(32), CONTACT_DEVICES_MAX),
  /** `mine` is a disconnect that the user did not type last: it does not keep them away. */
  goodbye: bool,
  /** A disconnect was said, and nothing that was said since has been confirmed: they may still believe in a connection. */
  unheardEnd: bool,
  /** seq of the newest statement that was said to them. */
  lastSaid: int(0),
  /** Last seq heard of each of their devices, the last heard one at the end. */
  heard: list(object({ sign: b64(32), seq: int(0) }), HEARD_MAX),
});

const file = object({ v: oneOf(1), lastSeq: int(0), people: list(person, 100_000) });

export type StoredPerson = Decoded<typeof person>;
export type ConnectionsFile = Decoded<typeof file>;

export function openConnectionsStore(path: string): StateFile<ConnectionsFile> {
  return openStateFile(path, file, { v: 1, lastSeq: 0, people: [] });
}
