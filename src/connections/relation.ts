/**
 * Who trusts whom, between this person and one other: the state machine, without I/O (docs/PROTOCOL.md, Connection).
 * Each side holds its own person's newest statement and the other's; together they make the relation. A person may speak
 * by several devices, so statements come late and in any order: what results does not depend on it.
 */
import { standing } from '../identity/index.ts';
import { type Applied, isLiveInvite, outranks, relation, type Said, type Side, type Ties } from './ties.ts';
import { accepted, declined, invited, otherSide, voided } from './transitions.ts';

/** The id of their invite while it can be answered; null when there is none. */
export function openInvite(ties: Ties, now: number): string | null {
  const open = ['pendingIn', 'declinedByMe'].includes(relation(ties, now));
  return open && isLiveInvite(ties.theirs, now) ? ties.theirs.iid : null;
}

/** Applies a statement that was checked (signature, order of its device, validity) to the ties. */
export function apply(ties: Ties, side: Side, said: Said, now: number): Applied {
  if (ties.blockedAt !== null && side === 'theirs') return { ties, acceptNow: null };
  if (said.t === 'disconnect') {
    const open = over(ties, { ...ties.over, [side]: Math.max(standing(ties.over[side], now), said.seq) }, now);
    if (!outranks(said, ties[side], now)) return { ties: open, acceptNow: null };
    // What the other side accepted was before this, whatever its number says.
    const other = otherSide(side);
    const kept = open[other]?.t === 'accept' ? null : open[other];
    return { ties: { ...open, [side]: said, [other]: kept, connection: null }, acceptNow: null };
  }
  if (voided(ties, side, said, now)) {
    // Their invite is void, and so is an older one of theirs.
    const replaced = said.t === 'invite' && side === 'theirs' && outranks(said, ties.theirs, now);
    return { ties: replaced ? { ...ties, theirs: null } : ties, acceptNow: null };
  }
  if (!outranks(said, ties[side], now)) return { ties, acceptNow: null };
  switch (said.t) {
    case 'invite':
      return invited(ties, side, said, now);
    case 'accept':
      return { ties: accepted(ties, side, said, now), acceptNow: null };
    case 'decline':
      return { ties: declined(ties, side, said), acceptNow: null };
  }
}

/** Up to these disconnects all consent is void, whatever was said since without knowing of them. */
export function over(ties: Ties, upTo: Ties['over'], now: number): Ties {
  const next = { ...ties, over: upTo };
  if (upTo.mine === ties.over.mine && upTo.theirs === ties.over.theirs) return next;
  const stillCounts = (side: Side): Said | null => {
    const said = ties[side];
    const weighed = said && { ...said, seq: standing(said.seq, now), typed: standing(said.typed, now) };
    return weighed && voided(next, side, weighed, now) ? null : said;
  };
  const [mine, theirs] = [stillCounts('mine'), stillCounts('theirs')];
  const both = mine === ties.mine && theirs === ties.theirs;
  return { ...next, mine, theirs, connection: both ? ties.connection : null };
}

/** Refuses everything of theirs from now on; of before only the goodbye survives, and who declined whom. */
export function block(ties: Ties, goodbye: Said | null, now: number): Ties {
  const parted = goodbye ? apply(ties, 'mine', goodbye, now).ties : ties;
  return { ...parted, mine: goodbye, theirs: null, connection: null, blockedAt: now };
}

export function unblock(ties: Ties): Ties {
  return { ...ties, blockedAt: null };
}
