/** The client's shape; made by createClient. */
import type { Caller } from '../protocol/caller.ts';
import type { DoctorEvent } from '../protocol/doctor.ts';
import type { AnswerEvent, AskRequest, OutlineEvent, OutlineRequest, ReadEvent } from '../protocol/local-api.ts';
import type { CallRoute, NoRequest, ReadQuery, RouteTypes } from '../protocol/local-api-types.ts';

/** The second argument of {@link Client.call}: absent where the route takes nothing. */
export type CallArguments<R extends CallRoute> = NoRequest extends RouteTypes[R]['request']
  ? [request?: NoRequest]
  : [request: RouteTypes[R]['request']];

export interface ClientOptions {
  /** Unix socket or named pipe of the daemon (platform/paths). */
  socketPath: string;
  /** Of this program, for the message about version skew. */
  version: string;
  /** For a whole call; default LOCAL_CALL_TIMEOUT_MS. */
  timeoutMs?: number;
  /** Who asks; without it nothing is done that gives access. */
  caller?: Caller;
  /** Ends what is under way when it aborts: INTERRUPTED. */
  signal?: AbortSignal;
  /** With what is read, as owners are told it: a verb or a tool's name (protocol/reader). Default: the route's own name. */
  reader?: string;
}

export interface Client {
  /**
   * One request, one answer.
   * @throws TeammateSyncError: DAEMON_NOT_RUNNING when nobody listens or the daemon goes away while answering;
   * INTERRUPTED when `signal` aborts; VERSION_SKEW (not for `status` and `down`); the daemon's own errors; INTERNAL for a malformed answer or a time-out
   */
  call<R extends CallRoute>(route: R, ...request: CallArguments<R>): Promise<RouteTypes[R]['response']>;
  /**
   * Events of a shared session; the request goes out when the first event is asked for. Ends without an error when
   * `signal` aborts or the loop is left; with follow it does not end by itself until the share or the daemon does.
   * @throws TeammateSyncError as {@link call}
   */
  read(handle: string, query: ReadQuery, signal?: AbortSignal): AsyncIterable<ReadEvent>;
  /** As {@link read}: `ask`, and an answer that a model writes from what it found. */
  answer(request: AskRequest, signal?: AbortSignal): AsyncIterable<AnswerEvent>;
  /** As {@link read}: what `doctor` looks at, as it is found. */
  doctor(signal?: AbortSignal): AsyncIterable<DoctorEvent>;
  /** As {@link read}, without texts. */
  outline(request: OutlineRequest, signal?: AbortSignal): AsyncIterable<OutlineEvent>;
}
