/** One person as listings show them. */
import { INVITES_PENDING_MAX } from '../protocol/limits.ts';
import { type Relation, relation } from './ties.ts';
import type { StoredPerson } from './store.ts';

/** Times in unix milliseconds; `note` and `project` are inert text of a pending invite. */
export interface Person {
  uid: number;
  login: string;
  relation: Relation;
  since: number;
  note: string | null;
  project: string | null;
  /** When a pending invite lapses. */
  until: number | null;
}

export function describe(person: StoredPerson, now: number): Person {
  const { ties } = person;
  const current = relation(ties, now);
  const invite = current === 'pendingIn' ? ties.theirs : current === 'pendingOut' ? ties.mine : null;
  const refusedAt =
    current === 'declinedByMe' ? ties.declinedByMe : current === 'declinedByThem' ? ties.declinedByThem : null;
  return {
    uid: person.uid,
    login: person.login,
    relation: current,
    since: ties.blockedAt ?? ties.connection?.since ?? invite?.at ?? refusedAt ?? 0,
    note: invite?.note ?? null,
    project: invite?.project ?? null,
    until: invite?.exp ?? null,
  };
}

/** The oldest pending invite when a new one, of the person `newest`, is one too many; null when there is room. */
export function surplusInvite(people: Person[], newest: number): Person | null {
  const pending = people.filter((p) => p.relation === 'pendingIn' && p.uid !== newest);
  if (pending.length < INVITES_PENDING_MAX) return null;
  return pending.reduce((a, b) => (a.since <= b.since ? a : b));
}
