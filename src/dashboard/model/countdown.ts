/** What is left until a time, to the second when it is short. */
import { span } from '../../platform/time-span.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Below it, seconds are told. */
const CLOSE_MS = 10 * MINUTE_MS;

/** `52 min`, `4:09`, `over`, or `?` for what is no time. `now`: ms since 1970. */
export function left(iso: string, now: number): string {
  const ms = Date.parse(iso) - now;
  if (Number.isNaN(ms)) return '?';
  if (ms <= 0) return 'over';
  if (ms >= CLOSE_MS) return span(ms);
  const seconds = Math.ceil(ms / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** It is nearly over: whoever looks should notice. */
export function isClose(iso: string, now: number): boolean {
  return Date.parse(iso) - now < CLOSE_MS;
}
