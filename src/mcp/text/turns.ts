/** Whole turns as quoted data. */
import { toolUseText, wholeToolUse } from '../../platform/tool-use.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';
import { turnHeading } from './excerpts.ts';
import { heading, line, name } from './line.ts';
import type { Quoted } from './render.ts';

/** How much of what a tool was asked is shown: what says most in one line, or all of it. */
export type Detail = 'brief' | 'whole';

/** @param owner whose session it is */
export function turnQuoted(turn: Turn, owner: string, detail: Detail): Quoted[] {
  return [{ heading: turnHeading(turn, owner) }, ...turn.content.flatMap((part) => partQuoted(part, turn, detail))];
}

function partQuoted(part: ContentPart, turn: Turn, detail: Detail): Quoted[] {
  switch (part.type) {
    case 'text':
      return [...kindHeading(turn), { theirs: part.text }];
    case 'thinking':
      return [{ heading: line`(thinking)` }, { theirs: part.text }];
    case 'tool_use':
      return [{ theirs: (detail === 'whole' ? wholeToolUse : toolUseText)(part.name, part.input) }];
    case 'tool_result':
      return [...(part.error ? [{ heading: line`(the tool failed)` }] : []), { theirs: part.text || '(no output)' }];
    case 'image':
      return [{ heading: heading`(an image, ${name(part.media)}: not shown)` }];
    case 'omitted':
      return [{ heading: line`(left out when it was shared)` }, { theirs: part.why }];
    default:
      // A part of a later version.
      return [{ heading: line`(something that this version does not know)` }];
  }
}

function kindHeading({ kind }: Turn): Quoted[] {
  if (kind === 'boundary') return [{ heading: line`(the conversation was compacted here)` }];
  if (kind === 'summary') return [{ heading: line`(what Claude kept after compaction)` }];
  if (kind === 'title') return [{ heading: line`(the conversation was named)` }];
  return [];
}
