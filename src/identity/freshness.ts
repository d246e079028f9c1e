/**
 * How long GitHub's last clear word about a person holds (docs/PROTOCOL.md, Without GitHub's word). Pure rules over pins.
 */
import { GITHUB_STALE_MAX_MS } from '../protocol/limits.ts';
import type { PinnedPerson } from './pins.ts';

/** GitHub has said nothing clear about this person for so long that nothing new is shared with them. */
export function isOverdue(person: PinnedPerson, now: number): boolean {
  return person.checkedAt > 0 && now - person.checkedAt > GITHUB_STALE_MAX_MS;
}

/**
 * GitHub was asked about this person and gave no clear answer. Returns whether that is news.
 * @param now unix milliseconds of this machine's clock
 */
export function wentSilent(person: PinnedPerson, now: number): boolean {
  // A word that lies ahead was noted under another clock, and would hold for longer than it may.
  person.checkedAt = Math.min(person.checkedAt, now);
  if (person.staleSince !== null) return false;
  person.staleSince = now;
  return true;
}

/**
 * True when something new, or a renewal, may be sealed to this device of a person.
 * @param connectedAt since when one is connected with the person, unix milliseconds
 */
export function maySeal(person: PinnedPerson, sign: string, connectedAt: number, now: number): boolean {
  const device = person.devices.find((d) => d.sign === sign);
  if (person.left || device?.state !== 'good' || isOverdue(person, now)) return false;
  return person.staleSince === null || (!device.unconfirmed && connectedAt <= person.staleSince);
}
