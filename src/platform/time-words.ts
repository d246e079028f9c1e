/** Times as people read them, in the machine's time zone. What is not a time is shown as `?`. */
import { span } from './time-span.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-22`, or `?`. */
export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '?';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `09:14`, or `?`. */
export function clockTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '?' : `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `09:14` when it is today, `2026-11-20 09:14` otherwise. `now`: ms since 1970. */
export function when(iso: string, now: number): string {
  const date = day(iso);
  if (date === '?') return '?';
  return date === day(new Date(now).toISOString()) ? clockTime(iso) : `${date} ${clockTime(iso)}`;
}

/** `10:14 (in 52 min)`, or `10:14 (over)` when it has passed. */
export function until(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return '?';
  return `${when(iso, now)} (${at > now ? `in ${span(at - now)}` : 'over'})`;
}
