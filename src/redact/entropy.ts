/** How random a text looks. */

const SEPARATED = /^[A-Za-z]{1,16}(?:[-_.: /][A-Za-z]{1,16}){1,12}$/;
const HUMPS = /^_{0,2}[A-Za-z]{1,64}$/;
const HUMP = /[A-Z](?![A-Z])/g;

/** How many characters are looked at. */
const SAMPLE = 256;
const ASCII = 128;

/** Shannon entropy in bits per character over the first 256; all characters beyond ASCII count as one. */
export function entropy(text: string): number {
  const length = Math.min(text.length, SAMPLE);
  const counts = new Uint16Array(ASCII + 1);
  for (let i = 0; i < length; i++) {
    const code = Math.min(text.charCodeAt(i), ASCII);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (const n of counts) if (n > 0) bits -= (n / length) * Math.log2(n / length);
  return bits;
}

/** Words joined by separators or by humps: what people call things. Random letters change case more often. */
export function isWords(text: string): boolean {
  if (SEPARATED.test(text)) return true;
  const humps = text.match(HUMP)?.length ?? 0;
  return humps > 0 && HUMPS.test(text) && text.length >= humps * 4;
}

/** Letters and digits, or letters of both cases, without the shape of words. One random key in 30 has no digit. */
export function looksRandom(text: string): boolean {
  if (!/[A-Za-z]/.test(text) || entropy(text) < 3) return false;
  return /\d/.test(text) || (text.length >= 16 && /[a-z]/.test(text) && /[A-Z]/.test(text) && !isWords(text));
}

export const RANDOMNESS_SOURCE: string = [SEPARATED, HUMPS, HUMP].map((r) => r.source).join(' ');
