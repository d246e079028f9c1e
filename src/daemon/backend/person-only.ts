/**
 * Whether a person typed what gives access: the one place that decides it, from who says to ask, the process table, and the
 * conversations that live. A bar, not a wall: a program with a free shell can act as the user (docs/SECURITY.md).
 */
import { TeammateSyncError } from '../../errors.ts';
import { lineage } from '../../platform/lineage.ts';
import type { Caller, HookCaller, TerminalCaller } from '../../protocol/caller.ts';
import { SLASH_VERBS } from '../../protocol/claude-hook.ts';
import type { Rooms } from '../rooms.ts';

/** What the decision needs to see. */
export type Sight = Pick<Rooms, 'live' | 'turns'> & { surroundings: Pick<Rooms['surroundings'], 'processes'> };

/** As Claude Code marks the shells of a model's tools; those of its hooks end in `_harness`. */
const TOOL_SHELL = /_agent$/;

/**
 * @param typed the words of the verb, as one would type them
 * @param does what the verb does that only a person may
 * @throws PERSON_ONLY
 */
export function requirePerson(rooms: Sight, caller: Caller | null, typed: string[], does = 'gives access'): void {
  const why = whyNot(rooms, caller);
  if (why === null) return;
  const [verb = ''] = typed;
  const line = typed.join(' ');
  const slash = SLASH_VERBS.some(({ name }) => name === verb)
    ? `\`/${line}\` in Claude Code while it waits for you, or `
    : '';
  throw new TeammateSyncError('PERSON_ONLY', `${verb} ${does}, so a person has to type it; ${why}. Nothing was done`, {
    hint: `type it yourself: ${slash}\`teammate-sync ${line}\` in a terminal outside of Claude Code`,
  });
}

/** Null: a person did, as far as can be seen. */
function whyNot(rooms: Sight, caller: Caller | null): string | null {
  if (caller === null) return 'this request does not say who asks';
  // Its page was opened by this very decision.
  if (caller.via === 'dashboard') return null;
  try {
    return caller.via === 'hook' ? notFromPrompt(rooms, caller) : notFromTerminal(rooms, caller);
  } catch {
    // The system is short of something: not a moment to give access on trust.
    return 'the system does not tell just now which process asks';
  }
}

const AGENT = "this comes from an agent's shell";
const INSIDE = 'this was started from inside Claude Code';

/** One of these is the process of a conversation that is known. */
function anyIsClaude({ live, surroundings }: Sight, pids: readonly number[]): boolean {
  const claudes = live.list().flatMap((conversation) => conversation.processes);
  return claudes.some((p) => pids.includes(p.pid) && surroundings.processes.startTime(p.pid) === p.startTime);
}

function notFromTerminal(sight: Sight, { pid, agent }: TerminalCaller): string | null {
  const { processes } = sight.surroundings;
  if (agent) return AGENT;
  if (processes.startTime(pid) === null) return 'the process that asks is gone';
  return anyIsClaude(sight, lineage(processes, pid)) ? INSIDE : null;
}

function notFromPrompt(sight: Sight, caller: HookCaller): string | null {
  const { live, turns, surroundings } = sight;
  const { processes } = surroundings;
  if (caller.entrypoint !== 'cli' || !caller.attended)
    return 'nobody sits before this Claude Code, or it is too old to say so';
  const running = live.get(caller.session)?.processes ?? [];
  const process = running.find((p) => p.pid === caller.claude);
  if (!process || processes.startTime(process.pid) !== process.startTime) {
    return 'the process that asks does not run this conversation';
  }
  if (processes.withoutParents !== true) {
    const line = lineage(processes, caller.pid);
    const started = line.indexOf(process.pid);
    if (started < 1) return 'it was not Claude Code that asked';
    // Also above it: a model may have started a Claude Code of its own, to type into it.
    if (line.some((pid) => TOOL_SHELL.test(processes.variable?.(pid, 'AI_AGENT') ?? ''))) return AGENT;
    if (anyIsClaude(sight, line.slice(started + 1))) return INSIDE;
  }
  const state = turns.state(caller.session, process);
  if (state === 'elsewhere') return 'Claude Code runs another conversation there, or without a person';
  const isAtWork = state === 'running' || running.some((p) => p !== process && turns.isAtWork(p));
  return isAtWork ? 'Claude is at work, so it may not have been you' : null;
}
