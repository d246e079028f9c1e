/** What one's own devices tell each other of a person: all that decides how things stand, as it was signed. */
import type { Standing } from '../protocol/statements.ts';
import type { StoredPerson } from './store.ts';

/** The parts of a standing that are not filled in when it is signed. */
export type StandingBody = Pick<
  Standing,
  'person' | 'said' | 'heard' | 'goodbye' | 'confirmed' | 'ids' | 'over' | 'declined' | 'blocked'
>;

/** Null for somebody with whom there never was anything. */
export function standingOf(person: StoredPerson | null): StandingBody | null {
  if (!person) return null;
  const { ties, blockSeq, statement, theirStatement, goodbye, confirmed, uid, login } = person;
  const { over, declinedByMe, declinedByThem, blockedAt } = ties;
  const nothing = statement === null && theirStatement === null && blockSeq === 0 && over.mine + over.theirs === 0;
  if (nothing && declinedByMe === null && declinedByThem === null) return null;
  return {
    person: { uid, login },
    said: statement,
    heard: theirStatement,
    goodbye,
    confirmed,
    ids: ties.connection?.ids ?? [],
    over,
    declined: { byMe: declinedByMe, byThem: declinedByThem },
    blocked: { at: blockedAt, seq: blockSeq },
  };
}
