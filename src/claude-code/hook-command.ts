/** The command that Claude Code runs at an event, and how to tell that one is ours. */
import path from 'node:path';
import { shellQuote } from '../platform/ownership.ts';
import type { HomePaths } from '../platform/paths.ts';
import { HOOK_EVENTS } from '../protocol/claude-hook.ts';

/** The programs that a hook needs, as absolute paths: Claude Code's PATH is not the terminal's. */
export interface Programs {
  /** The Node that runs it. */
  node: string;
  /** File of the command line. */
  cli: string;
}

/** A command of the shell that does nothing, so that ours can be told apart, by people too. */
export const MARK = ': teammate-sync; ';

/** One that is ours as well as any. */
export const SAMPLE_COMMAND = `${MARK}exit 0`;

/** Without a shell and curl it is the command line alone, found on the PATH. */
const PLAIN = 'teammate-sync hook';

/**
 * With curl the daemon answers in a few milliseconds. When it does not (it is down, there is no curl, or the command line
 * has to do more), the command line is given the same. It prints nothing but an answer, and always ends with 0.
 *
 * The input is one line, and its end is not waited for: Claude Code leaves it open at times. `head` reads a long one ten
 * times as fast as the shell. The answer is collected first, so that half of one is never printed. Neither the user's
 * .curlrc nor a proxy has a say.
 */
export function hookCommand(
  { node, cli }: Programs,
  { home, socket }: Pick<HomePaths, 'home' | 'socket'>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') return PLAIN;
  const program = `${shellQuote(node)} ${shellQuote(cli)}`;
  return (
    `${MARK}exec 2>/dev/null; ${READ_INPUT}; ` +
    `if o=$(printf %s "$i" | ${postWith(shellQuote(socket))}); ` +
    `then [ -z "$o" ] || printf '%s\\n' "$o"; ` +
    `else set -- ${program}; [ -x "$1" ] && [ -r "$2" ] || set -- teammate-sync; ` +
    `printf %s "$i" | CLAUDE_PID=$p TEAMMATE_SYNC_HOME=${shellQuote(home)} "$@" hook; fi; exit 0`
  );
}

/** What stands in `hooks` of Claude Code: at each event a group of its own that runs this command. */
export function hookGroups(command: string): { event: string; group: object }[] {
  return HOOK_EVENTS.map(({ event, matcher, timeout }) => ({
    event,
    group: { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: 'command', command, timeout }] },
  }));
}

/** Takes the input, and whose it is. */
export const READ_INPUT = 'i=$(head -n 1) || IFS= read -r i; p=${CLAUDE_PID:-$PPID}';

/** @param socket as the shell is to read it @param plugin whether it is the plugin's hook */
export function postWith(socket: string, plugin = false): string {
  const more = plugin ? '&plugin=1' : '';
  return (
    `curl -qsfm 0.5 --noproxy '*' --unix-socket ${socket} --data-binary @- ` +
    '"http://localhost/v1/hook/claude-code?pid=$p&entrypoint=$CLAUDE_CODE_ENTRYPOINT&attended=$CLAUDE_CODE_SESSION_ATTENDED' +
    `${more}"`
  );
}

/** What people were told to write by hand before `init` did it. */
const BY_HAND = /^i=\$\(cat\); export CLAUDE_PID=.*\/v1\/hook\/claude-code\?.*\| teammate-sync hook$/s;

/** Ours, of this or another version, of this or another place; the whole command, never one that only calls us too. */
export function isOurCommand(command: string): boolean {
  if (command.startsWith(MARK) || BY_HAND.test(command)) return true;
  const words = shellWords(command);
  if (words === null || words.at(-1) !== 'hook') return false;
  const [program, cli, ...more] = words.slice(0, -1).map((word) => path.win32.basename(word));
  if (more.length > 0) return false;
  return cli === undefined ? isCli(program) : /^node(?:\.exe)?$/.test(program ?? '') && isCli(cli);
}

const isCli = (name: string | undefined): boolean => /^teammate-sync(?:\.cjs|\.cmd|\.js)?$/.test(name ?? '');

/** The programs that a command of ours names; null when it names none by an absolute path, or is not ours. */
export function programsIn(command: string): Programs | null {
  if (!command.startsWith(MARK)) return null;
  const set = /; else set -- (.*?); \[ -x /s.exec(command)?.[1];
  const words = set === undefined ? null : shellWords(set);
  return words?.length === 2 ? { node: words[0] as string, cli: words[1] as string } : null;
}

/** Words of a simple command with its quotes taken off; null for anything that a shell would do more with. */
function shellWords(command: string): string[] | null {
  if (!/^(?:'[^']*'|"[^"`$]*"|\\'|[\w./:\\@+-]|\s)+$/.test(command)) return null;
  const words = command.trim().match(/(?:'[^']*'|"[^"]*"|\\'|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"|\\(')/g, (_, a = '', b = '', c = '') => a + b + c));
}
