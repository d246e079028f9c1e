/** Who speaks in a turn. */
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';

/** Of a subagent's id; enough to tell them apart. */
const SOURCE_SHOWN = 12;

/** `handle` is the person whose session it is. */
export function speakerOf(turn: Turn, handle: string): string {
  const sub = turn.source === MAIN_SOURCE ? '' : ` (subagent ${turn.source.slice(0, SOURCE_SHOWN)})`;
  switch (turn.kind) {
    case 'prompt':
      // A subagent is prompted by Claude, not by the person.
      return sub === '' ? handle : `task${sub}`;
    case 'reply':
    case 'tool_use':
    case 'thinking':
      return `Claude${sub}`;
    case 'tool_result':
      return `result${sub}`;
    case 'summary':
      return `summary${sub}`;
    case 'boundary':
    case 'title':
    case 'notice':
      return `note${sub}`;
    default:
      // A kind of a later version.
      return `${turn.role === 'user' ? handle : turn.role === 'assistant' ? 'Claude' : turn.role}${sub}`;
  }
}
