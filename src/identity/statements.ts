/** Signing and checking of control statements; the order of the checks is that of docs/PROTOCOL.md, Control. */
import { createHash } from 'node:crypto';
import { TeammateSyncError } from '../errors.ts';
import { b64url } from '../protocol/bytes.ts';
import { DecodeError } from '../protocol/decode.ts';
import { CLOCK_SKEW_MAX_MS } from '../protocol/limits.ts';
import {
  encodeStatement,
  frameStatement,
  isConnection,
  isOwn,
  parseStatement,
  type SignedStatement,
  type Statement,
  statementSigned,
} from '../protocol/statements.ts';
import type { DeviceKeys } from './device-keys.ts';
import { bytesOf } from './records.ts';
import { seal, sign, unseal, verify } from './sodium.ts';

/** How far a seq may be ahead of our clock: as two clocks may differ, over the devices of two persons. */
const SEQ_AHEAD_MAX_MS = 3 * CLOCK_SKEW_MAX_MS;

/** True for a seq that no clock near ours has made: somebody's clock stood far ahead then. */
export function isFarAhead(seq: number, now: number): boolean {
  return seq > (now + SEQ_AHEAD_MAX_MS) * 1000;
}

/** What a remembered seq still orders: nothing when it is of a clock that stood far ahead, or it would do so for years. */
export function standing(seq: number, now: number): number {
  return isFarAhead(seq, now) ? 0 : seq;
}

export function signStatement<S extends Statement>(statement: S, keys: DeviceKeys): SignedStatement<S> {
  const payload = encodeStatement(statement);
  const signature = sign(statementSigned(statement.t, payload), keys.sign.secretKey);
  return { statement, payload, signature, bytes: frameStatement(payload, signature) };
}

/** Seals a signed statement to one device. */
export function sealStatement(signed: SignedStatement, box: string): Buffer {
  return seal(signed.bytes, bytesOf(box));
}

/** Name of a statement in acks: first 16 bytes of sha256 of its payload, base64url. */
export function statementId(signed: SignedStatement): string {
  return b64url(createHash('sha256').update(signed.payload).digest().subarray(0, 16));
}

export interface StatementContext {
  host: string;
  org: number;
  me: { uid: number; sign: string; box: string };
  /** The device that the hello of this connection proved. */
  peer: { uid: number; sign: string };
  /** Good devices of the peer's person, and of one's own: what they said may come over any link between the two. */
  kin: { theirs: readonly string[]; own: readonly string[] };
  /** Unix milliseconds. */
  now: number;
}

/** The other person repeats what another device of one's own said to them. */
export function isEcho(statement: Statement, { me, peer, kin }: StatementContext): boolean {
  const { from } = statement;
  if (!isConnection(statement) || peer.uid === me.uid) return false;
  return from.uid === me.uid && from.sign !== me.sign && kin.own.includes(from.sign);
}

/** The device at the other end itself or, for what is said from person to person, a good one of the same person. */
function maySay(statement: Statement, { me, peer, kin }: StatementContext): boolean {
  const { from } = statement;
  if (from.uid !== peer.uid) return false;
  if (isOwn(statement) && peer.uid !== me.uid) return false;
  return from.sign === peer.sign || (isConnection(statement) && kin.theirs.includes(from.sign));
}

/**
 * Reads and checks a statement, all but its place in the order of statements (the caller knows the last seq).
 * @throws FRAME_MALFORMED, STATEMENT_WRONG_SENDER, STATEMENT_BAD_SIGNATURE, STATEMENT_WRONG_WORKSPACE,
 * STATEMENT_WRONG_RECIPIENT, STATEMENT_FROM_FUTURE, STATEMENT_EXPIRED
 */
export function openStatement(bytes: Buffer, context: StatementContext): SignedStatement {
  let signed: SignedStatement;
  try {
    signed = parseStatement(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('FRAME_MALFORMED', error.message);
  }
  const { statement, payload, signature } = signed;
  const name = statement.t;
  const echoed = isEcho(statement, context);
  if (!echoed && !maySay(statement, context)) {
    throw new TeammateSyncError('STATEMENT_WRONG_SENDER', `${name} names another sender than this connection`);
  }
  if (!verify(signature, statementSigned(name, payload), bytesOf(statement.from.sign))) {
    throw new TeammateSyncError('STATEMENT_BAD_SIGNATURE', `${name} is not signed by its sender`);
  }
  if (statement.host !== context.host || statement.org !== context.org) {
    throw new TeammateSyncError('STATEMENT_WRONG_WORKSPACE', `${name} belongs to another workspace`);
  }
  const { to } = statement;
  const forDevice = !('sign' in to) || (to.sign === context.me.sign && to.box === context.me.box);
  if (to.uid !== (echoed ? context.peer.uid : context.me.uid) || !forDevice) {
    throw new TeammateSyncError('STATEMENT_WRONG_RECIPIENT', `${name} is meant for another device`);
  }
  if (statement.iat * 1000 > context.now + CLOCK_SKEW_MAX_MS || isFarAhead(statement.seq, context.now)) {
    throw new TeammateSyncError(
      'STATEMENT_FROM_FUTURE',
      `${name} is dated ${new Date(Math.max(statement.iat * 1000, statement.seq / 1000)).toISOString()}`,
    );
  }
  if (statement.exp * 1000 <= context.now) {
    throw new TeammateSyncError('STATEMENT_EXPIRED', `${name} expired ${new Date(statement.exp * 1000).toISOString()}`);
  }
  return signed;
}

/** As {@link openStatement} for a sealed one. @throws also STATEMENT_WRONG_RECIPIENT when it cannot be opened */
export function openSealed(sealed: Buffer, keys: DeviceKeys, context: StatementContext): SignedStatement {
  const bytes = unseal(sealed, keys.box);
  if (!bytes) throw new TeammateSyncError('STATEMENT_WRONG_RECIPIENT', 'a grant is sealed to another device');
  return openStatement(bytes, context);
}
