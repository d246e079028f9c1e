/** Times as people read them, in the machine's time zone. What is not a time is shown as `?`. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

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

/** A span in its largest fitting unit: `less than a minute`, `52 min`, `3 h`, `2 days`. */
export function span(ms: number): string {
  if (ms < MINUTE_MS) return 'less than a minute';
  if (ms < 2 * HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} days`;
}

/** `52 min ago`, `just now`, or `?`. A time in the future (clocks differ) is `just now`. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return '?';
  return now - at < MINUTE_MS ? 'just now' : `${span(now - at)} ago`;
}

/** `10:14 (in 52 min)`, or `10:14 (over)` when it has passed. */
export function until(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return '?';
  return `${when(iso, now)} (${at > now ? `in ${span(at - now)}` : 'over'})`;
}
