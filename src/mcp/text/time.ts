/** Times for a model: absolute ones in UTC, and how long ago. */
import { ago as since } from '../../platform/time-span.ts';
import type { Line } from './line.ts';

/** `2026-11-22 10:01:02Z`; `unknown time` for what is none. */
export function moment(iso: string): Line {
  const at = Date.parse(iso);
  const text = Number.isNaN(at) ? 'unknown time' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return text as Line;
}

/** `52 min ago`, `just now`. @param now ms since 1970 */
export function ago(iso: string, now: number): Line {
  return since(iso, now) as Line;
}
