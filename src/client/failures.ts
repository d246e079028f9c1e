/** What can go wrong between a face and its daemon, as errors with a code and a hint. */
import { type ErrorCode, errorTable, TeammateSyncError } from '../errors.ts';
import { isObject } from '../protocol/is-object.ts';

/** What the system says when nobody listens at the socket. */
const NOBODY = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK']);
/** What it says when somebody did and is gone. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);

/** A failed connection or a cut answer. */
export function connectionFailure(error: unknown, socketPath: string): TeammateSyncError {
  if (error instanceof TeammateSyncError) return error;
  const code = isObject(error) && typeof error['code'] === 'string' ? error['code'] : '';
  const options = { cause: error };
  if (NOBODY.has(code)) return new TeammateSyncError('DAEMON_NOT_RUNNING', 'the daemon is not running', options);
  if (GONE.has(code)) {
    return new TeammateSyncError('DAEMON_NOT_RUNNING', 'the daemon went away before it had answered', options);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new TeammateSyncError('INTERNAL', `the daemon cannot be reached at ${socketPath}: ${why}`, options);
}

export function malformed(why: string, options: { cause?: unknown } = {}): TeammateSyncError {
  return new TeammateSyncError('INTERNAL', `the daemon's answer is malformed: ${why}`, options);
}

export function timedOut(what: string, ms: number): TeammateSyncError {
  return new TeammateSyncError('INTERNAL', `the daemon did not answer ${what} within ${ms / 1000} s`, {
    hint: 'see daemon.log in the state folder; run `teammate-sync down` and `teammate-sync up`',
  });
}

export function interrupted(what: string): TeammateSyncError {
  return new TeammateSyncError('INTERRUPTED', `${what} was cancelled`);
}

export function versionSkew(mine: string, theirs: string): TeammateSyncError {
  const message = `this program is version ${mine}, the running daemon is version ${theirs}`;
  return new TeammateSyncError('VERSION_SKEW', message);
}

/**
 * The daemon's error as it was thrown there. A code that this version does not know becomes INTERNAL and keeps its words.
 * @returns null for what is not an error body
 */
export function fromErrorBody(body: unknown): TeammateSyncError | null {
  if (!isObject(body)) return null;
  const { code, message, hint, details } = body;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  const known = isErrorCode(code) ? code : 'INTERNAL';
  const options = typeof hint === 'string' ? { hint, details } : { details };
  return new TeammateSyncError(known, message, options);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
