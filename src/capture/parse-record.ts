/**
 * One transcript line to the turn that is kept of it. What is kept is decided by record types, flags and ids, never by
 * phrases: a phrase rule destroys real conversation, and misses what the next version words differently.
 */
import { jsonDepth, jsonValues } from '../protocol/json.ts';
import { JSON_MAX_DEPTH, LINE_MAX_VALUES, SOURCE_LINE_MAX_BYTES } from '../protocol/limits.ts';
import { type ContentPart, MAIN_SOURCE, type Turn, type TurnKind } from '../protocol/turn.ts';
import { boundTurn } from './bound-turn.ts';
import { contentParts, teammatePart } from './content-parts.ts';
import { isObject } from '../protocol/is-object.ts';
import { get, type Json, shortText } from './json-object.ts';
import { isOnlyOwnCommand, isOwnCommand, mentions } from './own-tools.ts';
import { cleanTitle, type RecordMemory } from './record-memory.ts';

/** Where a line stands: `source` as in {@link Turn}, `line` 1-based. */
export interface LinePlace {
  source: string;
  line: number;
}

const ID_MAX_BYTES = 128;
const UUID = /^[\x21-\x7e]{1,128}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]{5,24}(?:Z|[+-]\d{2}:\d{2})$/;
/** What the person ran with `!`, and what it printed: markup of Claude Code, the only mark such records have. */
const SHELL_INPUT = /^\s*<bash-input>([\s\S]*?)<\/bash-input>/;
const SHELL_OUTPUT = '<bash-stdout>';
const CLIENT_COMMAND = /^\s*<(?:command-name|local-command-(?:stdout|stderr))>/;
const TOOL_USE_ID = /<tool-use-id>([^<]{1,512})<\/tool-use-id>/g;

