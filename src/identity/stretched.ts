/** A hash that is dear to compute, for what people compare in short forms. */
import { createHash } from 'node:crypto';
import { setNewest } from '../platform/newest.ts';
import { sha512Into } from './sodium.ts';

/** As in Signal's safety numbers. */
const ROUNDS = 5200;
/** What is compared is public, and the same few are asked for again and again. */
const REMEMBERED = 256;
const remembered = new Map<string, Buffer>();

/** `h = SHA-512(domain || what)`, then 5,200 times `h = SHA-512(h || what)`: 64 bytes. Some 3 ms of work at first. */
export function stretched(domain: string, what: Uint8Array): Buffer {
  const key = `${domain} ${Buffer.from(what).toString('base64')}`;
  const hash = remembered.get(key) ?? stretch(domain, what);
  setNewest(remembered, key, hash, REMEMBERED);
  return Buffer.from(hash);
}

function stretch(domain: string, what: Uint8Array): Buffer {
  const hash = createHash('sha512').update(domain).update(what).digest();
  const round = Buffer.concat([hash, what]);
  for (let i = 0; i < ROUNDS; i++) {
    sha512Into(hash, round);
    round.set(hash);
  }
  return hash;
}
