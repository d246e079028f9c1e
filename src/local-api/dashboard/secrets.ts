/** Secrets of pages: made, and compared by their hashes, so that how long that takes says nothing. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** base64url. */
export function newSecret(random: (bytes: number) => Uint8Array): string {
  return Buffer.from(random(SECRET_BYTES)).toString('base64url');
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function same(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

export function hmacOf(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url');
}
