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
});
export type SetupRequest = Decoded<typeof setupRequest>;

/** What comes back for a `choose` and for a `plan`. */
export const setupAnswer = object({
  /** The login of one of the organisations; null: nothing was chosen. */
  org: optional(nullable(text(100))),
  /** What was planned may be done. */
  go: optional(bool),
});

/** One file or folder of the home, as it will be. */
export interface PlannedFile {
  path: string;
  change: 'make' | 'change' | 'keep';
  /** What changes in it, line by line, with `+ ` or `- ` before it. No secrets. */
  lines: string[];
}

/** Everything that `init` would do from here on. */
export interface SetupPlan {
  handle: string;
  org: string;
  files: PlannedFile[];
  /** What becomes public on GitHub; null: it is published as it is. */
  publishes: string | null;
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
  /** `me` is null after a dry run. */
  | { type: 'done'; me: WhoAmI | null }
  | { type: 'error'; error: SetupFailure };

/** As every error goes over a wire; the code is one of docs/ERRORS.md. */
export interface SetupFailure {
  code: string;
  message: string;
  hint: string;
  details?: unknown;
}
