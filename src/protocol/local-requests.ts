/**
 * Decoders of what a caller sends to the local API. The callers are the user's own programs; the bounds keep a broken one
 * from hurting the daemon, and the messages say which field is wrong.
 */
import { bool, type Decoder, DecodeError, int, list, nullable, object, oneOf, optional, text } from './decode.ts';
import type { DashboardRequest } from './dashboard.ts';
import { INVITE_NOTE_MAX_BYTES } from './limits.ts';
import type {
  AliasRequest,
  HookRequest,
  PersonRequest,
  RevokeRequest,
  ShareRequest,
  TrustRequest,
  UnshareRequest,
  VerifyRequest,
} from './local-api.ts';
import type { InboxQuery, ReadQuery } from './local-api-types.ts';

const PATH_MAX_BYTES = 4096;
const NAMES_MAX = 1000;

/** A handle as typed: with `@`, in any case, perhaps mistyped. Whether it is one is for the backend to say. */
export const typedHandle = text(256);
const sessionChoice = nullable(text(256));
const path = text(PATH_MAX_BYTES);
const word = text(64);

export const hookRequest: Decoder<HookRequest> = object({
  event: word,
  session: word,
  transcriptPath: path,
  cwd: path,
  source: nullable(word),
  reason: nullable(word),
  pid: int(1, 2 ** 31 - 1),
  prompt: optional(oneOf('own', 'other')),
  attended: optional(bool),
  plugin: optional(bool),
});

export const shareRequest: Decoder<ShareRequest> = object({
  session: sessionChoice,
  cwd: path,
  to: list(typedHandle, NAMES_MAX),
  note: nullable(text(INVITE_NOTE_MAX_BYTES)),
  fromNow: bool,
  withThinking: bool,
});

export const unshareRequest: Decoder<UnshareRequest> = object({
  session: sessionChoice,
  cwd: path,
  from: list(typedHandle, NAMES_MAX),
  all: bool,
});

export const aliasRequest: Decoder<AliasRequest> = object({ name: typedHandle, handle: nullable(typedHandle) });
export const personRequest: Decoder<PersonRequest> = object({ handle: typedHandle });

/** A device's code as typed: whether it is one is for the backend to say. */
const typedCode = text(64);

export const trustRequest: Decoder<TrustRequest> = object({ handle: typedHandle, code: nullable(typedCode) });
export const verifyRequest: Decoder<VerifyRequest> = object({ handle: typedHandle, match: bool });
export const revokeRequest: Decoder<RevokeRequest> = object({ code: typedCode });

/** A line number in decimal; kept as text in a query. */
const line: Decoder<number> = (value, at) => int(1)(Number(text(16, /^[0-9]+$/)(value, at)), at);

const readParameters = object({
  session: optional(text(256)),
  from: optional(line),
  to: optional(line),
  follow: optional(text(1, /^[01]$/)),
});

/** From the query's parameters, by name. */
export const readQuery: Decoder<ReadQuery> = (value, at) => {
  const { session = null, from = null, to = null, follow = '0' } = readParameters(value, at);
  if (from !== null && to !== null && from > to) throw new DecodeError(`${at}.to: before from`);
  return { session, from, to, follow: follow === '1' };
};

/** Unprivileged ones. */
export const dashboardRequest: Decoder<DashboardRequest> = object({ port: nullable(int(1024, 65_535)) });

export const inboxQuery: Decoder<InboxQuery> = object({ shown: optional(oneOf('1')) });

/** The inverse of {@link readQuery}: absent parameters stand for null and false. */
export function readParametersOf(query: ReadQuery): Record<string, string> {
  const out: Record<string, string> = {};
  if (query.session !== null) out['session'] = query.session;
  if (query.from !== null) out['from'] = String(query.from);
  if (query.to !== null) out['to'] = String(query.to);
  if (query.follow) out['follow'] = '1';
  return out;
}
