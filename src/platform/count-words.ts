/** Numbers with their words. */
import type { MaskedCount } from '../protocol/local-api.ts';

/** `1 turn`, `312 turns`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `48,711`. By hand: Intl takes 15 ms to load, as much as the rest of a verb (measured). */
export function thousands(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** The same with the thousands apart: `48,711 turns`. */
export function amount(n: number, one: string, many = `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/** `34 %`, never 100 before it is all. */
export function percent(some: number, all: number): string {
  if (some >= all) return '100 %';
  return `${Math.min(99, Math.max(0, Math.floor((100 * some) / all)))} %`;
}

/** `3 masked (2 github-token, 1 url)`, or `nothing masked`. */
export function maskedText(masked: readonly MaskedCount[]): string {
  const total = masked.reduce((sum, { count: n }) => sum + n, 0);
  if (total === 0) return 'nothing masked';
  return `${total} masked (${masked.map(({ rule, count: n }) => `${n} ${rule}`).join(', ')})`;
}
