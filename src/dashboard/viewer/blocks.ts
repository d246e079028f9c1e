/** What is shown of a turn: its parts as blocks, each with its line when folded. */
import { isObject } from '../../protocol/is-object.ts';
import { clip, printable } from '../../platform/printable.ts';
import { toolUseText, wholeToolUse } from '../../platform/tool-use.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';

export type Block =
  | { is: 'text'; text: string; look: 'plain' | 'thinking' | 'note' }
  | { is: 'tool'; head: string; text: string; edits: Edit[] }
  | { is: 'result'; text: string; error: boolean };

/** Text that a tool put in place of another. */
export interface Edit {
  before: string;
  after: string;
}

const HEAD_SHOWN = 200;

export function blocksOf(turn: Pick<Turn, 'kind' | 'content'>): Block[] {
  return turn.content.map((part) => blockOf(part, turn.kind));
}

function blockOf(part: ContentPart, kind: string): Block {
  switch (part.type) {
    case 'text':
      return { is: 'text', text: kind === 'title' ? `named: ${part.text}` : part.text, look: textLook(kind) };
    case 'thinking':
      return { is: 'text', text: part.text, look: 'thinking' };
    case 'tool_use':
      return {
        is: 'tool',
        head: clip(printable(toolUseText(part.name, part.input)), HEAD_SHOWN),
        text: wholeToolUse(part.name, part.input),
        edits: editsOf(part.name, part.input),
      };
    case 'tool_result':
      return { is: 'result', text: part.text, error: part.error };
    case 'image':
      return { is: 'text', text: `an image, ${part.media}: its content is not shared`, look: 'note' };
    case 'omitted':
      return { is: 'text', text: `left out: ${part.why}`, look: 'note' };
    default:
      // A part of a later version.
      return { is: 'text', text: `a part of a later version: ${JSON.stringify(part)}`, look: 'note' };
  }
}

function textLook(kind: string): 'plain' | 'note' {
  return kind === 'boundary' || kind === 'title' || kind === 'notice' ? 'note' : 'plain';
}

/** What Edit, MultiEdit and Write changed, as they were asked; other tools change nothing that can be shown so. */
function editsOf(name: string, input: unknown): Edit[] {
  if (!isObject(input)) return [];
  if (name === 'Write') return typeof input['content'] === 'string' ? [{ before: '', after: input['content'] }] : [];
  if (name === 'Edit') return editOf(input);
  if (name !== 'MultiEdit' || !Array.isArray(input['edits'])) return [];
  return input['edits'].flatMap((edit: unknown) => (isObject(edit) ? editOf(edit) : []));
}

function editOf(input: Record<string, unknown>): Edit[] {
  const { old_string: before, new_string: after } = input;
  return typeof before === 'string' && typeof after === 'string' ? [{ before, after }] : [];
}

/** The first line that says something, and how many there are. */
export function resultHead(text: string): { line: string; lines: number } {
  const all = text.trimEnd() === '' ? [] : text.trimEnd().split('\n');
  const first = all.find((line) => line.trim() !== '') ?? '';
  return { line: clip(printable(first.trim()), HEAD_SHOWN), lines: all.length };
}

/** Whether a turn is one line until somebody opens it: what tools did and gave, unless that failed. */
export function isFolded(kind: string, blocks: readonly Block[]): boolean {
  if (kind !== 'tool_use' && kind !== 'tool_result') return kind === 'thinking' || kind === 'summary';
  return !blocks.some((block) => block.is === 'result' && block.error);
}
