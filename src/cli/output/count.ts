/** Numbers with their words. */
import type { MaskedCount } from '../../protocol/local-api.ts';

/** `1 turn`, `312 turns`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `3 masked (2 github-token, 1 url)`, or `nothing masked`. */
export function maskedText(masked: readonly MaskedCount[]): string {
  const total = masked.reduce((sum, { count: n }) => sum + n, 0);
  if (total === 0) return 'nothing masked';
  return `${total} masked (${masked.map(({ rule, count: n }) => `${n} ${rule}`).join(', ')})`;
}
