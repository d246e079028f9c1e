/** Walks a turn and masks every string in it. */
import { createHmac } from 'node:crypto';
import { JSON_MAX_DEPTH } from '../protocol/limits.ts';
import type { ContentPart, Turn } from '../protocol/turn.ts';
import { classifyName, type NameClass } from './assigned-names.ts';
import { isAssignedSecret, STRING_FORM } from './assigned-values.ts';
import { maskText, type Marker } from './mask.ts';
import { type Redacted, seal } from './sealed.ts';

/** One replacement: the rule that found the secret, and the text that stands in its place. */
export interface MaskedSecret {
  rule: string;
  mark: string;
}

export interface Redactor {
  /** A new turn without the secrets that the rules know, and what was masked, in order. Never throws on JSON values. */
  redact(turn: Turn): { turn: Redacted<Turn>; masked: MaskedSecret[] };
  /** For titles, project names, notes: any text that leaves the machine outside of a turn. */
  redactText(text: string): Redacted<string>;
}

export interface RedactorOptions {
  /** 32 random bytes, one key per session, never shared: marks can then be compared but not searched for. */
  key: Uint8Array;
}

const KEY_BYTES = 32;
const NAME_MAX = 128;
const KEY_MAX = 4096;
const TOO_DEEP = '[omitted: nested too deep]';
/** Names of fields that say what the neighbouring `value` is. */
const NAMING_KEY = /^(?:name|key)$/i;
const VALUE_KEY = /^value$/i;

/** A whole mark, and nothing else. */
const MARK = /^\[redacted:[a-z0-9-]{1,40}:[0-9a-f]{4}\]$/;

function nameClass(name: string): NameClass | null {
  return name.length <= NAME_MAX ? classifyName(name) : null;
}

class Walk {
  readonly masked: MaskedSecret[] = [];
  readonly #marker: Marker;

  constructor(marker: Marker) {
    this.#marker = marker;
  }

  text(text: string): string {
    return maskText(text, this.#marker, this.masked);
  }

  /** A string that stands under a name, as in `{"password": "…"}`: the name is the evidence. */
  #named(name: NameClass | null, text: string): string {
    if (!name || MARK.test(text) || !isAssignedSecret(name, text.slice(0, KEY_MAX), STRING_FORM))
      return this.text(text);
    const seen = this.masked.length;
    const masked = this.text(text);
    // A rule that knows the format and takes it whole says more than the name does.
    if (MARK.test(masked)) return masked;
    this.masked.length = seen;
    const rule = name === 'strong' ? 'password' : 'secret';
    const mark = this.#marker(rule, text);
    this.masked.push({ rule, mark });
    return mark;
  }

  value(value: unknown, name: NameClass | null = null, depth = 0): unknown {
    if (typeof value === 'string') return this.#named(name, value);
    if (typeof value === 'number' && name === 'strong') {
      const text = String(value);
      const masked = this.#named(name, text);
      return masked === text ? value : masked;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= JSON_MAX_DEPTH) return TOO_DEEP;
    if (Array.isArray(value)) return this.#array(value, name, depth);
    return this.#object(value, depth);
  }

  /** `["--password", "…"]`: an option names what follows it. */
  #array(items: unknown[], name: NameClass | null, depth: number): unknown[] {
    return items.map((item, i) => {
      const before: unknown = items[i - 1];
      const option = typeof before === 'string' && before.startsWith('--') ? nameClass(before) : null;
      return this.value(item, option ?? name, depth + 1);
    });
  }

  #object(source: object, depth: number): Record<string, unknown> {
    const fields: [string, unknown][] = Object.entries(source);
    const naming = fields.find(([key, value]) => NAMING_KEY.test(key) && typeof value === 'string')?.[1];
    const taken = new Set<string>();
    const entries = fields.map(([key, value]): [string, unknown] => {
      let name = nameClass(key);
      if (typeof naming === 'string' && VALUE_KEY.test(key)) name ??= nameClass(naming);
      let safeKey = this.text(key);
      // Two keys may mask to the same text; neither may push out the other.
      while (taken.has(safeKey)) safeKey += '+';
      taken.add(safeKey);
      return [safeKey, this.value(value, name, depth + 1)];
    });
    // fromEntries defines own properties, also one that is called __proto__.
    return Object.fromEntries(entries);
  }

  /** Field by field: a field or a kind of part that this version does not know does not leave unseen. */
  part(part: ContentPart): ContentPart {
    switch (part.type) {
      case 'text':
      case 'thinking':
        return { type: part.type, text: this.text(part.text) };
      case 'tool_use':
        return { type: part.type, id: part.id, name: this.text(part.name), input: this.value(part.input) };
      case 'tool_result':
        return { type: part.type, id: part.id, text: this.text(part.text), error: part.error };
      case 'image':
        return { type: part.type, media: this.text(part.media) };
      case 'omitted':
        return { type: part.type, why: this.text(part.why) };
      default:
        return { type: 'omitted', why: 'unknown kind of content' };
    }
  }
}

/**
 * Makes the redactor of one session. Deterministic: the same key and turn give the same result, and a redacted turn
 * comes back unchanged.
 * @throws RangeError when the key is not 32 bytes.
 */
export function createRedactor(options: RedactorOptions): Redactor {
  if (options.key.length !== KEY_BYTES) throw new RangeError(`the redaction key must have ${KEY_BYTES} bytes`);
  const key = Buffer.from(options.key);
  const marker: Marker = (rule, secret) =>
    `[redacted:${rule}:${createHmac('sha256', key).update(secret).digest('hex').slice(0, 4)}]`;
  return {
    redact(turn) {
      const walk = new Walk(marker);
      const redacted: Turn = {
        source: turn.source,
        line: turn.line,
        uuid: turn.uuid,
        time: turn.time,
        role: turn.role,
        kind: turn.kind,
        content: turn.content.map((part) => walk.part(part)),
      };
      return { turn: seal(redacted), masked: walk.masked };
    },
    redactText: (text) => seal(maskText(text, marker, [])),
  };
}
