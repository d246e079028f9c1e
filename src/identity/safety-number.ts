/**
 * Safety number of two people: sixty digits that both machines show alike when they hold the same keys.
 * Stretched as Signal's (5,200 rounds of SHA-512), with our own domain string.
 */
import { compareBytes, u64be } from '../protocol/bytes.ts';
import { stretched } from './stretched.ts';

const CHUNKS = 6;

function half(uid: number, signKeys: Uint8Array[]): string {
  const keys = Buffer.concat([...signKeys].sort(compareBytes));
  const hash = stretched('teammate-sync/v1/safety', Buffer.concat([u64be(uid), keys]));
  let digits = '';
  for (let i = 0; i < CHUNKS; i++) digits += String(hash.readUIntBE(i * 5, 5) % 100_000).padStart(5, '0');
  return digits;
}

/** Twelve groups of five digits, the same whoever computes it. */
export function safetyNumber(
  a: { uid: number; signKeys: Uint8Array[] },
  b: { uid: number; signKeys: Uint8Array[] },
): string {
  const halves = [half(a.uid, a.signKeys), half(b.uid, b.signKeys)].sort();
  return (halves.join('').match(/.{5}/g) ?? []).join(' ');
}
