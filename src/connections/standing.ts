/** What one stored person's ties mean for meeting their devices, for what is repeated to them, and for the order of statements. */
import { standing } from '../identity/index.ts';
import { CONTACT_DEVICES_MAX, DISCONNECT_DELIVERY_MS } from '../protocol/limits.ts';
import { HEARD_MAX, type StoredPerson } from './store.ts';

/**
 * True while this device of theirs may be met: they are not blocked, and not disconnected unless that is still to be
 * delivered to this very device.
 */
export function mayMeet(person: StoredPerson, sign: string, now: number): boolean {
  const { mine, blockedAt } = person.ties;
  if (blockedAt !== null) return false;
  if (mine?.t !== 'disconnect' || person.goodbye) return true;
  return !person.confirmed.includes(sign) && now - mine.at < DISCONNECT_DELIVERY_MS;
}

/** What is to be said to this device on every contact, as signed before; null when nothing. */
export function repeated(person: StoredPerson, sign: string, now: number): Buffer | null {
  const { mine, blockedAt } = person.ties;
  if (person.statement === null || blockedAt !== null) return null;
  if (mine?.t === 'disconnect' && person.confirmed.includes(sign)) return null;
  if (mine && mine.exp <= now) return null;
  return Buffer.from(person.statement, 'base64url');
}

/** What they said last, as it was signed; null when nothing that still counts. */
export function theirWords(person: StoredPerson, now: number): Buffer | null {
  const { theirs, blockedAt } = person.ties;
  if (person.theirStatement === null || blockedAt !== null || !theirs || theirs.exp <= now) return null;
  return Buffer.from(person.theirStatement, 'base64url');
}

/** A device of theirs confirmed the statement; of very many only the last. */
export function confirm(person: StoredPerson, sign: string): void {
  person.confirmed = [...person.confirmed.filter((s) => s !== sign), sign].slice(-CONTACT_DEVICES_MAX);
}

/**
 * True when an invite has lapsed that stood in place of a disconnect which nobody confirmed: unless the disconnect is said
 * again, the other side believes in a connection for ever.
 */
export function owesGoodbye(person: StoredPerson, now: number): boolean {
  const { mine, connection, blockedAt } = person.ties;
  const lapsed = mine?.t === 'invite' && mine.exp <= now;
  return lapsed && person.unheardEnd && connection === null && blockedAt === null;
}

/**
 * The seq after which the next statement to this person comes: all that was said and heard, by whichever device. So the
 * seqs of the two sides are in the order of cause and effect, whatever their clocks say, and can be compared.
 */
export function newestSeq(person: StoredPerson, now: number): number {
  const { mine, theirs, over } = person.ties;
  const known = [mine?.seq ?? 0, theirs?.seq ?? 0, over.mine, over.theirs, ...person.heard.map((h) => h.seq)];
  return Math.max(...[person.lastSaid, ...known].map((seq) => standing(seq, now)));
}

/** Remembers the seq of one of their devices; of very many devices only those that spoke last. */
export function noteHeard(person: StoredPerson, sign: string, seq: number): void {
  const others = person.heard.filter((h) => h.sign !== sign);
  person.heard = [...others, { sign, seq }].slice(-HEARD_MAX);
}

/** A goodbye that every device of theirs has heard has done its work: an unblocked person may be met and may invite. */
export function forgetGoodbye(person: StoredPerson, devices: readonly string[]): void {
  const heard = person.confirmed.length > 0 && devices.every((sign) => person.confirmed.includes(sign));
  if (!person.goodbye || !heard || person.ties.blockedAt !== null) return;
  person.goodbye = false;
  person.ties = { ...person.ties, mine: null };
  person.statement = null;
}
