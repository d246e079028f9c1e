/** A command typed in Claude Code, from the hook's side: whoever typed it gets an answer, in time. */
import { asTeammateSyncError } from '../../errors.ts';
import type { SlashCommand } from '../../protocol/claude-hook.ts';
import { SLASH_WAIT_MS } from '../../protocol/limits.ts';
import type { HookRequest } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { ensureDaemon } from '../daemon-control.ts';
import type { CliIo } from '../io.ts';
import { answerSlash } from './answer.ts';

/** Where to look whether it was carried out after all; of the others, nothing changes by not knowing. */
const LOOK: Readonly<Record<string, string>> = {
  share: '/shared shows it, /unshare takes it back',
  unshare: '/shared shows it',
  accept: '/connections shows it, /disconnect takes it back',
  decline: '/connections shows it',
  disconnect: '/connections shows it',
};

/**
 * Answers in place of the model: the prompt goes no further.
 * @param write hands Claude Code one object and resolves when it has it
 * @param waitMs for the verb; tests set it
 */
export async function slashed(
  io: CliIo,
  command: SlashCommand,
  request: HookRequest,
  write: (answer: object) => Promise<void>,
  waitMs = SLASH_WAIT_MS,
): Promise<void> {
  let late: NodeJS.Timeout | null = null;
  const tooLate = new Promise<null>((resolve) => {
    late = setTimeout(() => resolve(null), waitMs);
  });
  const reason = await Promise.race([answer(io, command, request), tooLate]);
  if (late !== null) clearTimeout(late);
  await write(blocked(reason ?? slow(command, waitMs)));
  // What is still under way would keep Claude Code waiting, until it gives the hook up and asks the model.
  if (reason === null) io.leave(0);
}

function blocked(reason: string): object {
  return {
    decision: 'block',
    reason,
    hookSpecificOutput: { hookEventName: 'UserPromptSubmit', suppressOriginalPrompt: true },
  };
}

function slow({ verb }: SlashCommand, waitMs: number): string {
  const look = LOOK[verb];
  const outcome = look === undefined ? 'Nothing was changed; try again' : `It may still be carried out: ${look}`;
  return `teammate-sync: the daemon has not answered for ${waitMs / 1000} s\n  ${outcome}, or see \`teammate-sync status\` in a terminal`;
}

async function answer(io: CliIo, command: SlashCommand, request: HookRequest): Promise<string> {
  const { verb, rest, ofPlugin } = command;
  const { session, pid, cwd, attended } = request;
  const entrypoint = io.env['CLAUDE_CODE_ENTRYPOINT'] ?? '';
  if (attended === false || (entrypoint !== '' && entrypoint !== 'cli')) {
    return `teammate-sync: /${verb} is for somebody who sits before Claude Code, so nothing was done\n  type it in a terminal: teammate-sync ${verb} ${rest.trim()}`.trimEnd();
  }
  const hook = { session, claude: pid, entrypoint, attended: attended === true, ofPlugin };
  try {
    const inSession = { ...io, cwd, hook, env: { ...io.env, CLAUDE_CODE_SESSION_ID: session } };
    // A daemon that `share` has to start does not know of this session yet.
    if (verb === 'share' && (await ensureDaemon({ io: inSession })))
      await openClient(inSession).call('hook', { body: request });
    return await answerSlash(inSession, command);
  } catch (error) {
    const { message, hint } = asTeammateSyncError(error);
    return `teammate-sync: ${message}\n  ${hint}`;
  }
}
