/**
 * Signing in without `gh`: GitHub's OAuth device flow. A person types a code on GitHub's own site, and this machine asks
 * until they have. It needs the public id of an OAuth app and no secret.
 */
import { TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { ApiBase } from '../platform/api-host.ts';
import { DecodeError, type Decoder, int, optional, text } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import { DEVICE_FLOW_MAX_MS, DEVICE_FLOW_SLOWER_MS, GITHUB_TIMEOUT_MS } from '../protocol/limits.ts';
import { boundedFetch, GaveUp, unreachable } from './bounded-fetch.ts';
import { pick } from './decode.ts';
import { SCOPES } from './scopes.ts';
import { isUsableToken } from './token.ts';

/** What a person types where. */
export interface DeviceCode {
  userCode: string;
  /** On GitHub's web host, always. */
  url: string;
}

export interface DeviceFlowOptions {
  base: ApiBase;
  /** Public id of an OAuth app of that host that has the device flow switched on. */
  clientId: string;
  /** For the User-Agent. */
  version: string;
  clock: Clock;
  /** Called once, with what to show. */
  onCode: (code: DeviceCode) => void;
  /** Called before each wait, with the milliseconds in which the code still counts. */
  onWait: (leftMs: number) => void;
  /** Ends it: nothing is left anywhere then but a code that nobody can use. */
  signal: AbortSignal;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const ANSWER_MAX_BYTES = 16 * 1024;
/** GitHub's usual ones, in seconds. */
const INTERVAL_DEFAULT = 5;
const INTERVAL_MAX = 300;

const started = pick({
  device_code: text(256, /^[\x21-\x7e]+$/),
  user_code: text(32, /^[A-Za-z0-9-]+$/),
  verification_uri: text(300),
  expires_in: int(1),
  interval: optional(int(0)),
});
const given = pick({ access_token: text(1024) });
const refusedWith = pick({ error: text(64), interval: optional(int(0)) });

interface Answered {
  status: number;
  bytes: Buffer;
}

/** Decodes, or null: most answers are of one of two shapes, and a status says nothing here. */
function maybe<T>({ bytes }: Answered, decoder: Decoder<T>): T | null {
  try {
    return parseJson(bytes, ANSWER_MAX_BYTES, decoder, 'answer');
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

function unavailable(why: string): TeammateSyncError {
  return new TeammateSyncError('SIGN_IN_UNAVAILABLE', why);
}

/** For errors that a wait does not mend. */
function failure(error: string): TeammateSyncError {
  switch (error) {
    case 'expired_token':
    case 'token_expired':
      return new TeammateSyncError('SIGN_IN_EXPIRED', 'nobody typed the code in time; nothing was changed');
    case 'access_denied':
      return new TeammateSyncError('SIGN_IN_REFUSED', 'the sign-in was refused on GitHub; nothing was changed');
    case 'device_flow_disabled':
      return unavailable('the OAuth app has the device flow switched off');
    case 'incorrect_client_credentials':
    case 'Not Found':
      return unavailable('GitHub knows no OAuth app with this client id');
    default:
      return unavailable(`GitHub ended the sign-in: ${error.replace(/[^\w .-]/g, '?')}`);
  }
}

/**
 * Resolves to the token once the person has agreed.
 * @throws SIGN_IN_EXPIRED, SIGN_IN_REFUSED, SIGN_IN_UNAVAILABLE, GITHUB_UNREACHABLE; the signal's reason when it is ended
 */
export async function signInDevice(options: DeviceFlowOptions): Promise<string> {
  const { base, clientId, clock, onCode, onWait, signal } = options;
  const ask = asker(options);
  const first = await ask('/login/device/code', { client_id: clientId, scope: SCOPES.join(' ') });
  const code = maybe(first, started);
  if (!code) throw notStarted(first);
  onCode({ userCode: code.user_code, url: shownUrl(code.verification_uri, base) });
  const until = clock.elapsed() + Math.min(code.expires_in * 1000, DEVICE_FLOW_MAX_MS);
  let waitMs = intervalMs(code.interval);
  for (;;) {
    const left = until - clock.elapsed();
    if (left <= 0) throw failure('expired_token');
    onWait(left);
    await pause(clock, waitMs, signal);
    const answer = await asking(() =>
      ask('/login/oauth/access_token', { client_id: clientId, device_code: code.device_code, grant_type: GRANT }),
    );
    // A hiccup of the network while a person looks for their phone ends nothing.
    if (answer === null || answer.status >= 500) continue;
    const token = maybe(answer, given)?.access_token;
    if (token !== undefined && isUsableToken(token)) return token;
    const refused = maybe(answer, refusedWith);
    if (!refused) throw unreachable('GitHub answered the sign-in with something that cannot be understood');
    if (refused.error === 'slow_down') waitMs = Math.max(intervalMs(refused.interval), waitMs + DEVICE_FLOW_SLOWER_MS);
    else if (refused.error !== 'authorization_pending') throw failure(refused.error);
  }
}

/** POSTs a form to the web host and nowhere else. */
function asker({ base, version, signal }: DeviceFlowOptions) {
  const send = boundedFetch({ base: base.web, timeoutMs: GITHUB_TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES });
  return async (path: string, fields: Record<string, string>): Promise<Answered> => {
    signal.throwIfAborted();
    try {
      const response = await send(new URL(path, base.web).href, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': `teammate-sync/${version}`,
        },
        body: new URLSearchParams(fields).toString(),
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    } catch (error) {
      if (error instanceof TeammateSyncError) throw error;
      // What fetch throws is not passed on: it may quote what was sent.
      throw unreachable(error instanceof GaveUp ? error.message : `${base.webHost} cannot be reached`);
    }
  };
}

/** Null when GitHub could not be reached. */
async function asking(ask: () => Promise<Answered>): Promise<Answered | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TeammateSyncError && error.code === 'GITHUB_UNREACHABLE') return null;
    throw error;
  }
}

function notStarted(answer: Answered): TeammateSyncError {
  const refused = maybe(answer, refusedWith);
  if (refused) return failure(refused.error);
  if (answer.status === 404) return failure('Not Found');
  return unreachable(`GitHub answered the sign-in with ${answer.status}`);
}

/** The address to show, only when it is the configured host's: it must not become a phishing link. */
function shownUrl(from: string, { web }: ApiBase): string {
  const url = URL.canParse(from) ? new URL(from) : null;
  if (url?.origin === web.origin && url.username === '' && url.password === '') return url.href;
  throw unavailable('GitHub named an address of another host to type the code at; it is not shown');
}

const intervalMs = (seconds = INTERVAL_DEFAULT): number => Math.min(Math.max(seconds, 1), INTERVAL_MAX) * 1000;

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      timer.cancel();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what the caller gave as its reason
      reject(signal.reason);
    };
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', ended);
      resolve();
    });
    signal.addEventListener('abort', ended, { once: true });
  });
}
