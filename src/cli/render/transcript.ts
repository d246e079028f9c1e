/**
 * A transcript as readable text. Every line of foreign text is indented, also where it is wrapped, so that no text can
 * pass for a turn of its own. The pieces are cleaned once more by the printer.
 */
import { clip, printable } from '../../platform/printable.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';
import { count } from '../output/count.ts';
import { bold, cyan, dim, type Line, type Piece, red, type Style } from '../output/piece.ts';
import { clockTime, day } from '../output/time.ts';
import { speakerOf } from '../../platform/speaker.ts';
import { toolUseText, wholeToolUse } from '../../platform/tool-use.ts';
import { wrap } from './wrap.ts';

export interface TranscriptOptions {
  /** What the owner of the session is called. */
  speaker: string;
  /** Columns to wrap at; null: never. */
  columns: number | null;
  /** Do not shorten the results of tools and what they were asked. */
  full: boolean;
}

const INDENT = '  ';
const RESULT_LINES_SHOWN = 8;
/** Columns of a tool's request, or of a line of its result. */
const LINE_SHOWN = 400;

/** Makes the renderer of one session: it says the day when the day changes. Turns come in the order they are shown in. */
export function transcript(options: TranscriptOptions): (turn: Turn) => Line[] {
  let lastDay = '';
  return (turn) => {
    const lines: Line[] = [];
    const today = day(turn.time);
    if (today !== '?' && today !== lastDay) {
      lines.push([dim(today)], []);
      lastDay = today;
    }
    lines.push(header(turn, options.speaker));
    for (const item of turn.content) lines.push(...partLines(item, turn, options));
    lines.push([]);
    return lines;
  };
}

/** The newest few turns of a session in one line each, for a list of sessions. */
export function brief(turns: readonly Turn[], speaker: string, columns: number): Line[] {
  return turns.map((turn) => {
    const text = turn.content.map((item) => briefText(item)).join(' ');
    return [
      INDENT,
      dim(`#${turn.line} ${clockTime(turn.time)} `),
      `${speakerOf(turn, speaker)}: `,
      clip(printable(text), columns),
    ];
  });
}

function header(turn: Turn, speaker: string): Line {
  const who = speakerOf(turn, speaker);
  const line: Piece[] = [dim(`#${turn.line} ${clockTime(turn.time)} `), who === speaker ? cyan(who) : bold(who)];
  if (turn.kind === 'boundary') line.push(dim('  the conversation was compacted here'));
  if (turn.kind === 'summary') line.push(dim('  what Claude kept after compaction'));
  return line;
}

function partLines(item: ContentPart, turn: Turn, options: TranscriptOptions): Line[] {
  const { columns, full } = options;
  switch (item.type) {
    case 'text':
      return block(turn.kind === 'title' ? `[named: ${item.text}]` : item.text, columns);
    case 'thinking':
      return [[INDENT, dim('(thinking)')], ...block(item.text, columns, 'dim')];
    case 'tool_use': {
      if (full) return block(`→ ${wholeToolUse(item.name, item.input)}`, columns);
      return block(`→ ${clip(printable(toolUseText(item.name, item.input)), LINE_SHOWN)}`, columns);
    }
    case 'tool_result':
      return result(item.text, item.error, options);
    case 'image':
      return block(`[image ${item.media}]`, columns, 'dim');
    case 'omitted':
      return block(`[left out: ${item.why}]`, columns, 'dim');
    default:
      // A part of a later version.
      return block(`[${String((item as { type: unknown }).type)}]`, columns, 'dim');
  }
}

function result(text: string, error: boolean, { columns, full }: TranscriptOptions): Line[] {
  const all = textLines(text);
  const shown = full ? all : all.slice(0, RESULT_LINES_SHOWN).map((line) => clip(line, LINE_SHOWN));
  const lines: Line[] = error ? [[INDENT, red('(failed)')]] : [];
  for (const line of shown) lines.push(...indented(line, columns, 'dim'));
  if (all.length > shown.length) lines.push([INDENT, dim(`… ${count(all.length - shown.length, 'more line')}`)]);
  if (all.length === 0) lines.push([INDENT, dim('(no output)')]);
  return lines;
}

/** Foreign text, line by line, indented. */
export function block(text: string, columns: number | null, style?: Style): Line[] {
  return textLines(text).flatMap((line) => indented(line, columns, style));
}

function indented(line: string, columns: number | null, style?: Style): Line[] {
  const rows = columns === null ? [line] : wrap(line, columns - INDENT.length);
  return rows.map((row) => (row === '' ? [] : [INDENT, style === undefined ? row : { text: row, style }]));
}

/** Cleaned, without the blank lines at its end. */
function textLines(text: string): string[] {
  const clean = printable(text, { multiline: true }).trimEnd();
  return clean === '' ? [] : clean.split('\n');
}

function briefText(item: ContentPart): string {
  switch (item.type) {
    case 'text':
    case 'thinking':
    case 'tool_result':
      return item.text;
    case 'tool_use':
      return `→ ${toolUseText(item.name, item.input)}`;
    case 'image':
      return `[image ${item.media}]`;
    default:
      return '[left out]';
  }
}
