/** What Claude Code gives its hooks, and what it takes back: the same whether a program of ours or curl hands it on. */
import { isSessionId } from './ids.ts';
import { isObject } from './is-object.ts';
import type { HookRequest } from './local-api.ts';

const FIELD_MAX_CHARACTERS = 4096;

/** An event that Claude Code is to tell, and after how many seconds it gives the hook up. */
export interface HookEvent {
  event: string;
  /** Which of these events; all when absent. */
  matcher?: string;
  timeout: number;
}

/**
 * SessionStart and SessionEnd tell which conversations live; UserPromptSubmit answers our slash commands; Stop lets the
 * user see at once what was widened meanwhile. A prompt waits for a verb, which may wait for GitHub (RESOLVE_TIMEOUT_MS).
 */
export const HOOK_EVENTS: readonly HookEvent[] = [
  { event: 'SessionStart', timeout: 10 },
  { event: 'SessionEnd', timeout: 10 },
  { event: 'UserPromptSubmit', timeout: 30 },
  { event: 'Stop', timeout: 10 },
];

/** A verb that can be typed in Claude Code. */
export interface SlashVerb {
  /** Of the verb and of the command. */
  name: string;
  /** What Claude Code shows behind the name while it is typed; empty: it takes nothing. */
  argumentHint: string;
  /** One line. */
  about: string;
}

export const SLASH_VERBS: readonly SlashVerb[] = [
  {
    name: 'share',
    argumentHint: '<handle>... [--note text] [--from-now] [--with-thinking] [--preview]',
    about: 'Share this session live with teammates; nobody: with everyone connected',
  },
  {
    name: 'unshare',
    argumentHint: '[<session>] [--from <handle>...] [--all]',
    about: 'End sharing this session, at once',
  },
  { name: 'shared', argumentHint: '', about: 'What I share now, with whom, and what each has fetched' },
  { name: 'connections', argumentHint: '', about: 'Who is connected, and which invites are pending' },
  { name: 'accept', argumentHint: '<handle>', about: "Accept a teammate's invite" },
  { name: 'decline', argumentHint: '<handle>', about: "Decline a teammate's invite" },
  {
    name: 'disconnect',
    argumentHint: '<handle>',
    about: 'End trust with a teammate, and all shares in both directions',
  },
  { name: 'teammates', argumentHint: '[--all]', about: 'Who is in the workspace, connected, online, sharing with me' },
  {
    name: 'show',
    argumentHint: '<handle> [<session>] [--lines a-b]',
    about: 'Read the newest of what a teammate shares with me',
  },
  {
    name: 'ask',
    argumentHint: '[<handle>[,<handle>...]] "question" [--literal | --regex]',
    about: 'Find what answers a question in what teammates share with me, with citations',
  },
];

/** A prompt that is one of our commands. */
export interface SlashCommand {
  verb: string;
  /** It is the plugin's. */
  ofPlugin: boolean;
  /** Everything behind the name, as it was typed. */
  rest: string;
}

/** The name that the plugin's commands have before theirs. */
const COMMAND = /^\/(teammate-sync:)?([a-z]+)(?:\s|$)/;

/** Only what Claude Code itself takes for a command: the slash comes first, and the name is whole. Null: it is not ours. */
export function slashCommand(prompt: string): SlashCommand | null {
  const [typed = '', prefix, verb = ''] = COMMAND.exec(prompt) ?? [];
  return SLASH_VERBS.some(({ name }) => name === verb)
    ? { verb, ofPlugin: prefix !== undefined, rest: prompt.slice(typed.length) }
    : null;
}

/**
 * Our `/share`, as it is typed. Claude Code has a `/share` of its own, which only a file of that name goes before, and no
 * plugin; all other commands go by either name.
 */
export const shareCommand = (ofPlugin: boolean): string => (ofPlugin ? '/teammate-sync:share' : '/share');

/**
 * The fields that the daemon is told of a hook's input.
 * @param about the process that the hook is about, the folder it runs in, CLAUDE_CODE_SESSION_ATTENDED, and whether it is
 * the plugin's
 * @returns null for what is no event of a conversation
 */
export function hookRequestOf(
  input: unknown,
  about: { pid: number; cwd: string; attended: string | undefined; plugin: boolean },
): HookRequest | null {
  const field = (name: string): string | null => {
    const value = fieldOf(input, name);
    return value !== null && value.length <= FIELD_MAX_CHARACTERS ? value : null;
  };
  const event = field('hook_event_name');
  const session = field('session_id');
  if (event === null || session === null || !isSessionId(session)) return null;
  return {
    event,
    session,
    transcriptPath: field('transcript_path') ?? '',
    cwd: field('cwd') ?? about.cwd,
    source: field('source'),
    reason: field('reason'),
    pid: about.pid,
    ...(event === 'UserPromptSubmit' ? { prompt: typedCommand(input) ? 'own' : 'other' } : {}),
    ...(about.attended === '0' || about.attended === '1' ? { attended: about.attended === '1' } : {}),
    ...(about.plugin ? { plugin: true } : {}),
  };
}

/** The command that a hook's input is about; null: it is another event, or a prompt for the model. */
export function typedCommand(input: unknown): SlashCommand | null {
  if (fieldOf(input, 'hook_event_name') !== 'UserPromptSubmit') return null;
  const prompt = fieldOf(input, 'prompt');
  return prompt === null ? null : slashCommand(prompt);
}

/** Text of a hook's input by its name, of any length; null when there is none. */
function fieldOf(input: unknown, name: string): string | null {
  const value = isObject(input) && Object.hasOwn(input, name) ? input[name] : null;
  return typeof value === 'string' ? value : null;
}

/** As the environment or a query has it; null for what is no process id. */
export function parsePid(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
