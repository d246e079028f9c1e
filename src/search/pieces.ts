/** A turn as pieces that are found one by one: its content blocks, and long ones of them split at line ends. */
import type { ContentPart, Turn } from '../protocol/turn.ts';
import { PIECE_CHARS } from './settings.ts';

export interface Piece {
  text: string;
  /** Which content block of the turn, and which piece of how many of it. */
  part: number;
  piece: number;
  pieces: number;
  /** The tool that was used; '' for all else. */
  tool: string;
}

/** Empty for what says nothing in words: images, omissions, titles. */
export function piecesOf(turn: Turn): Piece[] {
  if (turn.kind === 'title') return [];
  return turn.content.flatMap((block, part) => {
    const { text, tool } = wordsOf(block);
    const texts = split(text);
    return texts.map((one, piece) => ({ text: one, part, piece, pieces: texts.length, tool }));
  });
}

function wordsOf(block: ContentPart): { text: string; tool: string } {
  switch (block.type) {
    case 'text':
    case 'thinking':
    case 'tool_result':
      return { text: block.text, tool: '' };
    case 'tool_use':
      return { text: [block.name, ...valuesOf(block.input)].join('\n'), tool: block.name };
    default:
      return { text: '', tool: '' };
  }
}

/** `name: value` for each value in what a tool was asked. */
function valuesOf(input: unknown): string[] {
  const lines: string[] = [];
  const visit = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) for (const item of value as unknown[]) visit(name, item);
    else if (typeof value === 'object') for (const [key, inner] of Object.entries(value)) visit(key, inner);
    else {
      const words = typeof value === 'string' ? value : JSON.stringify(value);
      lines.push(name === '' ? words : `${name}: ${words}`);
    }
  };
  visit('', input);
  return lines;
}

/**
 * Pieces of at most PIECE_CHARS, which joined are the text again: whole lines, and of a longer line whole characters.
 * None for what is empty or blank.
 */
export function split(text: string): string[] {
  if (text.trim() === '') return [];
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const to = endOf(text, from);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

function endOf(text: string, from: number): number {
  const most = from + PIECE_CHARS;
  if (most >= text.length) return text.length;
  const line = text.lastIndexOf('\n', most - 1);
  if (line >= from) return line + 1;
  // Not between the two halves of a character.
  const code = text.charCodeAt(most - 1);
  return code >= 0xd800 && code <= 0xdbff ? most - 1 : most;
}
