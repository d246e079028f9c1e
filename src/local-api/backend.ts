/**
 * What the local API asks of the daemon: one method per route. The daemon implements it; this room only decodes,
 * dispatches and encodes. Every method may throw a TeammateSyncError, which goes to the caller with its status and hint;
 * anything else goes out as INTERNAL and into the log. Handles come as they were typed, not yet normalised. What gives
 * access is told who asks, null when the request does not say. What reads is told with what: a verb, or a tool's name.
 */
import type { Caller } from '../protocol/caller.ts';
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
} from '../protocol/local-api.ts';
import type { DoctorEvent } from '../protocol/doctor.ts';
import type { DashboardRequest, DashboardResponse } from '../protocol/dashboard.ts';
import type { ReadQuery } from '../protocol/local-api-types.ts';

export interface Backend {
  status(): Promise<Status>;
  /**
   * Begins to stop the daemon and resolves at once: it must not wait for the stop, because the local API's `stop()` lets
   * this very answer out first.
   */
  down(): Promise<Done>;
  whoami(): Promise<WhoAmIResponse>;
  hook(request: HookRequest): Promise<HookResponse>;
  sessions(): Promise<Sessions>;
  preview(request: ShareRequest): Promise<PreviewResponse>;
  share(request: ShareRequest, caller: Caller | null): Promise<ShareResponse>;
  unshare(request: UnshareRequest): Promise<UnshareResponse>;
  shared(): Promise<Shared>;
  activity(): Promise<ActivityResponse>;
  aliases(): Promise<Aliases>;
  alias(request: AliasRequest, caller: Caller | null): Promise<Aliases>;
  connections(): Promise<Connections>;
  teammates(): Promise<Teammates>;
  accept(request: PersonRequest, caller: Caller | null): Promise<PersonResponse>;
  decline(request: PersonRequest): Promise<PersonResponse>;
  disconnect(request: PersonRequest): Promise<PersonResponse>;
  block(request: PersonRequest): Promise<PersonResponse>;
  unblock(request: PersonRequest, caller: Caller | null): Promise<PersonResponse>;
  devices(): Promise<DevicesResponse>;
  verify(request: VerifyRequest, caller: Caller | null): Promise<VerifyResponse>;
  trust(request: TrustRequest, caller: Caller | null): Promise<TrustResponse>;
  revoke(request: RevokeRequest): Promise<RevokeResponse>;
  /** @param reader null: nobody sees the newest lines in it */
  inbox(handle: string, reader: string | null): Promise<Inbox>;
  ask(request: AskRequest, reader: string): Promise<AskResponse>;
  cite(request: CiteRequest, reader: string): Promise<CiteResponse>;
  dump(request: DumpRequest, reader: string): Promise<DumpResponse>;
  /** As {@link read}. */
  outline(request: OutlineRequest, signal: AbortSignal): AsyncIterable<OutlineEvent>;
  /** As {@link read}: `ask`, and an answer that a model writes from what it found. */
  answer(request: AskRequest, signal: AbortSignal, reader: string): AsyncIterable<AnswerEvent>;
  /** As {@link read}: what `doctor` looks at. */
  doctor(signal: AbortSignal): AsyncIterable<DoctorEvent>;
  /** Opens the dashboard's listener, if it is not open, and makes an address that works once. */
  dashboard(request: DashboardRequest, caller: Caller | null): Promise<DashboardResponse>;
  /**
   * The events of one session. The first event should come at once: until then the caller has no answer. An error thrown
   * before it becomes the status of the answer; a later one ends the stream and is named in it. `next()` is asked only
   * when the caller has read what came before. `signal` aborts when the caller went away or the daemon stops: end then.
   */
  read(handle: string, query: ReadQuery, signal: AbortSignal, reader: string): AsyncIterable<ReadEvent>;
}
