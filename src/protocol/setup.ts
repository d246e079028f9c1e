/** What the daemon's `setup` mode is asked on stdin and says on stdout, one JSON object per line each. */
import { bool, type Decoded, nullable, object, optional, text } from './decode.ts';
import type { WhoAmI } from './local-api.ts';

export const setupRequest = object({
  /** The workspace by name; null: chosen from one's organisations. */
  org: nullable(text(100)),
  /** Public key of the team's relay, hex; null: none from now on; absent: as it was. */
  relay: optional(nullable(text(64))),
  /** Public id of the OAuth app for the device flow; null: none from now on; absent: as it was. */
  clientId: optional(nullable(text(100))),
  /** There is somebody to type a code on GitHub's site. */
  deviceFlow: bool,
  /** Says what would change, and changes nothing, neither here nor on GitHub. */
  dryRun: bool,
  /** Hooks and commands go into Claude Code. */
  claudeCode: bool,
});
export type SetupRequest = Decoded<typeof setupRequest>;

/** What comes back for a `choose` and for a `plan`. */
export const setupAnswer = object({
  /** The login of one of the organisations; null: nothing was chosen. */
  org: optional(nullable(text(100))),
  /** What was planned may be done. */
  go: optional(bool),
  /** So may the rules be added that forbid Claude's shell the verbs that give access; absent: yes. */
  deny: optional(bool),
  /** An Anthropic API key to keep, and the base URL it is for; null: none is kept from now on; absent: as it was. */
  anthropic: optional(nullable(object({ key: text(1024), base: text(512) }))),
});
export type KeyToKeep = NonNullable<Decoded<typeof setupAnswer>['anthropic']>;

/** One file or folder of the home or of Claude Code's, as it will be. */
export interface PlannedFile {
  path: string;
  change: 'make' | 'change' | 'keep' | 'remove';
  /** What changes in it, line by line, with `+ ` or `- ` before it and no secrets; of a file of Claude Code's a unified diff. */
  lines: string[];
}

/** Everything that `init` would do from here on. */
export interface SetupPlan {
  handle: string;
  org: string;
  files: PlannedFile[];
  /** What becomes public on GitHub; null: it is published as it is. */
  publishes: string | null;
  claude: ClaudePlan;
}

/** What `init` would do in Claude Code; the files are among those of the plan. */
export interface ClaudePlan {
  /** plugin: the plugin does it already. absent: Claude Code is not on this machine. skipped: it was not wanted. */
  state: 'installs' | 'plugin' | 'absent' | 'skipped';
  /** The plugin, as `<plugin>@<marketplace>`. */
  plugin: string | null;
  /** Rules of permissions.deny that would be added, when they are agreed to. */
  deny: readonly string[];
  /** Rules that are missing were offered before, and not wanted. */
  denyDeclined: boolean;
  /** What cannot be done; all the rest can. */
  refused: SetupFailure[];
}

/** What it did there. */
export interface ClaudeDone {
  state: ClaudePlan['state'];
  plugin: string | null;
  /** What an older Claude Code has not of what was put in; null: it has all, or is not on the PATH. */
  lacks: string | null;
  /** Files that were made, changed or removed. */
  changed: string[];
  refused: SetupFailure[];
}

export interface OfferedOrg {
  login: string;
  id: number;
}

export type SetupEvent =
  | { type: 'step'; text: string }
  /** To be typed by the person; then it is waited for them. */
  | { type: 'code'; userCode: string; url: string }
  | { type: 'waiting'; leftMs: number }
  /** Answered with `org`. `preset`: the login that is meant when nothing else is said; null: there is none. */
  | { type: 'choose'; orgs: OfferedOrg[]; preset: string | null; hidden: number }
  /** Answered with `go`; until then nothing was changed, and from then on no daemon may run. Not answered in a dry run. */
  | { type: 'plan'; plan: SetupPlan }
  /** Both are null after a dry run. */
  | { type: 'done'; me: WhoAmI | null; claude: ClaudeDone | null }
  | { type: 'error'; error: SetupFailure };

/** As every error goes over a wire; the code is one of docs/ERRORS.md. */
export interface SetupFailure {
  code: string;
  message: string;
  hint: string;
  details?: unknown;
}
