/**
 * The dashboard: what its page and the daemon's listener for it say to each other, besides the local API's own routes.
 * Nothing here needs Node: the page is built from it, too.
 */
import type {
  ActivityResponse,
  Connections,
  Inbox,
  RouteName,
  Sessions,
  Shared,
  Status,
  Teammates,
} from './local-api.ts';
import type { CallRoute } from './local-api-types.ts';

/** A page's token, in a header of each of its requests: what another origin cannot send, beside the cookie. */
export const DASHBOARD_HEADER = 'teammate-sync-dashboard';

/** Routes of the local API that a page may ask. What is not here it cannot do. */
export const PAGE_ROUTES = [
  'status',
  'whoami',
  'sessions',
  'preview',
  'share',
  'unshare',
  'shared',
  'activity',
  'alias',
  'connections',
  'teammates',
  'accept',
  'decline',
  'disconnect',
  'block',
  'unblock',
  'devices',
  'verify',
  'trust',
  'inbox',
  'read',
  'ask',
  'cite',
  'dump',
  'outline',
  'answer',
  'doctor',
] as const satisfies readonly RouteName[];

export type PageRoute = (typeof PAGE_ROUTES)[number];
/** Answered at once. */
export type PageCall = Extract<PageRoute, CallRoute>;
/** Answered by newline-delimited JSON. */
export type PageStream = Exclude<PageRoute, CallRoute>;

/** Paths of the listener alone. POST with JSON but `events`, which is GET. */
export const PAGE_PATHS = {
  /** {@link CodeRequest} → {@link OpenedPage}, and a cookie. */
  open: '/session',
  /** Nothing → {@link ResumeKey}: for a page that was loaded again. */
  key: '/session/key',
  /** {@link ChallengeRequest} → {@link ChallengeResponse}; without a cookie. */
  challenge: '/session/challenge',
  /** {@link ResumeRequest} → {@link OpenedPage}, and a cookie. */
  resume: '/session/resume',
  /** text/event-stream of {@link PartEvent}s, each named `part`. */
  events: '/v1/events',
} as const;

/** The one-time code of the address that `teammate-sync dashboard` opens. */
export interface CodeRequest {
  code: string;
}

export interface OpenedPage {
  /** Of this daemon, while it runs. base64url, as all of these. */
  token: string;
  resume: ResumeKey;
}

/** With what a page and a daemon that was restarted recognise each other. Never sent again, in no direction. */
export interface ResumeKey {
  id: string;
  key: string;
}

export interface ChallengeRequest {
  id: string;
  nonce: string;
}

export interface ChallengeResponse {
  nonce: string;
  /** {@link proofText} of the server, under the key: who does not hold it is not our daemon. */
  proof: string;
}

export interface ResumeRequest {
  id: string;
  /** That of the challenge's answer. */
  nonce: string;
  /** {@link proofText} of the page. */
  proof: string;
}

/** What is put under HMAC-SHA256: bound to the side that proves, the port, and both nonces. */
export function proofText(side: 'page' | 'daemon', port: number, pageNonce: string, daemonNonce: string): string {
  return `teammate-sync dashboard ${side} ${port} ${pageNonce} ${daemonNonce}`;
}

/** What a page shows without asking for it. */
export interface PartTypes {
  status: Status;
  sessions: Sessions;
  shared: Shared;
  connections: Connections;
  teammates: Teammates;
  /** Of each who shares with me; `newest` is empty, so that looking at it reads nothing. */
  inbox: { people: Inbox[] };
  activity: ActivityResponse;
}
export type PartName = keyof PartTypes;

export const PARTS = [
  'status',
  'sessions',
  'shared',
  'connections',
  'teammates',
  'inbox',
  'activity',
] as const satisfies readonly PartName[];

/** At first one of each part, then of each that changed. */
export type PartEvent = { [P in PartName]: { part: P; value: PartTypes[P] } }[PartName];

export interface DashboardRequest {
  /** Null: the one that is open, else any. */
  port: number | null;
}

export interface DashboardResponse {
  /** With a one-time code in its fragment. */
  url: string;
  port: number;
  /** Until when the code works, ISO 8601. */
  until: string;
}
