/** The blocks of a message as the parts of a turn. What is not known by its type becomes a marker, never a guess. */
import type { ContentPart } from '../protocol/turn.ts';
import { isObject } from '../protocol/is-object.ts';
import { get, type Json, shortText } from './json-object.ts';
import { isOnlyOurs, isOwnToolUse, tracesOf } from './own-tools.ts';
import type { RecordMemory } from './record-memory.ts';

const ID_MAX_BYTES = 512;
const TYPE_MAX_CHARS = 64;
const MEDIA_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/;

/** In place of what is left out because it holds, or may hold, a teammate's text. */
export function teammatePart(): ContentPart {
  return { type: 'omitted', why: 'teammate' };
}

function unknownPart(type: unknown): ContentPart {
  const name = typeof type === 'string' ? type.replace(/[^\w.-]/g, '').slice(0, TYPE_MAX_CHARS) : '';
  return { type: 'omitted', why: `unknown:${name || 'none'}` };
}

function imagePart(block: Json): ContentPart {
  const source = get(block, 'source');
  const media = isObject(source) ? get(source, 'media_type') : undefined;
  return { type: 'image', media: typeof media === 'string' && MEDIA_TYPE.test(media) ? media : 'image' };
}

/** A copy without keys that would change an object's prototype where a later copy is made by assignment. */
function harmless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(harmless);
  if (!isObject(value)) return value;
  const out: Json = {};
  for (const key of Object.keys(value)) if (key !== '__proto__') out[key] = harmless(value[key]);
  return out;
}

/** Text of a result, and the parts that are not text. */
function resultContent(content: unknown): { text: string; others: ContentPart[] } {
  if (!Array.isArray(content)) return { text: typeof content === 'string' ? content : '', others: [] };
  const texts: string[] = [];
  const others: ContentPart[] = [];
  for (const block of content) {
    if (typeof block === 'string') texts.push(block);
    else if (!isObject(block)) others.push(unknownPart(null));
    else if (get(block, 'type') === 'text') texts.push(bodyText(get(block, 'text')));
    else if (get(block, 'type') === 'image') others.push(imagePart(block));
    else others.push(unknownPart(get(block, 'type')));
  }
  return { text: texts.join('\n'), others };
}

function bodyText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toolUse(block: Json, memory: RecordMemory): ContentPart[] {
  const id = shortText(get(block, 'id'), ID_MAX_BYTES);
  const name = shortText(get(block, 'name'), ID_MAX_BYTES);
  const input = harmless(get(block, 'input') ?? {});
  memory.call(id, isOwnToolUse(name, input, memory.traces));
  if (isOnlyOurs(name, input)) return [];
  return [{ type: 'tool_use', id, name, input }];
}

function toolResult(block: Json, memory: RecordMemory, toolUseResult: unknown): ContentPart[] {
  const id = shortText(get(block, 'tool_use_id'), ID_MAX_BYTES);
  const { text, others } = resultContent(get(block, 'content'));
  const whose = memory.whose(id);
  if (whose === 'ours') {
    for (const trace of tracesOf(text, toolUseResult)) memory.trace(trace);
    return [teammatePart()];
  }
  // The call is always written before its result. Where it is missing (its line was too long, or torn), nobody can say
  // whose text this is.
  if (whose === 'unknown') return [{ type: 'omitted', why: 'unpaired result' }];
  return [{ type: 'tool_result', id, text, error: get(block, 'is_error') === true }, ...others];
}

/**
 * The parts of a message's content, a string or a list of blocks. Tool calls are put into `memory`; results of our own
 * tools are left out by it. Empty text gives no part.
 * @param toolUseResult the record's own copy of the result; only looked into for where a result of ours went on
 */
export function contentParts(content: unknown, memory: RecordMemory, toolUseResult?: unknown): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: unknown): ContentPart[] => {
    if (!isObject(block)) return [unknownPart(null)];
    const type = get(block, 'type');
    if (type === 'text' || type === 'thinking') {
      const text = bodyText(get(block, type));
      return text === '' ? [] : [{ type, text }];
    }
    if (type === 'tool_use') return toolUse(block, memory);
    if (type === 'tool_result') return toolResult(block, memory, toolUseResult);
    if (type === 'image') return [imagePart(block)];
    return [unknownPart(type)];
  });
}
