/**
 * What goes in and comes out of each route of the local API: one map that the server's backend and the client share, so
 * that neither can call a route with the wrong shape. Decoders of the requests: local-requests.ts.
 */
import type {
  ActivityResponse,
  Aliases,
  AliasRequest,
  AnswerEvent,
  AskRequest,
  AskResponse,
  CiteRequest,
  CiteResponse,
  Connections,
  DevicesResponse,
  Done,
  DumpRequest,
  DumpResponse,
  HookRequest,
  HookResponse,
  Inbox,
  OutlineEvent,
  OutlineRequest,
  PersonRequest,
  PersonResponse,
  PreviewResponse,
  ReadEvent,
  RevokeRequest,
  RevokeResponse,
  Sessions,
  Shared,
  ShareRequest,
  ShareResponse,
  Status,
  Teammates,
  TrustRequest,
  TrustResponse,
  UnshareRequest,
  UnshareResponse,
  VerifyRequest,
  VerifyResponse,
  WhoAmIResponse,
} from './local-api.ts';
import type { DashboardRequest, DashboardResponse } from './dashboard.ts';
import type { DoctorEvent } from './doctor.ts';

/** Beside API_VERSION_HEADER on every answer: the daemon's PRODUCT_VERSION, for messages about version skew. */
export const PRODUCT_VERSION_HEADER = 'teammate-sync-version';

/** What part of a shared session is read. */
export interface ReadQuery {
  /** An id or a unique prefix; null: the only session that this person shares with me. */
  session: string | null;
  /** First line of the transcript, 1-based, inclusive; null: from the start. */
  from: number | null;
  /** Last line, inclusive; null: to the end. */
  to: number | null;
  /** Go on with what comes live after `caughtUp`. */
  follow: boolean;
}

/** Nothing is shown to anybody of an inbox that is only looked through; with `shown`, its newest lines are. */
export type InboxQuery = Partial<Record<'shown', '1'>>;

/** A request without parameters, query or body. */
export interface NoRequest {
  body?: never;
}
interface Body<B> {
  body: B;
}
interface OfHandle {
  params: { handle: string };
}

/** Per route of the client: what a caller hands over and what it gets. Of a stream the response is one event. */
export interface RouteTypes {
  status: { request: NoRequest; response: Status };
  /** The answer goes out before the daemon stops. */
  down: { request: NoRequest; response: Done };
  whoami: { request: NoRequest; response: WhoAmIResponse };
  hook: { request: Body<HookRequest>; response: HookResponse };
  sessions: { request: NoRequest; response: Sessions };
  preview: { request: Body<ShareRequest>; response: PreviewResponse };
  share: { request: Body<ShareRequest>; response: ShareResponse };
  unshare: { request: Body<UnshareRequest>; response: UnshareResponse };
  shared: { request: NoRequest; response: Shared };
  activity: { request: NoRequest; response: ActivityResponse };
  aliases: { request: NoRequest; response: Aliases };
  alias: { request: Body<AliasRequest>; response: Aliases };
  connections: { request: NoRequest; response: Connections };
  teammates: { request: NoRequest; response: Teammates };
  accept: { request: Body<PersonRequest>; response: PersonResponse };
  decline: { request: Body<PersonRequest>; response: PersonResponse };
  disconnect: { request: Body<PersonRequest>; response: PersonResponse };
  block: { request: Body<PersonRequest>; response: PersonResponse };
  unblock: { request: Body<PersonRequest>; response: PersonResponse };
  devices: { request: NoRequest; response: DevicesResponse };
  verify: { request: Body<VerifyRequest>; response: VerifyResponse };
  trust: { request: Body<TrustRequest>; response: TrustResponse };
  revoke: { request: Body<RevokeRequest>; response: RevokeResponse };
  inbox: { request: OfHandle & { query?: Record<'shown', '1'> }; response: Inbox };
  read: { request: OfHandle & { query: ReadQuery }; response: ReadEvent };
  ask: { request: Body<AskRequest>; response: AskResponse };
  cite: { request: Body<CiteRequest>; response: CiteResponse };
  dump: { request: Body<DumpRequest>; response: DumpResponse };
  outline: { request: Body<OutlineRequest>; response: OutlineEvent };
  answer: { request: Body<AskRequest>; response: AnswerEvent };
  doctor: { request: NoRequest; response: DoctorEvent };
  dashboard: { request: Body<DashboardRequest>; response: DashboardResponse };
}

/** Routes that are answered by newline-delimited JSON, an event a line. */
export const STREAM_ROUTES = ['read', 'outline', 'answer', 'doctor'] as const;
export type StreamRoute = (typeof STREAM_ROUTES)[number];

/** Routes that are answered at once with one JSON object. */
export type CallRoute = Exclude<keyof RouteTypes, StreamRoute>;

/**
 * The last line of a read stream that failed after it had begun, in place of a {@link ReadEvent}. A stream that ends
 * without it and with its closing chunk is complete; one without the closing chunk was cut.
 */
export interface StreamFailure<ErrorShape> {
  error: ErrorShape;
}
