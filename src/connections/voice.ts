/** Between statements on the wire and what the state machine works with. */
import type { Self } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { INVITE_LIFETIME_MS, STATEMENT_LIFETIME_MS } from '../protocol/limits.ts';
import type { ConnectionStatement, SignedStatement } from '../protocol/statements.ts';
import type { Book } from './book.ts';
import type { Said } from './relation.ts';
import { newestSeq } from './standing.ts';
import type { StoredPerson } from './store.ts';

/** What an invite tells: inert text, never content or title. */
export interface About {
  note: string | null;
  project: string | null;
}

/** How long a statement counts at most, seconds. */
function lifetime(t: ConnectionStatement['t']): number {
  return (t === 'invite' ? INVITE_LIFETIME_MS : STATEMENT_LIFETIME_MS) / 1000;
}

/**
 * Signs a connection statement to a person (all their devices).
 * @param after seq of what was said and heard between the two so far; this statement comes after all of it
 */
function formulate(
  self: Self,
  now: number,
  after: number,
  what: { t: ConnectionStatement['t']; uid: number; iid: string; about: About | null },
): SignedStatement<ConnectionStatement> {
  const exp = Math.floor(now / 1000) + lifetime(what.t);
  const to = { uid: what.uid };
  switch (what.t) {
    case 'invite': {
      const { note, project } = what.about ?? { note: null, project: null };
      return self.say({ t: 'invite', to, exp, iid: what.iid, note, project }, after);
    }
    case 'accept':
      return self.say({ t: 'accept', to, exp, iid: what.iid }, after);
    case 'decline':
      return self.say({ t: 'decline', to, exp, iid: what.iid }, after);
    case 'disconnect':
      return self.say({ t: 'disconnect', to, exp }, after);
  }
}

/** Signs to a person what is to be repeated from now on; the caller applies it and saves. */
export function speak(
  { self, clock }: { self: Self; clock: Clock },
  book: Book,
  person: StoredPerson,
  what: { t: ConnectionStatement['t']; iid: string; about: About | null },
): SignedStatement<ConnectionStatement> {
  const now = clock.now();
  const signed = formulate(self, now, newestSeq(person, now), { ...what, uid: person.uid });
  book.lastSeq = self.lastSeq;
  person.lastSaid = signed.statement.seq;
  person.statement = signed.bytes.toString('base64');
  person.delivered = false;
  person.goodbye = false;
  person.unheardEnd ||= what.t === 'disconnect';
  return signed;
}

/** A statement that claims a longer life than ours has only ours. */
export function saidOf(statement: ConnectionStatement): Said {
  const { t, seq, iat, exp } = statement;
  const times = { seq, at: iat * 1000, exp: Math.min(exp, iat + lifetime(t)) * 1000 };
  if (statement.t === 'invite') {
    return { t: 'invite', iid: statement.iid, ...times, note: statement.note, project: statement.project };
  }
  const iid = statement.t === 'disconnect' ? '' : statement.iid;
  return { t: statement.t, iid, ...times, note: null, project: null };
}
