/** What is known between this person and one other, and the relation that follows from it. Pure. */
import { standing } from '../identity/index.ts';

/** A statement as the machine needs it. Times in unix milliseconds; `seq` orders the statements of two persons. */
export interface Said {
  t: 'invite' | 'accept' | 'decline' | 'disconnect';
  /** The connection that it speaks of; '' for disconnect. */
  iid: string;
  seq: number;
  /**
   * seq of what a person typed: the statement itself, but for an accept that was said without asking. So a refusal that
   * one device was told outranks the courtesies of another one that did not know of it yet.
   */
  typed: number;
  at: number;
  exp: number;
  note: string | null;
  project: string | null;
}

export interface Ties {
  mine: Said | null;
  theirs: Said | null;
  /** Mutual consent: the invites that both sides stand by, the one to name in grants first. Several after crossed invites. */
  connection: { ids: string[]; since: number } | null;
  blockedAt: number | null;
  /** seq of the newest disconnect of each side: consent that is not newer was given without knowing of it, and is void. */
  over: { mine: number; theirs: number };
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
  over: { mine: 0, theirs: 0 },
  declinedByMe: null,
  declinedByThem: null,
};

export const isLiveInvite = (said: Said | null, now: number): said is Said => said?.t === 'invite' && said.exp > now;

/**
 * My invite, which nobody had accepted, asks for nothing any more: they ended it, or it had lapsed and I said something else
 * since. What was to flow with its accept is over then: were it kept, consent to anything else, later, would open it.
 * @param asked what I had said before
 */
export function isInviteOver(asked: Said | null, { mine }: Ties, now: number): boolean {
  if (asked?.t !== 'invite' || mine?.t === 'invite') return false;
  const crossed = mine?.t === 'accept' && isLiveInvite(asked, now);
  return !crossed;
}

export function relation(ties: Ties, now: number): Relation {
  if (ties.blockedAt !== null) return 'blocked';
  if (ties.connection) return 'connected';
  if (ties.declinedByMe !== null) return 'declinedByMe';
  if (ties.declinedByThem !== null) return 'declinedByThem';
  if (isLiveInvite(ties.theirs, now)) return 'pendingIn';
  if (isLiveInvite(ties.mine, now)) return 'pendingOut';
  return 'none';
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

export type Side = 'mine' | 'theirs';

const REFUSALS: ReadonlySet<Said['t']> = new Set(['decline', 'disconnect']);

/**
 * Of two statements of one person, the one that counts: what was typed later, then what was said later. Two devices may
 * use the same number; then no outranks yes, and else it is the same choice everywhere. `said` is new: what was remembered
 * of a clock that stood far ahead does not outrank it.
 */
export function outranks(said: Said, other: Said | null, now: number): boolean {
  if (!other) return true;
  const [typed, seq] = [standing(other.typed, now), standing(other.seq, now)];
  if (said.typed !== typed) return said.typed > typed;
  if (said.seq !== seq) return said.seq > seq;
  const no = (s: Said): number => Number(REFUSALS.has(s.t));
  return no(said) !== no(other) ? no(said) > no(other) : `${said.t} ${said.iid}` > `${other.t} ${other.iid}`;
}

/** True for an invite or accept. */
export const consents = (said: Said | null): said is Said => said !== null && !REFUSALS.has(said.t);
