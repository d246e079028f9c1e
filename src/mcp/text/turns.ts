/** Whole turns as quoted data. */
import { toolUseText } from '../../platform/tool-use.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';
import { turnHeading } from './excerpts.ts';
import { heading, line, name } from './line.ts';
import type { Quoted } from './render.ts';

/** @param owner whose session it is */
export function turnQuoted(turn: Turn, owner: string): Quoted[] {
  const tool = turn.content.find((part) => part.type === 'tool_use')?.name ?? '';
  return [{ heading: turnHeading(turn, owner, tool) }, ...turn.content.flatMap((part) => partQuoted(part, turn))];
}

function partQuoted(part: ContentPart, turn: Turn): Quoted[] {
  switch (part.type) {
    case 'text':
      return [...kindHeading(turn), { theirs: part.text }];
    case 'thinking':
      return [{ heading: line`(thinking)` }, { theirs: part.text }];
    case 'tool_use':
      return [{ theirs: toolUseText(part.name, part.input) }];
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
