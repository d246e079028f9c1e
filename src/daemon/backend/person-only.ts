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
  try {
    return caller.via === 'hook' ? notFromPrompt(rooms, caller) : notFromTerminal(rooms, caller);
  } catch {
    // The system is short of something: not a moment to give access on trust.
    return 'the system does not tell just now which process asks';
  }
}

const AGENT = "this comes from an agent's shell";

function notFromTerminal({ live, surroundings }: Sight, { pid, agent }: TerminalCaller): string | null {
  const { processes } = surroundings;
  if (agent) return AGENT;
  if (processes.startTime(pid) === null) return 'the process that asks is gone';
  const above = lineage(processes, pid);
  const claudes = live.list().flatMap((conversation) => conversation.processes);
  const isBelow = claudes.some((p) => above.includes(p.pid) && processes.startTime(p.pid) === p.startTime);
  return isBelow ? 'this was started from inside Claude Code' : null;
}

function notFromPrompt(rooms: Sight, caller: HookCaller): string | null {
  const { live, turns, surroundings } = rooms;
  const { processes } = surroundings;
  if (caller.entrypoint !== 'cli' || !caller.attended) return 'nobody sits before this Claude Code';
  const process = live.get(caller.session)?.processes.find((p) => p.pid === caller.claude);
  if (!process || processes.startTime(process.pid) !== process.startTime) {
    return 'the process that asks does not run this conversation';
  }
  if (processes.withoutParents !== true) {
    const line = lineage(processes, caller.pid);
    const started = line.indexOf(process.pid);
    if (started < 1) return 'it was not Claude Code that asked';
    const between = line.slice(0, started);
    if (between.some((pid) => TOOL_SHELL.test(processes.variable?.(pid, 'AI_AGENT') ?? ''))) return AGENT;
  }
  const state = turns.state(caller.session, process);
  if (state === 'elsewhere') return 'Claude Code runs another conversation there, or without a person';
  return state === 'running' ? 'Claude is at work, so it may not have been you' : null;
}
