/** What Claude Code gives its hooks, and what it takes back: the same whether a program of ours or curl hands it on. */
import { isSessionId } from './ids.ts';
import { isObject } from './is-object.ts';
import type { HookRequest } from './local-api.ts';

const FIELD_MAX_CHARACTERS = 4096;

/**
 * The fields that the daemon is told of a hook's input.
 * @param about the process that the hook is about, and the folder it runs in
 * @returns null for what is no event of a conversation
 */
export function hookRequestOf(input: unknown, about: { pid: number; cwd: string }): HookRequest | null {
  const field = (name: string): string | null => {
    const value = isObject(input) && Object.hasOwn(input, name) ? input[name] : null;
    return typeof value === 'string' && value.length <= FIELD_MAX_CHARACTERS ? value : null;
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
  };
}

/** As the environment or a query has it; null for what is no process id. */
export function parsePid(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
