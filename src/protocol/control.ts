/**
 * Frames of the control channel that are authenticated by the channel alone, and the list of message ids.
 * Ids are append-only: a protomux message is known by its place in the list.
 */
import { b64, DecodeError, type Decoded, int, list, bool, object, text } from './decode.ts';
import { lp } from './bytes.ts';
import { parseJson } from './json.ts';
import { sessionId } from './ids.ts';
import {
  CONTROL_FRAME_MAX_BYTES,
  RECEIPT_RANGES_MAX,
  RECEIPTS_PER_FRAME,
  RECORD_MAX_BYTES,
  STATE_GRANTS_PER_FRAME,
} from './limits.ts';
import { readerName } from './reader.ts';
import { CONTROL_VERSION } from './version.ts';

export const CONTROL_PROTOCOL = `teammate-sync/control/${CONTROL_VERSION}`;

/** In the order of their ids on the wire. */
export const CONTROL_FRAMES = [
  'statement',
  'grants',
  'state',
  'ack',
  'need',
  'head',
  'progress',
  'refused',
  'record',
  'refresh',
  'refreshed',
  'receipts',
] as const;
export type ControlFrame = (typeof CONTROL_FRAMES)[number];

/** What this side can do beyond the first version, as it says in its handshake. */
export const CONTROL_FEATURES = ['refresh', 'receipts'] as const;
export type ControlFeature = (typeof CONTROL_FEATURES)[number];

const gid = b64(16);

/** First message of the channel: what this side can do, and its clock. */
const handshake = object({
  v: int(1),
  features: list(text(32), 32),
  /** Unix milliseconds. */
  now: int(0),
});
/** All live grants of the sender for this device, over one or more frames; the recipient wipes what is not listed. */
const state = object({ grants: list(gid, STATE_GRANTS_PER_FRAME), first: bool, last: bool });
/** First 16 bytes of sha256 of a statement's payload: it was received and kept. */
const ack = object({ statement: b64(16) });
/** The recipient has no key for these (restarted, expired): grant again if they still live. */
const need = object({ gids: list(gid, STATE_GRANTS_PER_FRAME) });
/** Blocks and entries of generations: of one frame, many, so that 200 sessions are not 200 messages. */
const counts = list(object({ gid, blocks: int(0), turns: int(0) }), STATE_GRANTS_PER_FRAME);
/** What is newest in generations that the sender serves; `final`: it never writes this one again. */
const head = object({
  generations: list(object({ gid, blocks: int(0), turns: int(0), final: bool }), STATE_GRANTS_PER_FRAME),
});
/** What the sender has fetched of generations that it was granted. */
const progress = object({ generations: counts });
/** A message was refused, or this side gives up: the named error, for the other side's status. */
const refused = object({ code: text(64, /^[A-Z_]+$/), message: text(512) });

/** The sender's device record is another one now: a reason to ask GitHub, never to trust. */
const record = object({ text: text(2 * RECORD_MAX_BYTES) });

/** To an owner who can `refresh`: read on in the transcripts of these, and say what is newest. */
const refresh = object({ q: int(0), gids: list(gid, STATE_GRANTS_PER_FRAME) });
/** That was done, as far as it could be; the heads went before. */
const refreshed = object({ q: int(0) });

/** To an owner who takes `receipts`: which lines of theirs were read here, with what, and when (unix milliseconds). */
const receipts = object({
  reads: list(
    object({
      session: sessionId,
      source: text(128, /^[\w-]+$/),
      with: readerName,
      at: int(0),
      ranges: list(object({ from: int(1), to: int(1) }), RECEIPT_RANGES_MAX),
    }),
    RECEIPTS_PER_FRAME,
  ),
});

const decoders = { handshake, state, ack, need, head, progress, refused, record, refresh, refreshed, receipts };
export type ControlBodies = { [K in keyof typeof decoders]: Decoded<(typeof decoders)[K]> };

export function encodeControl<K extends keyof ControlBodies>(_name: K, body: ControlBodies[K]): Buffer {
  return Buffer.from(JSON.stringify(body), 'utf8');
}

/** @throws DecodeError */
export function parseControl<K extends keyof ControlBodies>(name: K, bytes: Uint8Array): ControlBodies[K] {
  const decoder = decoders[name] as unknown as (value: unknown, at: string) => ControlBodies[K];
  return parseJson(bytes, CONTROL_FRAME_MAX_BYTES, decoder, name);
}

/** A `grants` frame holds several sealed boxes, so that 200 sessions are not 200 messages. */
export function encodeGrants(sealed: Uint8Array[]): Buffer {
  return Buffer.concat(sealed.map((box) => lp(box)));
}

/** @throws DecodeError */
export function parseGrants(bytes: Buffer): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) throw new DecodeError('grants: cut');
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) throw new DecodeError('grants: cut');
    out.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return out;
}
