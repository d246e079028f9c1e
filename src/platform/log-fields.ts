/**
 * What may stand in a log: no keys, tokens or long texts, however they came into the fields. A net under the rule that
 * nothing of the kind is logged in the first place. Never throws, whatever it is given.
 */
import { isObject } from '../protocol/is-object.ts';

/** Names of what is secret when it is text or bytes; a number under such a name (a count of tokens) is not. */
const SECRET_NAME =
  /token|secret|seed|passw|passphrase|authorization|cookie|credential|api[-_]?key|private|(?:block|core|hello|sign|box|transport)[-_]?key|^key$|pairroot|^(?:text|content|note)$/i;
/** The formats of the secrets that this product itself handles, wherever they turn up. */
const SECRET_VALUE = /\b(?:gh[opusr]_\w{16,}|github_pat_\w{16,}|sk-ant-[\w-]{16,})|\bBearer\s+[\w.~+/=-]{12,}/g;
const REDACTED = '[redacted]';

const TEXT_MAX_CHARS = 2000;
const ITEMS_MAX = 50;
const DEPTH_MAX = 6;

/** Masks secrets of known form and cuts what is long. */
export function safeText(text: string): string {
  const cut = text.length > TEXT_MAX_CHARS ? `${text.slice(0, TEXT_MAX_CHARS)}… (${text.length} characters)` : text;
  return cut.replaceAll(SECRET_VALUE, REDACTED);
}

/** A copy of the fields that is safe to write, and plain enough for JSON. */
export function safeFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return safeObject(fields, 0);
}

function safeObject(source: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(source).slice(0, ITEMS_MAX)) {
    let value: unknown;
    try {
      value = source[name];
    } catch {
      value = '[unreadable]';
    }
    const secret =
      SECRET_NAME.test(name) && value !== null && !['number', 'boolean', 'undefined'].includes(typeof value);
    // defineProperty: a field named __proto__ must become a field.
    Object.defineProperty(out, name, { value: secret ? REDACTED : safe(value, depth + 1), enumerable: true });
  }
  return out;
}

function safe(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (depth > DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => safe(item, depth + 1));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Error) return safeError(value, depth);
  if (value instanceof Map || value instanceof Set) return `<${value.size} entries>`;
  return isObject(value) ? safeObject(value, depth) : undefined;
}

function safeError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined;
  const out: Record<string, unknown> = { name: error.name, message: safeText(error.message) };
  if (typeof code === 'string') out['code'] = code;
  if (error.stack) out['stack'] = safeText(error.stack);
  if (error.cause !== undefined) out['cause'] = safe(error.cause, depth + 1);
  return out;
}
