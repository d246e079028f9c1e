/**
 * The local API: HTTP with JSON over a unix socket (a named pipe on Windows), for the faces (CLI, hooks, MCP, dashboard).
 * The `--json` output of the CLI is these shapes with `"v": 1` beside them.
 *
 * Every answer carries the header `teammate-sync-api: <LOCAL_API_VERSION>`. Errors are `{ "error": ErrorBody }` with the
 * error's status. Times are ISO 8601 strings; an absent value is null.
 */
export type * from './local-api-activity.ts';
export type * from './local-api-answers.ts';
export type * from './local-api-devices.ts';
export type * from './local-api-dump.ts';
export type * from './local-api-outline.ts';
export type * from './local-api-people.ts';
export type * from './local-api-reading.ts';
export type * from './local-api-sharing.ts';
export type * from './local-api-status.ts';
export type * from './local-api-synthesis.ts';

import type { Freshness } from './local-api-people.ts';

export const API_VERSION_HEADER = 'teammate-sync-api';

/** Method and path of each route; `:name` is a path parameter. The one list that server and client share. */
export const routes = {
  status: 'GET /v1/status',
  down: 'POST /v1/down',
  whoami: 'GET /v1/whoami',
  hook: 'POST /v1/hook',
  /** For curl: Claude Code's hook input as it is, and what the hook is to print; nothing (204) as a rule. Query: pid. */
  claudeHook: 'POST /v1/hook/claude-code',
  sessions: 'GET /v1/sessions',
  preview: 'POST /v1/preview',
  share: 'POST /v1/share',
  unshare: 'POST /v1/unshare',
  shared: 'GET /v1/shared',
  activity: 'GET /v1/activity',
  aliases: 'GET /v1/aliases',
  alias: 'POST /v1/alias',
  connections: 'GET /v1/connections',
  teammates: 'GET /v1/teammates',
  accept: 'POST /v1/accept',
  decline: 'POST /v1/decline',
  disconnect: 'POST /v1/disconnect',
  block: 'POST /v1/block',
  unblock: 'POST /v1/unblock',
  devices: 'GET /v1/devices',
  verify: 'POST /v1/verify',
  trust: 'POST /v1/trust',
  revoke: 'POST /v1/revoke',
  /** Query: shown=1 when somebody sees the newest lines in it. */
  inbox: 'GET /v1/inbox/:handle',
  /** Newline-delimited JSON of {@link ReadEvent}. Query: session, from, to, follow=1. */
  read: 'GET /v1/inbox/:handle/read',
  ask: 'POST /v1/ask',
  /** Newline-delimited JSON of {@link AnswerEvent}. The same request as `ask`. */
  answer: 'POST /v1/answer',
  cite: 'POST /v1/cite',
  dump: 'POST /v1/dump',
  /** Newline-delimited JSON of {@link OutlineEvent}. */
  outline: 'POST /v1/outline',
  /** Newline-delimited JSON of DoctorEvent: what `doctor` looks at. */
  doctor: 'GET /v1/doctor',
  /** Makes an address that opens the dashboard once. */
  dashboard: 'POST /v1/dashboard',
} as const;
export type RouteName = keyof typeof routes;

export interface WhoAmI {
  handle: string;
  uid: number;
  host: string;
  org: string;
  orgId: number;
  /** First 16 hex of sha256 of the device's sign key, as in the published file's name. */
  device: string;
  /** Twelve base32 characters that a person compares, as `ABCD-EFGH-IJKL`. */
  code: string;
  /** The folder of this home. */
  home: string;
}

/** Who one is, and how one is signed in. */
export interface WhoAmIResponse extends WhoAmI {
  /** Null: there is none now. */
  token: {
    /** A variable's name, `gh`, or `auth.json`. */
    from: string;
    /** As GitHub said last; null: it did not say (fine-grained tokens have none), or was not asked yet. */
    scopes: string[] | null;
  } | null;
  /** The Anthropic API key that the daemon has: where from, and the base URL it goes to; null: none that can be used. */
  anthropic: { from: string; base: string } | null;
}

/** What Claude Code gave its hook on stdin, plus the process it ran for. Unknown fields are dropped by the client. */
export interface HookRequest {
  event: string;
  session: string;
  transcriptPath: string;
  cwd: string;
  /** SessionStart: startup | resume | clear | compact | fork. */
  source: string | null;
  /** SessionEnd: prompt_input_exit | clear | resume | other | logout. */
  reason: string | null;
  /** CLAUDE_PID, else the hook's parent. */
  pid: number;
  /** UserPromptSubmit: whether what was typed is one of our commands. The words themselves stay with Claude Code. */
  prompt?: 'own' | 'other';
  /** Whether somebody sits before it; absent where Claude Code does not say. */
  attended?: boolean;
  /** The hook is the plugin's, and so are the commands. */
  plugin?: boolean;
}

export interface HookResponse {
  /** One line for the user (not for the model), or null. */
  message: string | null;
}

export interface LiveSession {
  session: string;
  project: string;
  cwd: string;
  transcriptPath: string;
  startedAt: string;
  shared: boolean;
}

export interface Sessions {
  sessions: LiveSession[];
}

export interface ConnectionPerson {
  handle: string;
  uid: number;
  since: string;
  online: boolean;
  /** A short name of the user's for them. */
  alias?: string;
  /** When the user compared the safety number that holds now; null: not. */
  compared: string | null;
  /** GitHub's last clear word about them, while its later ones are unclear; null: it is clear. */
  staleSince: string | null;
  /** Of an invite: its note and the one share it names. Inert text. */
  note: string | null;
  project: string | null;
  /** Of an invite: when it lapses. */
  until: string | null;
}

export interface Connections {
  org: string;
  accepted: ConnectionPerson[];
  pendingIn: ConnectionPerson[];
  pendingOut: ConnectionPerson[];
  declined: (ConnectionPerson & { by: 'me' | 'them' })[];
  blocked: { handle: string; since: string }[];
  freshness: Freshness;
}

export interface PersonRequest {
  handle: string;
}

export interface PersonResponse {
  handle: string;
  uid: number;
  /** Devices of theirs, by the short fingerprint of WhoAmI.device. */
  devices: string[];
  /** Twelve groups of five digits, the same on both machines; null when no device of theirs is trusted. */
  safetyNumber: string | null;
  /** As in ConnectionPerson. */
  compared: string | null;
  /** accept: sessions that wait for us · disconnect and block: sessions that ended, in both directions. */
  sessions: string[];
}

/** Short local names, by name. */
export interface Aliases {
  aliases: { name: string; handle: string }[];
}

export interface AliasRequest {
  name: string;
  /** Whom it is to mean; null: nobody any more. */
  handle: string | null;
}

export interface Done {
  ok: true;
}