/** A line as JSON object, why it is not parsed, or null for what could be no record. */
function decode(line: Buffer | string): Json | string | null {
  // trim also takes a byte order mark and the \r of CRLF
  const text = (typeof line === 'string' ? line : line.toString('utf8')).trim();
  if (!text.startsWith('{')) return null;
  // Before parsing: a few megabytes of brackets would become gigabytes of objects.
  if (jsonDepth(text) > JSON_MAX_DEPTH) return `nested deeper than ${JSON_MAX_DEPTH}`;
  // Each but the last is followed by at least one more character.
  if (text.length > 2 * LINE_MAX_VALUES && jsonValues(text) > LINE_MAX_VALUES) {
    return `more than ${LINE_MAX_VALUES} values`;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function uuidOf(record: Json): string {
  const uuid = get(record, 'uuid');
  return typeof uuid === 'string' && UUID.test(uuid) ? uuid : '';
}

/** The uuid that a turn of this line carries; '' where there is none. */
export function recordUuid(line: Buffer | string): string {
  const record = decode(line);
  return isObject(record) ? uuidOf(record) : '';
}

function notice(at: LinePlace, why: string): Turn {
  return { ...at, uuid: '', time: '', role: 'system', kind: 'notice', content: [{ type: 'omitted', why }] };
}

/** The turn that stands for a line beyond SOURCE_LINE_MAX_BYTES. */
export function tooLongTurn(at: LinePlace, bytes: number): Turn {
  return notice(at, `too long: ${bytes} bytes`);
}

/**
 * The turns of one transcript line: none or one, and two where a record of an older version holds thinking beside other
 * content. So thinking is only ever in turns of kind `thinking`, and such turns hold nothing else.
 *
 * Never throws, whatever the line holds. Every turn passes `turnDecoder` and serialises to at most ENTRY_MAX_BYTES.
 * @param line without its line break; bytes that are not UTF-8 become U+FFFD
 * @param memory of this transcript; the lines must be given in the order of the file
 */
export function parseRecord(line: Buffer | string, at: LinePlace, memory: RecordMemory): Turn[] {
  const bytes = Buffer.byteLength(line);
  if (bytes > SOURCE_LINE_MAX_BYTES) return [tooLongTurn(at, bytes)];
  const record = decode(line);
  if (record === null) return [];
  if (typeof record === 'string') return [notice(at, record)];

  const time = get(record, 'timestamp');
  const turn = (role: string, kind: TurnKind, content: ContentPart[]): Turn[] => {
    if (content.length === 0) return [];
    const head = { source: at.source, line: at.line, uuid: uuidOf(record) };
    return [boundTurn({ ...head, time: typeof time === 'string' && TIME.test(time) ? time : '', role, kind, content })];
  };

  switch (get(record, 'type')) {
    case 'user':
      return userTurn(record, memory, turn);
    case 'assistant':
      return assistantTurns(record, memory, turn);
    case 'attachment':
      return queuedTurn(record, memory, turn);
    case 'system': {
      if (get(record, 'subtype') !== 'compact_boundary') return [];
      const text = get(record, 'content');
      return turn('system', 'boundary', [{ type: 'text', text: typeof text === 'string' ? text : '' }]);
    }
    case 'custom-title':
      if (at.source === MAIN_SOURCE) memory.title = cleanTitle(get(record, 'customTitle')) ?? memory.title;
      return [];
    default:
      return [];
  }
}

type MakeTurn = (role: string, kind: TurnKind, content: ContentPart[]) => Turn[];

function messageContent(record: Json): unknown {
  const message = get(record, 'message');
  return isObject(message) ? get(message, 'content') : undefined;
}

function assistantTurns(record: Json, memory: RecordMemory, turn: MakeTurn): Turn[] {
  const parts = contentParts(messageContent(record), memory);
  const thinking = parts.filter((p) => p.type === 'thinking');
  const rest = parts.filter((p) => p.type !== 'thinking');
  const kind = rest.some((p) => p.type === 'tool_use') ? 'tool_use' : 'reply';
  return [...turn('assistant', 'thinking', thinking), ...turn('assistant', kind, rest)];
}

/** The text of a message without tool results; null for one that has any. */
function plainText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const blocks = content.filter(isObject);
  if (blocks.some((block) => get(block, 'type') === 'tool_result')) return null;
  return blocks.map((block) => (typeof block['text'] === 'string' ? block['text'] : '')).join('\n');
}

/** Who began this turn, where the record says so: human, task-notification, … */
function originKind(record: Json): string | null {
  const origin = get(record, 'origin');
  const kind = isObject(origin) ? get(origin, 'kind') : undefined;
  return typeof kind === 'string' ? kind : null;
}

function userTurn(record: Json, memory: RecordMemory, turn: MakeTurn): Turn[] {
  if (get(record, 'isMeta') === true) {
    memory.aside(uuidOf(record));
    return [];
  }
  const content = messageContent(record);
  if (get(record, 'isCompactSummary') === true) return turn('user', 'summary', contentParts(content, memory));

  const text = plainText(content);
  if (text !== null) {
    if (isClientCommand(record, text, memory)) return [];
    if (isOwnShell(record, text, memory)) return turn('user', 'prompt', [teammatePart()]);
    if (isOnlyOwnCommand(SHELL_INPUT.exec(text)?.[1] ?? '')) return [];
    const origin = originKind(record);
    if (origin !== null && origin !== 'human') {
      // Not typed by anybody: a background task that ended, for instance. It may quote the output of one that is ours.
      const ours =
        mentions(text, memory.traces) ||
        [...text.matchAll(TOOL_USE_ID)].some((match) => memory.whose(match[1] ?? '') === 'ours');
      return turn('system', 'notice', ours ? [teammatePart()] : contentParts(content, memory));
    }
  }
  const parts = contentParts(content, memory, get(record, 'toolUseResult')).filter((p) => p.type !== 'thinking');
  return turn('user', text === null ? 'tool_result' : 'prompt', parts);
}

/**
 * True for a command that Claude Code carries out itself (/compact, …), and for what it printed. Before the first of them
 * stands a record that nobody typed; what a person types for the model, a command too, stands before such a record.
 */
function isClientCommand(record: Json, content: string, memory: RecordMemory): boolean {
  const parent = shortText(get(record, 'parentUuid'), ID_MAX_BYTES);
  const typed = originKind(record) === 'human';
  if (typed || parent === '' || !memory.isAside(parent) || !CLIENT_COMMAND.test(content)) return false;
  memory.aside(uuidOf(record));
  return true;
}

/**
 * True for the output of our own command run with `!`, not for the record that holds only what was typed. The output is
 * the record after it: its parent is the input, and both have the same prompt id.
 */
function isOwnShell(record: Json, content: string, memory: RecordMemory): boolean {
  const parent = shortText(get(record, 'parentUuid'), ID_MAX_BYTES);
  const prompt = shortText(get(record, 'promptId'), ID_MAX_BYTES);
  const typed = SHELL_INPUT.exec(content);
  if (typed) {
    if (!isOwnCommand(typed[1] ?? '')) return false;
    for (const id of [uuidOf(record), prompt]) if (id !== '') memory.shell(id);
    return content.includes(SHELL_OUTPUT);
  }
  return memory.isShell(parent) || (memory.isShell(prompt) && content.includes(SHELL_OUTPUT));
}

/** A message typed while Claude was busy is stored as an attachment. */
function queuedTurn(record: Json, memory: RecordMemory, turn: MakeTurn): Turn[] {
  const attachment = get(record, 'attachment');
  if (!isObject(attachment) || get(attachment, 'type') !== 'queued_command') return [];
  if (get(attachment, 'commandMode') !== 'prompt' || get(attachment, 'humanTurn') === false) return [];
  const origin = originKind(attachment);
  if (origin !== null && origin !== 'human') return [];
  return turn('user', 'prompt', contentParts(get(attachment, 'prompt'), memory));
}
