/**
 * Strict, bounded decoders for what comes from another machine or process.
 * A decoder takes an unknown value and returns the typed one or throws a plain `DecodeError`: never a TypeError,
 * which the Holepunch stack would turn into an uncaught exception (docs/PROTOCOL.md, Control).
 */
import { fromB64url } from './bytes.ts';

export class DecodeError extends Error {
  override name = 'DecodeError';
}

/** Turns an untrusted value into a T or throws {@link DecodeError}; `at` is the path for the message. */
export type Decoder<T> = (value: unknown, at: string) => T;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

function fail(at: string, wanted: string): never {
  throw new DecodeError(`${at}: ${wanted}`);
}

/** A string of at most `maxBytes` bytes of UTF-8, optionally matching `pattern`. */
export function text(maxBytes: number, pattern?: RegExp): Decoder<string> {
  return (v, at) => {
    if (typeof v !== 'string') return fail(at, 'not a string');
    if (v.length > maxBytes || Buffer.byteLength(v) > maxBytes) return fail(at, `longer than ${maxBytes} bytes`);
    if (pattern && !pattern.test(v)) return fail(at, 'malformed');
    return v;
  };
}

/** A safe integer within [min, max]. */
export function int(min = 0, max = Number.MAX_SAFE_INTEGER): Decoder<number> {
  return (v, at) => {
    if (typeof v !== 'number' || !Number.isSafeInteger(v) || v < min || v > max) {
      return fail(at, `not an integer in ${min}..${max}`);
    }
    return v;
  };
}

export const bool: Decoder<boolean> = (v, at) => (typeof v === 'boolean' ? v : fail(at, 'not a boolean'));

/** Canonical base64url of exactly `length` bytes; stays text, so that it can be compared and used as a map key. */
export function b64(length: number): Decoder<string> {
  return (v, at) => {
    if (typeof v !== 'string' || v.length > length * 2) return fail(at, `not ${length} bytes of base64url`);
    const bytes = fromB64url(v);
    if (!bytes || bytes.length !== length) return fail(at, `not ${length} bytes of base64url`);
    return v;
  };
}

/** One of the given constants. */
export function oneOf<const T extends string | number>(...allowed: T[]): Decoder<T> {
  return (v, at) => (allowed.includes(v as T) ? (v as T) : fail(at, `not one of ${allowed.join(', ')}`));
}

export function list<T>(item: Decoder<T>, maxItems: number): Decoder<T[]> {
  return (v, at) => {
    if (!Array.isArray(v)) return fail(at, 'not a list');
    if (v.length > maxItems) return fail(at, `more than ${maxItems} items`);
    return v.map((x, i) => item(x, `${at}[${i}]`));
  };
}

export function nullable<T>(item: Decoder<T>): Decoder<T | null> {
  return (v, at) => (v === null ? null : item(v, at));
}

/** A key that may be absent; for use inside {@link object}. */
export function optional<T>(item: Decoder<T>): Decoder<T | undefined> {
  return (v, at) => (v === undefined ? undefined : item(v, at));
}

/** Anything; the caller bounds it by size and depth ({@link parseJson}). */
export const anything: Decoder<unknown> = (v) => v;

type Shape = Record<string, Decoder<unknown>>;
type FromShape<S extends Shape> = {
  [K in keyof S as undefined extends Decoded<S[K]> ? never : K]: Decoded<S[K]>;
} & { [K in keyof S as undefined extends Decoded<S[K]> ? K : never]?: Exclude<Decoded<S[K]>, undefined> };

/**
 * An object with exactly the keys of `shape`: an unknown key is refused, because in what is signed an ignored field is
 * a field that two versions read differently.
 */
export function object<S extends Shape>(shape: S): Decoder<FromShape<S>> {
  const keys = new Set(Object.keys(shape));
  return (v, at) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return fail(at, 'not an object');
    const source = v as Record<string, unknown>;
    for (const key of Object.keys(source)) {
      if (!keys.has(key)) return fail(at, `unknown key ${JSON.stringify(key.slice(0, 40))}`);
    }
    const out: Record<string, unknown> = {};
    for (const [key, decoder] of Object.entries(shape)) {
      const own = Object.hasOwn(source, key) ? source[key] : undefined;
      const decoded = decoder(own, `${at}.${key}`);
      if (decoded !== undefined) out[key] = decoded;
    }
    return out as FromShape<S>;
  };
}

/** Tagged union: `tag` names the key whose value picks the decoder. */
export function union<T>(tag: string, decoders: Record<string, Decoder<T>>): Decoder<T> {
  return (v, at) => {
    const name = typeof v === 'object' && v !== null ? (v as Record<string, unknown>)[tag] : undefined;
    if (typeof name !== 'string' || !Object.hasOwn(decoders, name)) return fail(at, `unknown ${tag}`);
    return (decoders[name] as Decoder<T>)(v, at);
  };
}
