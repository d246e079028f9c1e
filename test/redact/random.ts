/** A seeded generator of strings, so that every run sees the same samples and no sample stands in a file. */

export interface Random {
  int(below: number): number;
  /** `length` characters of the alphabet; holds a digit and a letter when the alphabet has both. */
  text(length: number, alphabet?: string): string;
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
export const ALNUM: string = LOWER + UPPER + DIGITS;
export const HEX: string = `${DIGITS}abcdef`;
export const BASE64: string = `${ALNUM}+/`;
export const URL64: string = `${ALNUM}_-`;
export const UPPER_DIGITS: string = UPPER + DIGITS;
export const LOWER_DIGITS: string = LOWER + DIGITS;
export const NUMERIC: string = DIGITS;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const once = (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet.charAt(int(alphabet.length))).join('');
  return {
    int,
    text(length, alphabet = ALNUM) {
      const wants = [/\d/, /[A-Za-z]/].filter((kind) => kind.test(alphabet));
      for (let tries = 0; ; tries++) {
        const text = once(length, alphabet);
        if (length < wants.length || tries > 50 || wants.every((kind) => kind.test(text))) return text;
      }
    },
  };
}
