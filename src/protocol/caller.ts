/**
 * Who asks the daemon, as a program of ours says it in a header of each request. The daemon judges it where a request gives
 * access: whether a person typed that.
 */
import { bool, type Decoder, int, object, oneOf, text, union } from './decode.ts';
import { sessionId } from './ids.ts';
import { parseJson } from './json.ts';

/** A command line that somebody typed, or that was run by another program. */
export interface TerminalCaller {
  via: 'terminal';
  /** Of the process that asks. */
  pid: number;
  /** Its environment says that an agent's shell runs it. */
  agent: boolean;
}

/** A hook of Claude Code, at a prompt that is one of our commands. */
export interface HookCaller {
  via: 'hook';
  /** Of the process that asks. */
  pid: number;
  /** In which the command was typed. */
  session: string;
  /** CLAUDE_PID: the process that runs this session. */
  claude: number;
  /** CLAUDE_CODE_ENTRYPOINT, or '': `cli` where somebody sits before it. */
  entrypoint: string;
  /** CLAUDE_CODE_SESSION_ATTENDED is 1. */
  attended: boolean;
}

/** A page of the dashboard. Only its listener says so, never a header: a person opened the page. */
export interface DashboardCaller {
  via: 'dashboard';
}

export type Caller = TerminalCaller | HookCaller | DashboardCaller;

export const CALLER_HEADER = 'teammate-sync-caller';

const CALLER_MAX_BYTES = 1024;
const pid = int(1, 2 ** 31 - 1);

const caller: Decoder<Caller> = union<Caller>('via', {
  terminal: object({ via: oneOf('terminal'), pid, agent: bool }),
  hook: object({
    via: oneOf('hook'),
    pid,
    session: sessionId,
    claude: pid,
    entrypoint: text(64, /^[\w.-]*$/),
    attended: bool,
  }),
});

/** The header's value. */
export function encodeCaller(who: Caller): string {
  return JSON.stringify(who);
}

/** Null when the header is absent. @throws DecodeError when it is not understood */
export function decodeCaller(value: string | undefined): Caller | null {
  return value === undefined ? null : parseJson(Buffer.from(value), CALLER_MAX_BYTES, caller, CALLER_HEADER);
}
