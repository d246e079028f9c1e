/**
 * Signed control messages: statements of state, not events (docs/PROTOCOL.md, Control).
 * A statement on the wire is `LP(payload) || signature`; the payload's exact JSON bytes are signed under
 * `teammate-sync/v1/<t>`. A grant travels inside a sealed box; its inner form is the same.
 */
import { lp, pae } from './bytes.ts';
import { b64, bool, DecodeError, type Decoded, int, list, nullable, object, oneOf, text, union } from './decode.ts';
import { parseJson } from './json.ts';
import {
  CONTACT_DEVICES_MAX,
  CONTROL_FRAME_MAX_BYTES,
  INVITE_NOTE_MAX_BYTES,
  INVITE_PROJECT_MAX_BYTES,
  STATE_GRANTS_PER_FRAME,
} from './limits.ts';

const SECONDS_MAX = 253_402_300_799;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const common = {
  v: oneOf(1),
  host: text(255),
  org: int(1),
  from: object({ uid: int(1), sign: b64(32) }),
  /** Unix seconds. */
  iat: int(0, SECONDS_MAX),
  exp: int(0, SECONDS_MAX),
  /** max(last + 1, unix microseconds). */
  seq: int(1),
};
const toPerson = { to: object({ uid: int(1) }) };
const toDevice = { to: object({ uid: int(1), sign: b64(32), box: b64(32) }) };

const invite = object({
  t: oneOf('invite'),
  ...common,
  ...toPerson,
  /** Names the connection that an accept of it makes. */
  iid: b64(16),
  note: nullable(text(INVITE_NOTE_MAX_BYTES)),
  project: nullable(text(INVITE_PROJECT_MAX_BYTES)),
  /** Said anew: seq of the typed consent that it renews. 0: a person typed this one. */
  renews: int(0),
});
const accept = object({
  t: oneOf('accept'),
  ...common,
  ...toPerson,
  iid: b64(16),
  /** Said without asking: seq of the typed consent that it renews. 0: a person typed this one. */
  renews: int(0),
});
const decline = object({ t: oneOf('decline'), ...common, ...toPerson, iid: b64(16) });
const disconnect = object({ t: oneOf('disconnect'), ...common, ...toPerson });
const grant = object({
  t: oneOf('grant'),
  ...common,
  ...toDevice,
  gid: b64(16),
  /** iid of the invite and accept that made the connection. */
  connection: b64(16),
  session: text(36, UUID),
  core: b64(32),
  gen: int(1),
  key: b64(32),
  perm: oneOf('read'),
});
const lease = object({ t: oneOf('lease'), ...common, ...toDevice, gids: list(b64(16), STATE_GRANTS_PER_FRAME) });
/** Ids under which a connection may be named: after crossed invites and lost state the two sides stand by several. */
export const CONNECTION_IDS_MAX = 4;

/** Bytes of a signed connection statement, as they were heard or said. */
const words = nullable(text(4096, /^[\w-]+$/));
/** How this person stands with another one, from one of their devices to another. */
const standing = object({
  t: oneOf('standing'),
  ...common,
  ...toDevice,
  person: object({ uid: int(1), login: text(63) }),
  /** Newest of this person to that one, and of that one to this person. */
  said: words,
  heard: words,
  /** `said` is a disconnect that does not keep that person away. */
  goodbye: bool,
  /** Sign keys of that person's devices that confirmed `said`. */
  confirmed: list(b64(32), CONTACT_DEVICES_MAX),
  /** Ids under which the connection may be named; none: not connected. */
  ids: list(b64(16), CONNECTION_IDS_MAX),
  /** seq of the newest disconnect of each side. */
  over: object({ mine: int(0), theirs: int(0) }),
  declined: object({ byMe: nullable(int(0)), byThem: nullable(int(0)) }),
  /** When that person was blocked, null: is not; `seq` orders blocking and unblocking. */
  blocked: object({ at: nullable(int(0)), seq: int(0) }),
});
/** The user compared the code of this device and trusts it, from one of their devices to another. */
const trust = object({
  t: oneOf('trust'),
  ...common,
  ...toDevice,
  person: int(1),
  device: object({ sign: b64(32), box: b64(32) }),
});
/** An older device of a person vouches for a newer one, which puts `sig` into its record. */
const vouch = object({
  t: oneOf('vouch'),
  ...common,
  ...toDevice,
  /** Under ENDORSE_DOMAIN, by the sender. */
  sig: b64(64),
  /** What the sender is itself: the first one, vouched for, or still waiting to be. */
  as: oneOf('founder', 'endorsed', 'waiting'),
});
const END_REASONS = ['unshared', 'ended', 'disconnected', 'blocked', 'replaced'] as const;
const end = object({
  t: oneOf('end'),
  ...common,
  ...toDevice,
  session: text(36, UUID),
  reason: oneOf(...END_REASONS),
});

export type Invite = Decoded<typeof invite>;
export type Accept = Decoded<typeof accept>;
export type Decline = Decoded<typeof decline>;
export type Disconnect = Decoded<typeof disconnect>;
export type Grant = Decoded<typeof grant>;
export type Lease = Decoded<typeof lease>;
export type End = Decoded<typeof end>;
export type Standing = Decoded<typeof standing>;
export type Trust = Decoded<typeof trust>;
export type Vouch = Decoded<typeof vouch>;
export type EndReason = End['reason'];
export type ConnectionStatement = Invite | Accept | Decline | Disconnect;
/** Only from one device of a person to another one of the same person. */
export type OwnStatement = Standing | Trust | Vouch;
export type Statement = ConnectionStatement | Grant | Lease | End | OwnStatement;

const CONNECTION: ReadonlySet<Statement['t']> = new Set(['invite', 'accept', 'decline', 'disconnect']);
const OWN: ReadonlySet<Statement['t']> = new Set(['standing', 'trust', 'vouch']);

/** From a person to a person: any good device of the sender may bring it. */
export const isConnection = (s: Statement): s is ConnectionStatement => CONNECTION.has(s.t);
export const isOwn = (s: Statement): s is OwnStatement => OWN.has(s.t);

const statementDecoder = union<Statement>('t', {
  ...{ invite, accept, decline, disconnect },
  ...{ grant, lease, end },
  ...{ standing, trust, vouch },
});

/** A statement with the exact bytes that were signed. */
export interface SignedStatement<S extends Statement = Statement> {
  statement: S;
  /** `LP(payload) || signature` */
  bytes: Buffer;
  payload: Buffer;
  signature: Buffer;
}

/** What the device key signs. */
export function statementSigned(t: Statement['t'], payload: Uint8Array): Buffer {
  return pae(`teammate-sync/v1/${t}`, payload);
}

export function encodeStatement(statement: Statement): Buffer {
  return Buffer.from(JSON.stringify(statement), 'utf8');
}

export function frameStatement(payload: Uint8Array, signature: Uint8Array): Buffer {
  return Buffer.concat([lp(payload), signature]);
}

/** Reads the wire form; the signature is not checked here. @throws DecodeError */
export function parseStatement(bytes: Buffer): SignedStatement {
  if (bytes.length < 4) throw new DecodeError('statement: cut');
  const length = bytes.readUInt32BE(0);
  if (bytes.length !== 4 + length + 64) throw new DecodeError('statement: wrong length');
  const payload = bytes.subarray(4, 4 + length);
  const signature = bytes.subarray(4 + length);
  const statement = parseJson(payload, CONTROL_FRAME_MAX_BYTES, statementDecoder, 'statement');
  return { statement, bytes, payload, signature };
}
