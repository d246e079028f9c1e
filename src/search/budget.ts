import { TOKEN_BYTES } from '../protocol/limits.ts';

/**
 * How many tokens a text is, without asking a model: a third of its bytes of UTF-8. That is more than it is in English and
 * in code (3.5 to 4 bytes), and about what it is in scripts of three bytes a character.
 */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / TOKEN_BYTES);
}
