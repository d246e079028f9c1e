/** Pins between starts: state/pins.json. */
import { b64, int, list, nullable, object, oneOf, text, bool } from '../protocol/decode.ts';
import { CONTACT_DEVICES_MAX, RECORD_MAX_BYTES } from '../protocol/limits.ts';
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { FORMER_HANDLES_MAX } from './handles.ts';
import type { PinnedPerson } from './pins.ts';

const device = object({
  sign: b64(32),
  box: b64(32),
  login: text(63),
  seq: int(1),
  text: text(RECORD_MAX_BYTES * 2),
  place: oneOf('gist', 'keyring'),
  state: oneOf('good', 'missing', 'blocked', 'unlisted', 'revoked'),
  firstSeen: int(0),
  endorsedBy: nullable(b64(32)),
  trusted: bool,
  missingSince: nullable(int(0)),
  unconfirmed: bool,
  former: nullable(object({ box: b64(32), until: int(0) })),
});

const person = object({
  uid: int(1),
  login: text(63),
  former: list(text(63), FORMER_HANDLES_MAX),
  devices: list(device, CONTACT_DEVICES_MAX),
  checkedAt: int(0),
  firstNoAt: nullable(int(0)),
  left: bool,
  compared: nullable(
    object({
      at: int(0),
      own: list(b64(32), CONTACT_DEVICES_MAX),
      theirs: list(b64(32), CONTACT_DEVICES_MAX),
    }),
  ),
  staleSince: nullable(int(0)),
});

const file = object({ v: oneOf(1), people: list(person, 100_000) });

export function openPinStore(path: string): StateFile<{ v: 1; people: PinnedPerson[] }> {
  return openStateFile(path, file, { v: 1, people: [] });
}

/**
 * What must survive a restart at once. When GitHub was asked last need not: a durable write at every question costs more,
 * and a silence that is over may be taken for one that goes on until GitHub is asked again.
 */
export function lasting(pinned: PinnedPerson | null): string {
  return JSON.stringify(pinned && { ...pinned, checkedAt: 0, staleSince: null });
}
