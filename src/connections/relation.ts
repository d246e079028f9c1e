/**
 * Who trusts whom, between this person and one other: the state machine, without I/O (docs/PROTOCOL.md, Connection).
 * Each side holds its own newest statement and the other's; together they make the relation.
 */

import { standing } from '../identity/index.ts';

/** A statement as the machine needs it. Times in unix milliseconds; `seq` orders the statements of one device. */
export interface Said {
  t: 'invite' | 'accept' | 'decline' | 'disconnect';
  /** The connection that it speaks of; '' for disconnect. */
  iid: string;
  seq: number;
  at: number;
  exp: number;
  note: string | null;
  project: string | null;
}

export interface Ties {
  mine: Said | null;
  theirs: Said | null;
  /** Mutual consent: the invites that both sides stand by, the one to name in grants first. Two after crossed invites. */
  connection: { ids: string[]; since: number } | null;
  blockedAt: number | null;
  /** seq of my last disconnect: an invite that is not newer was made without knowing of it, and is void. */
  voidUpTo: number;
  /** When I declined them. Only an invite or accept of my own undoes it; nothing they say makes them pending again. */
  declinedByMe: number | null;
  /** When they declined me; until they invite or accept themselves, I do not ask again. */
  declinedByThem: number | null;
}

export type Relation =
  | 'none'
  | 'pendingOut'
  | 'pendingIn'
  | 'connected'
  | 'declinedByMe'
  | 'declinedByThem'
  | 'blocked';

export const NO_TIES: Ties = {
  mine: null,
  theirs: null,
  connection: null,
  blockedAt: null,
  voidUpTo: 0,
  declinedByMe: null,
  declinedByThem: null,
};

const isLiveInvite = (said: Said | null, now: number): said is Said => said?.t === 'invite' && said.exp > now;

export function relation(ties: Ties, now: number): Relation {
  if (ties.blockedAt !== null) return 'blocked';
  if (ties.connection) return 'connected';
  if (ties.declinedByMe !== null) return 'declinedByMe';
  if (ties.declinedByThem !== null) return 'declinedByThem';
  if (isLiveInvite(ties.theirs, now)) return 'pendingIn';
  if (isLiveInvite(ties.mine, now)) return 'pendingOut';
  return 'none';
}

/** The id of their invite while it can be answered; null when there is none. */
export function openInvite(ties: Ties, now: number): string | null {
  const open = ['pendingIn', 'declinedByMe'].includes(relation(ties, now));
  return open && isLiveInvite(ties.theirs, now) ? ties.theirs.iid : null;
}

/** What the machine asks its owner to say by itself. */
export interface Applied {
  ties: Ties;
  /**
   * Accept this invite without asking. The person is trusted already and has only lost its own state; or the invites
   * crossed: then the accept tells it to a side on which the other invite was lost or lapsed on the way.
   */
  acceptNow: string | null;
}

type Side = 'mine' | 'theirs';

const otherSide = (side: Side): Side => (side === 'mine' ? 'theirs' : 'mine');

/** Consent takes back a decline of the same side. */
const consenting = (ties: Ties, side: Side): Ties =>
  side === 'mine' ? { ...ties, declinedByMe: null } : { ...ties, declinedByThem: null };

function applyInvite(ties: Ties, side: Side, said: Said, now: number): Applied {
  const other = ties[otherSide(side)];
  if (ties.connection && side === 'mine') return { ties, acceptNow: null };
  // The other side finds it void, too, when it hears the disconnect: both compare the same two numbers.
  if (side === 'theirs' && said.seq <= standing(ties.voidUpTo, now))
    return { ties: { ...ties, theirs: null }, acceptNow: null };
  const next = { ...consenting(ties, side), [side]: said };
  if (ties.connection) return { ties: next, acceptNow: said.iid };
  if (isLiveInvite(other, now)) {
    const theirs = side === 'theirs' ? said : other;
    return { ties: { ...next, connection: { ids: [said.iid, other.iid], since: now } }, acceptNow: theirs.iid };
  }
  // A decline stands until the decliner itself invites or accepts; a newer invite only replaces what an accept would take.
  return { ties: next, acceptNow: null };
}

function applyAccept(ties: Ties, side: Side, said: Said, now: number): Applied {
  const other = ties[otherSide(side)];
  const answers = other?.t === 'invite' && other.iid === said.iid;
  if (!answers || other.exp <= said.at) return { ties, acceptNow: null };
  // After crossed invites the other side may stand by either; any other id is of a connection that is over.
  const crossed = ties.connection?.ids.includes(said.iid) ? ties.connection.ids : [];
  const ids = [said.iid, ...crossed.filter((id) => id !== said.iid)];
  const connection = { ids, since: ties.connection?.since ?? now };
  return { ties: { ...consenting(ties, side), [side]: said, connection }, acceptNow: null };
}

function applyDecline(ties: Ties, side: Side, said: Said): Applied {
  const when = side === 'mine' ? { declinedByMe: said.at } : { declinedByThem: said.at };
  return { ties: { ...ties, [side]: said, connection: null, ...when }, acceptNow: null };
}

function applyDisconnect(ties: Ties, side: Side, said: Said, now: number): Applied {
  const other = ties[otherSide(side)];
  // What is older than the disconnect is void, so that an old invite can never meet a new one as mutual consent.
  // A refusal of the other side stands, and goes on being said.
  const refusal = other?.t === 'disconnect' || other?.t === 'decline';
  const kept = refusal || (other?.t === 'invite' && standing(other.seq, now) > said.seq) ? other : null;
  const voidUpTo = side === 'mine' ? said.seq : ties.voidUpTo;
  return { ties: { ...ties, [side]: said, [otherSide(side)]: kept, connection: null, voidUpTo }, acceptNow: null };
}

/** Applies a statement that was checked (signature, order, validity) to the ties. */
export function apply(ties: Ties, side: Side, said: Said, now: number): Applied {
  if (ties.blockedAt !== null && side === 'theirs') return { ties, acceptNow: null };
  switch (said.t) {
    case 'invite':
      return applyInvite(ties, side, said, now);
    case 'accept':
      return applyAccept(ties, side, said, now);
    case 'decline':
      return applyDecline(ties, side, said);
    case 'disconnect':
      return applyDisconnect(ties, side, said, now);
  }
}

/** Refuses everything of theirs from now on; of before only the goodbye survives, and who declined whom. */
export function block(ties: Ties, goodbye: Said | null, now: number): Ties {
  const parted = goodbye ? applyDisconnect(ties, 'mine', goodbye, now).ties : ties;
  return { ...parted, mine: goodbye, theirs: null, connection: null, blockedAt: now };
}

export function unblock(ties: Ties): Ties {
  return { ...ties, blockedAt: null };
}
