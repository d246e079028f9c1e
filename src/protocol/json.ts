/** JSON from outside: bounded in size and depth before it is parsed, and never a thrown SyntaxError. */
import { DecodeError, type Decoder } from './decode.ts';
import { JSON_MAX_DEPTH } from './limits.ts';

/** Nesting depth of a JSON text, counted without building it; strings are skipped. */
export function jsonDepth(textOfJson: string): number {
  let depth = 0;
  let max = 0;
  for (let i = 0; i < textOfJson.length; i++) {
    const c = textOfJson.charCodeAt(i);
    if (c === 34) {
      for (i++; i < textOfJson.length && textOfJson.charCodeAt(i) !== 34; i++) {
        if (textOfJson.charCodeAt(i) === 92) i++;
      }
    } else if (c === 123 || c === 91) {
      if (++depth > max) max = depth;
    } else if (c === 125 || c === 93) depth--;
  }
  return max;
}

/** About how many values a JSON text holds, counted without building them; never too few. */
export function jsonValues(textOfJson: string): number {
  let values = 1;
  for (let i = 0; i < textOfJson.length; i++) {
    const c = textOfJson.charCodeAt(i);
    if (c === 34) {
      for (i++; i < textOfJson.length && textOfJson.charCodeAt(i) !== 34; i++) {
        if (textOfJson.charCodeAt(i) === 92) i++;
      }
    } else if (c === 44 || c === 123 || c === 91) values++;
  }
  return values;
}

/**
 * Parses untrusted bytes as UTF-8 JSON and decodes them.
 * @throws DecodeError when too large, too deep, not UTF-8, not JSON, or not of the decoder's shape.
 */
export function parseJson<T>(bytes: Uint8Array, maxBytes: number, decoder: Decoder<T>, what: string): T {
  if (bytes.length > maxBytes) throw new DecodeError(`${what}: ${bytes.length} bytes, limit ${maxBytes}`);
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DecodeError(`${what}: not UTF-8`);
  }
  return parseJsonText(source, decoder, what);
}

/** As {@link parseJson} for text whose size the caller has bounded. */
export function parseJsonText<T>(source: string, decoder: Decoder<T>, what: string): T {
  if (jsonDepth(source) > JSON_MAX_DEPTH) throw new DecodeError(`${what}: nested deeper than ${JSON_MAX_DEPTH}`);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw new DecodeError(`${what}: not JSON`);
  }
  return decoder(value, what);
}
