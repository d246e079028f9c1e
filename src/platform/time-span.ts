/** How long something took, or is ago, in words. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

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
