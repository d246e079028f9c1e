/**
 * The one error table. Every failure a user or a peer can meet has a stable code, an HTTP-like status, and a hint that
 * says what to do next. docs/ERRORS.md lists them; a test compares the two.
 */
const TABLE = {
  // set-up and daemon
  NOT_SET_UP: [428, 'run `teammate-sync init --org <your GitHub org>`'],
  DAEMON_NOT_RUNNING: [503, 'start it with `teammate-sync up`'],
  DAEMON_ALREADY_RUNNING: [409, 'see `teammate-sync status`; stop it with `teammate-sync down`'],
  DAEMON_DID_NOT_START: [500, 'run `teammate-sync daemon` to see why'],
  VERSION_SKEW: [426, 'run `teammate-sync down` and `teammate-sync up`, so that both are the same version'],
  UNSAFE_FILE: [403, 'the file or folder must be yours alone: chmod 0700 for folders, 0600 for files, and no symlink'],
  BAD_CONFIG: [400, 'mend or remove the named file, then run `teammate-sync init` again'],
  BAD_REQUEST: [400, 'see `teammate-sync help`'],
  INTERRUPTED: [409, 'run the same command again: it goes on where it stopped'],
  CLAUDE_SETTINGS: [409, 'mend that file, then run the same command again'],
  CLAUDE_SERVER_TAKEN: [
    409,
    'take it out (claude mcp remove --scope user teammate-sync) or rename it there, and run `teammate-sync init` again',
  ],
  CLAUDE_COMMAND_TAKEN: [409, 'rename that file, and run `teammate-sync init` again; or type the verb in a terminal'],
  PAGE_CLOSED: [401, 'type `teammate-sync dashboard`'],
  PAGE_REFUSED: [403, 'use the page that `teammate-sync dashboard` opens'],
  ALIAS_TAKEN: [409, 'choose another name'],
  PORT_TAKEN: [409, 'name another port, or none: `teammate-sync dashboard`'],
  INTERNAL: [500, 'see `teammate-sync status`, and report this with the log in the state folder'],
  // network
  NETWORK_UNREACHABLE: [502, 'check the network: UDP must get out, and `bootstrap` in config.json must be reachable'],
  // GitHub
  NO_TOKEN: [401, 'set GH_TOKEN, or sign in with `gh auth login`'],
  SIGN_IN_EXPIRED: [408, 'run `teammate-sync init` again, and type the new code in time'],
  SIGN_IN_REFUSED: [403, 'run `teammate-sync init` again when you want to sign in'],
  SIGN_IN_UNAVAILABLE: [
    400,
    'set GH_TOKEN, sign in with `gh auth login`, or give `teammate-sync init --client-id` an OAuth app with device flow',
  ],
  GITHUB_REFUSED: [403, 'check the token: it needs the scopes gist and read:org'],
  GITHUB_UNREACHABLE: [502, 'check the network; nothing was changed, existing connections go on'],
  NOT_A_MEMBER: [403, 'only members of the workspace can be named'],
  NO_WORKSPACE: [404, 'name it: `teammate-sync init --org <your GitHub org>`'],
  KEYRING_MISSING: [
    404,
    'make the private repository .teammate-sync in the org, once for the team, and an issue in it; then run `teammate-sync init` again',
  ],
  ORG_REUSED: [
    409,
    'ask your team; if it is right, move config.json of this home away, and run `teammate-sync init` again',
  ],
  NO_SUCH_PERSON: [404, 'check the handle'],
  STALE: [503, 'check the token and the network (`teammate-sync doctor`): it goes on by itself once GitHub answers'],
  RENAMED: [409, 'type it again with the new handle'],
  HANDLE_REUSED: [409, 'this handle now belongs to another account; nothing is shared with it'],
  // device records
  RECORD_MALFORMED: [400, 'ask them to run `teammate-sync init` again'],
  RECORD_BAD_SIGNATURE: [400, 'ask them to run `teammate-sync init` again'],
  RECORD_WRONG_OWNER: [403, 'the record was published by another account than it names'],
  RECORD_COPIED: [403, 'the file is of another device; its own file counts'],
  RECORD_TOO_LARGE: [413, 'ask them to run `teammate-sync init` again'],
  RECORD_WEAK_KEY: [403, 'nobody makes such keys by accident: ask them who can write to their gists'],
  RECORD_FROM_FUTURE: [409, 'ask them to set the clock of that machine, and to start its daemon anew'],
  RECORD_WRONG_HOST: [403, 'the record belongs to another GitHub host'],
  RECORD_EDITED: [403, 'ask them to run `teammate-sync init` again, which writes a new comment'],
  RECORD_BY_APP: [403, 'ask them to run `teammate-sync init` with a token of their own'],
  RECORD_EXPIRED: [410, 'ask them to start their daemon, which renews it'],
  RECORD_ROLLBACK: [409, 'an older record than the known one was offered; the known one is kept'],
  RECORD_TREE: [403, 'ask them for the codes of their machines, and compare: `teammate-sync trust` with their handle'],
  DEVICE_BLOCKED: [
    403,
    'ask them whether it is theirs; if it is, compare its code: `teammate-sync trust` with their handle',
  ],
  DEVICE_UNLISTED: [
    410,
    'if they did not take it off GitHub themselves, tell them: their daemon publishes it again when it is started anew',
  ],
  DEVICE_REKEYED: [409, 'nothing is to be done: what is shared goes to the new key, and to no other'],
  DEVICE_REVOKED: [409, 'it needs new keys: move its folder `keys` away there, and run `teammate-sync init` again'],
  SAFETY_NUMBER_CHANGED: [409, 'compare the number of now first: `teammate-sync verify` with their handle'],
  WRONG_CODE: [404, 'compare with what `teammate-sync whoami` shows on that machine; nothing was changed'],
  OWN_DEVICE_UNKNOWN: [403, 'see `teammate-sync devices`'],
  OWN_DEVICE_UNLISTED: [
    410,
    'if you did not take it away yourself, change your GitHub token; `teammate-sync down` and `teammate-sync up` publish it again',
  ],
  OWN_DEVICE_REVOKED: [
    410,
    'if that was a mistake: `teammate-sync down`, move the folders `keys` and `state` of this home away, and run `teammate-sync init` to join anew',
  ],
  // handshake and control
  HELLO_REFUSED: [403, 'the other machine did not prove that it is a known device'],
  HELLO_TIMEOUT: [408, 'the connection is tried again by itself'],
  PEER_REFUSED: [403, 'both machines log why; if it does not pass by itself, restart both daemons'],
  CLOCK_SKEW: [409, 'set the clock: the two machines differ by more than 10 minutes, so no share can start'],
  FRAME_MALFORMED: [400, 'the other side runs a broken or hostile version; it was cut off'],
  FRAME_TOO_LARGE: [413, 'the other side sent more than the protocol allows; it was cut off'],
  RATE_LIMITED: [429, 'the other side sent too much at once; it was cut off and will be tried again'],
  TOO_MANY_DEVICES: [429, 'disconnect from people whom you no longer need, or raise limits.devices in config.json'],
  STATEMENT_BAD_SIGNATURE: [403, 'the message was ignored'],
  STATEMENT_WRONG_RECIPIENT: [403, 'the message was meant for another device and was ignored'],
  STATEMENT_WRONG_SENDER: [403, 'the message was not from the device on this connection and was ignored'],
  STATEMENT_WRONG_WORKSPACE: [403, 'the message belongs to another workspace and was ignored'],
  STATEMENT_REPLAYED: [409, 'an older message came again and was ignored'],
  STATEMENT_EXPIRED: [410, 'the message is too old and was ignored'],
  STATEMENT_FROM_FUTURE: [409, 'the message is dated in the future; check the clocks'],
  GRANT_NOT_CONNECTED: [403, 'a grant came without an accepted connection and was ignored'],
  GRANT_MISMATCH: [403, 'the grant contradicts what is known of this session and was ignored'],
  HEADER_MISMATCH: [403, 'the session core does not prove its owner; nothing of it is shown'],
  GENERATION_FORKED: [409, 'this generation was closed; the owner opens a new one by itself'],
  CORE_LOST: [500, 'nothing is lost: what is missing is made anew by itself, from the transcript or from its owner'],
  QUOTA_EXCEEDED: [
    413,
    'what is here stays readable, the rest is not fetched; raise limits in config.json to take more',
  ],
  // people and shares
  PERSON_ONLY: [403, 'type it yourself: in Claude Code while it waits for you, or in a terminal outside of it'],
  ONESELF: [400, 'name a teammate'],
  NOT_CONNECTED: [403, 'share a session with them, and ask them to accept'],
  NO_INVITE: [404, 'see `teammate-sync connections`'],
  BLOCKED: [403, 'run `teammate-sync unblock` with their handle first'],
  TOO_MANY_INVITES: [429, 'wait for answers, or disconnect from people whom you no longer wait for'],
  NO_SESSION: [
    404,
    'type it in the folder where Claude Code runs, or name a conversation with --session <id>; Claude Code tells of them by its hook (see the README)',
  ],
  AMBIGUOUS_SESSION: [409, 'give more characters of the id'],
  NOT_SHARED: [404, 'see what is shared with `teammate-sync shared`'],
  NOTHING_SHARED_WITH_ME: [404, 'ask them to share: `teammate-sync share` with your handle'],
  NO_LONGER_SHARED: [410, 'the share has ended and its copy was removed from this machine'],
  NO_CITATION: [
    404,
    'ask again, or name the place as an answer prints it, in quotes: `@handle · project · session:L1-2`',
  ],
  CITATION_UNPROVED: [
    502,
    'nothing of it is quoted: read it from its owner with `teammate-sync show`, and report it; this copy is not what they signed',
  ],
  CURSOR_STALE: [409, 'begin anew, without the cursor: the owner replaced what it was of'],
  NOT_HERE_YET: [503, 'the owner is not reachable and this part was not fetched before; it comes when they are back'],
  CANNOT_WATCH: [500, 'check that the transcript can be read'],
  REDACTION_FAILED: [
    500,
    'nothing leaves this machine unmasked: it is tried again by itself, from where it stopped; report it if it stays',
  ],
} as const satisfies Record<string, readonly [status: number, hint: string]>;

/** Stable, SCREAMING; never renamed. */
export type ErrorCode = keyof typeof TABLE;

/** Every code with its status and default hint, for docs and for tests. */
export const errorTable: Readonly<Record<ErrorCode, readonly [number, string]>> = TABLE;

/** What goes over the local API and into `--json`. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  hint: string;
  details?: unknown;
}

/** The only error class that reaches a user. `message` says what happened, `hint` what to type next. */
export class TeammateSyncError extends Error {
  override name = 'TeammateSyncError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly hint: string;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown; details?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    const [status, hint] = TABLE[code];
    this.code = code;
    this.status = status;
    this.hint = options.hint ?? hint;
    this.details = options.details;
  }

  toBody(): ErrorBody {
    const body: ErrorBody = { code: this.code, message: this.message, hint: this.hint };
    if (this.details !== undefined) body.details = this.details;
    return body;
  }
}

/** Wraps what is not ours as INTERNAL, keeping the cause. */
export function asTeammateSyncError(error: unknown): TeammateSyncError {
  if (error instanceof TeammateSyncError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TeammateSyncError('INTERNAL', message, { cause: error });
}
