/** What one stored person's ties mean for meeting them, for what is repeated to them, and for the order of statements. */
import { standing } from '../identity/index.ts';
import { DISCONNECT_DELIVERY_MS } from '../protocol/limits.ts';
import { HEARD_MAX, type StoredPerson } from './store.ts';

/** True while this person's devices may be met: not blocked, and not disconnected unless that is still to be delivered. */
export function mayMeet(person: StoredPerson, now: number): boolean {
  const { mine, blockedAt } = person.ties;
  if (blockedAt !== null) return false;
  if (mine?.t !== 'disconnect' || person.goodbye) return true;
  return !person.delivered && now - mine.at < DISCONNECT_DELIVERY_MS;
}

/** What is to be said on every contact, as signed before; null when nothing. */
export function repeated(person: StoredPerson, now: number): Buffer | null {
  const { mine, blockedAt } = person.ties;
  if (!person.statement || blockedAt !== null) return null;
  if (mine?.t === 'disconnect' && person.delivered) return null;
  if (mine && mine.exp <= now) return null;
  return Buffer.from(person.statement, 'base64');
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
 * The seq after which the next statement to this person comes: all that was said and heard. So the seqs of the two sides
 * are in the order of cause and effect, whatever their clocks say, and can be compared with one another.
 */
export function newestSeq(person: StoredPerson, now: number): number {
  return Math.max(...[person.lastSaid, ...person.heard.map((h) => h.seq)].map((seq) => standing(seq, now)));
}

/** Remembers the seq of one of their devices; of very many devices only those that spoke last. */
export function noteHeard(person: StoredPerson, sign: string, seq: number): void {
  const others = person.heard.filter((h) => h.sign !== sign);
  person.heard = [...others, { sign, seq }].slice(-HEARD_MAX);
}

/** A goodbye that was heard has done its work: an unblocked person may be met and may invite. */
export function forgetGoodbye(person: StoredPerson): void {
  if (!person.goodbye) return;
  person.goodbye = false;
  person.ties = { ...person.ties, mine: null };
  person.statement = null;
}
