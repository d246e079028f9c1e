/** Between statements on the wire and what the state machine works with. */
import type { Self } from '../identity/index.ts';
import { INVITE_LIFETIME_MS, STATEMENT_LIFETIME_MS } from '../protocol/limits.ts';
import type { ConnectionStatement, SignedStatement } from '../protocol/statements.ts';
import type { Said } from './ties.ts';

/** What an invite tells: inert text, never content or title. */
export interface About {
  note: string | null;
  project: string | null;
}

/** What is to be said, before it is signed. */
export interface Words {
  t: ConnectionStatement['t'];
  uid: number;
  iid: string;
  /** Of an invite. */
  about: About | null;
  /** Of consent that nobody typed: seq of the typed one that it renews. 0: typed. */
  renews: number;
}

/** How long a statement counts at most, seconds. */
function lifetime(t: ConnectionStatement['t']): number {
  return (t === 'invite' ? INVITE_LIFETIME_MS : STATEMENT_LIFETIME_MS) / 1000;
}

/**
 * Signs a connection statement to a person (all their devices).
 * @param after seq of what was said and heard between the two so far; this statement comes after all of it
 */
export function formulate(
  self: Self,
  now: number,
  after: number,
  { t, uid, iid, about, renews }: Words,
): SignedStatement<ConnectionStatement> {
  const exp = Math.floor(now / 1000) + lifetime(t);
  const to = { uid };
  switch (t) {
    case 'invite': {
      const { note, project } = about ?? { note: null, project: null };
      return self.say({ t, to, exp, iid, note, project, renews }, after);
    }
    case 'accept':
      return self.say({ t, to, exp, iid, renews }, after);
    case 'decline':
      return self.say({ t, to, exp, iid }, after);
    case 'disconnect':
      return self.say({ t, to, exp }, after);
  }
}

/** A statement that claims a longer life than ours has only ours; consent renews nothing that comes after it. */
export function saidOf(statement: ConnectionStatement): Said {
  const { t, seq, iat, exp } = statement;
  const typed = 'renews' in statement && statement.renews > 0 ? Math.min(statement.renews, seq) : seq;
  const times = { seq, typed, at: iat * 1000, exp: Math.min(exp, iat + lifetime(t)) * 1000 };
  if (statement.t === 'invite') {
    return { t: 'invite', iid: statement.iid, ...times, note: statement.note, project: statement.project };
  }
  const iid = statement.t === 'disconnect' ? '' : statement.iid;
  return { t: statement.t, iid, ...times, note: null, project: null };
}
