/**
 * `hook`: what Claude Code calls. It tells the daemon what happened to a session, runs a verb that was typed as a command,
 * and must never get in the way: it exits with 0 whatever it is given, says nothing unless there is something for the
 * user, and is done in a moment, or within SLASH_WAIT_MS where somebody waits for an answer.
 */
import type { CliIo } from '../io.ts';
import { readOneJson } from '../hook-input.ts';
import type { VerbContext } from '../verb.ts';
import { openClient } from '../daemon-access.ts';
import { printable } from '../../platform/printable.ts';
import { hookRequestOf, parsePid, typedCommand } from '../../protocol/claude-hook.ts';
import type { HookRequest } from '../../protocol/local-api.ts';
import { printableJson } from '../output/json.ts';

/** A prompt waits for its hooks, so the daemon gets no longer than this. */
const DAEMON_MS = 500;

/** With options (`hook --help`, `hook --json`) it comes through the verb table; the work is the same. */
export function run({ io }: VerbContext): Promise<number> {
  return runHook(io);
}

/** @returns 0, always */
export async function runHook(io: CliIo): Promise<number> {
  // Without a listener a closed pipe would end the process with an error code.
  io.stdout.on('error', () => {});
  try {
    const about = {
      pid: parsePid(io.env['CLAUDE_PID']) ?? io.ppid,
      cwd: io.cwd,
      attended: io.env['CLAUDE_CODE_SESSION_ATTENDED'],
      // Claude Code sets it for the hooks of plugins.
      plugin: (io.env['CLAUDE_PLUGIN_ROOT'] ?? '') !== '',
    };
    const input = await readOneJson(io.stdin);
    const request = hookRequestOf(input, about);
    if (request === null) return 0;
    const message = await tell(io, request);
    const command = typedCommand(input);
    if (command !== null) {
      const { slashed } = await import('../slash/slashed.ts');
      await slashed(io, command, request, (answer) => write(io, answer));
    } else if (message !== null) await write(io, { systemMessage: printable(message) });
  } catch {
    // Garbage on stdin, no daemon, a slow daemon: none of them is the business of the conversation.
  }
  return 0;
}

/** What the daemon has for the user; null also when it does not answer. */
async function tell(io: CliIo, request: HookRequest): Promise<string | null> {
  try {
    const { message } = await openClient(io, DAEMON_MS).call('hook', { body: request });
    return typeof message === 'string' && message !== '' ? message : null;
  } catch {
    return null;
  }
}

function write(io: CliIo, answer: object): Promise<void> {
  return new Promise((resolve) => {
    io.stdout.write(`${printableJson(answer)}\n`, () => resolve());
  });
}
