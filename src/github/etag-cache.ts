/**
 * Answers by URL and token, for conditional requests: a 304 costs nothing of the hourly limit. What is kept is the
 * decoded value (a few fields), not the body. Never shared between tokens: what one may see, another may not.
 */
import { createHash } from 'node:crypto';

export interface Kept {
  /** As GitHub wrote it, with `W/` and quotes. */
  etag: string;
  value: unknown;
  /** The Link header's next page. */
  next: string | null;
}

export interface EtagCache {
  get(url: string, token: string): Kept | undefined;
  set(url: string, token: string, kept: Kept): void;
}

/** The token only as a hash: a heap dump of the cache must not hold it. */
const keyOf = (url: string, token: string): string =>
  `${createHash('sha256').update(token).digest('base64url').slice(0, 22)} ${url}`;

/** @param max entries; the one used longest ago goes first */
export function createEtagCache(max: number): EtagCache {
  const entries = new Map<string, Kept>();
  return {
    get(url, token) {
      const key = keyOf(url, token);
      const kept = entries.get(key);
      if (kept) {
        entries.delete(key);
        entries.set(key, kept);
      }
      return kept;
    },
    set(url, token, kept) {
      const key = keyOf(url, token);
      entries.delete(key);
      entries.set(key, kept);
      for (const oldest of entries.keys()) {
        if (entries.size <= max) break;
        entries.delete(oldest);
      }
    },
  };
}
