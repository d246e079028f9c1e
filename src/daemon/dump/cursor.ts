/** Where a page of a session begins, as callers hand it back. It names places, never a text, and gives access to nothing. */
import { b64, bool, type Decoded, DecodeError, int, nullable, object } from '../../protocol/decode.ts';
import { sessionId } from '../../protocol/ids.ts';
import { parseJson } from '../../protocol/json.ts';

const CURSOR_MAX_BYTES = 512;

const cursor = object({
  /** Of the owner. */
  uid: int(1),
  session: sessionId,
  from: nullable(int(1)),
  to: nullable(int(1)),
  newest: bool,
  /** Key of the session core: of the generation that is read. */
  core: b64(32),
  block: int(1),
  /** The place lies before this entry, or within it: after so many of its units (turn-parts). */
  entry: int(0),
  unit: int(0),
});

export type Cursor = Decoded<typeof cursor>;

export function encodeCursor(value: Cursor): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws DecodeError for what is none of ours */
export function decodeCursor(text: string): Cursor {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new DecodeError('cursor: malformed');
  return parseJson(bytes, CURSOR_MAX_BYTES, cursor, 'cursor');
}
