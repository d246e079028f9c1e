/**
 * `hook`: what Claude Code calls. It tells the daemon what happened to a session, and must never get in the way: it exits
 * with 0 whatever it is given, says nothing unless the daemon has a line for the user, and is done in a moment.
 */
import type { CliIo } from '../io.ts';
import { readOneJson } from '../hook-input.ts';
import type { VerbContext } from '../verb.ts';
import { openClient } from '../daemon-access.ts';
import { printable } from '../../platform/printable.ts';
import { hookRequestOf, parsePid } from '../../protocol/claude-hook.ts';
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
    };
    const request = hookRequestOf(await readOneJson(io.stdin), about);
    if (request === null) return 0;
    const message = await ask(io, request);
    if (message !== null) await write(io, `${printableJson({ systemMessage: printable(message) })}\n`);
  } catch {
    // Garbage on stdin, no daemon, a slow daemon: none of them is the business of the conversation.
  }
  return 0;
}

async function ask(io: CliIo, request: HookRequest): Promise<string | null> {
  const answer = await openClient(io, DAEMON_MS).call('hook', { body: request });
  return typeof answer.message === 'string' && answer.message !== '' ? answer.message : null;
}

function write(io: CliIo, text: string): Promise<void> {
  return new Promise((resolve) => {
    io.stdout.write(text, () => resolve());
  });
}
