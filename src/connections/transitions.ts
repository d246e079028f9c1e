/** What each kind of statement does to the ties, when it counts; relation.ts says when it does. Pure. */
import { standing } from '../identity/index.ts';
import { CONNECTION_IDS_MAX } from '../protocol/statements.ts';
import { type Applied, isLiveInvite, type Said, type Side, type Ties } from './ties.ts';

export const otherSide = (side: Side): Side => (side === 'mine' ? 'theirs' : 'mine');

/** Consent takes back a decline of the same side. */
const consenting = (ties: Ties, side: Side): Ties =>
  side === 'mine' ? { ...ties, declinedByMe: null } : { ...ties, declinedByThem: null };

export const connect = (ties: Ties, ids: string[], now: number): Ties => ({
  ...consenting(consenting(ties, 'mine'), 'theirs'),
  connection: {
    ids: [...new Set([...ids, ...(ties.connection?.ids ?? [])])].slice(0, CONNECTION_IDS_MAX),
    since: ties.connection?.since ?? now,
  },
});

/**
 * Words that a person typed before they disconnected, and consent that was said before the other side did. An accept that
 * nobody typed, of an invite that came after the other side's disconnect, is what that side asks for; and an invite that
 * the other side accepted after its own disconnect, on another device perhaps, is what it wants after all.
 */
export function voided(ties: Ties, side: Side, said: Said, now: number): boolean {
  if (said.t === 'disconnect') return false;
  const other = ties[otherSide(side)];
  const upTo = standing(ties.over[otherSide(side)], now);
  if (said.typed <= standing(ties.over[side], now)) return true;
  if (said.t === 'decline' || said.seq > upTo) return false;
  return !(said.t === 'invite' && other?.t === 'accept' && other.iid === said.iid && standing(other.typed, now) > upTo);
}

export function invited(ties: Ties, side: Side, said: Said, now: number): Applied {
  const other = ties[otherSide(side)];
  const next = { ...consenting(ties, side), [side]: said };
  // Their accept of it came before it did.
  const answered = other?.t === 'accept' && other.iid === said.iid && said.exp > other.at;
  if (answered) return { ties: connect(next, [said.iid], now), acceptNow: null };
  // Connected already: they have lost their state; or another device of mine has, and will be told.
  if (ties.connection) return { ties: next, acceptNow: side === 'theirs' ? said.iid : null };
  if (!isLiveInvite(other, now) || said.exp <= now) return { ties: next, acceptNow: null };
  const theirs = side === 'theirs' ? said : other;
  // A decline stands until the decliner itself invites or accepts: here both invite.
  return { ties: connect(next, [said.iid, other.iid], now), acceptNow: theirs.iid };
}

export function accepted(ties: Ties, side: Side, said: Said, now: number): Ties {
  const other = ties[otherSide(side)];
  const answers = other?.t === 'invite' && other.iid === said.iid && other.exp > said.at;
  if (answers) return connect({ ...ties, [side]: said }, [said.iid], now);
  // Crossed invites, of which each side tells only that it accepted the other's.
  if (other?.t === 'accept') {
    return connect({ ...ties, [side]: said }, [...(ties.connection?.ids ?? [other.iid]), said.iid], now);
  }
  // The invite that it answers may still come, by another device; until then it is nothing, and is said again.
  return ties;
}

export function declined(ties: Ties, side: Side, said: Said): Ties {
  const when = side === 'mine' ? { declinedByMe: said.at } : { declinedByThem: said.at };
  return { ...ties, [side]: said, connection: null, ...when };
}
