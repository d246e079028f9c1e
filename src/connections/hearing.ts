/** What comes from others: from a person's devices, by way of them from one's own, and from one's own devices. */
import { TeammateSyncError } from '../errors.ts';
import { bytesOf, isFarAhead, standing as counting, verify } from '../identity/index.ts';
import { DecodeError } from '../protocol/decode.ts';
import {
  type ConnectionStatement,
  isConnection,
  parseStatement,
  type SignedStatement,
  type Standing,
  statementSigned,
} from '../protocol/statements.ts';
import type { Ledger } from './ledger.ts';
import { describe, surplusInvite } from './listing.ts';
import { isMisdated } from './redate.ts';
import { apply, block, over, unblock } from './relation.ts';
import { confirm, forgetGoodbye, noteHeard } from './standing.ts';
import type { StoredPerson } from './store.ts';
import { consents, isInviteOver, isLiveInvite, outranks, type Side } from './ties.ts';
import { connect, voided } from './transitions.ts';
import { saidOf } from './voice.ts';

/** @throws STATEMENT_REPLAYED, STATEMENT_EXPIRED, both only for what the device itself says */
export function heardOfThem(
  ledger: Ledger,
  signed: SignedStatement<ConnectionStatement>,
  login: string,
  direct: boolean,
): void {
  const { statement } = signed;
  const person = ledger.book.ensure(statement.from.uid, login);
  if (person.ties.blockedAt !== null) return;
  const heard = person.heard.find((h) => h.sign === statement.from.sign);
  if (heard && statement.seq === heard.seq) return;
  if (heard && statement.seq < counting(heard.seq, ledger.now)) {
    // Another device of theirs may know less than we do: it is told what is newer, and did no wrong.
    if (!direct) return;
    throw new TeammateSyncError('STATEMENT_REPLAYED', `${statement.t} is older than what was heard before`);
  }
  if (saidOf(statement).exp <= ledger.now) {
    throw new TeammateSyncError('STATEMENT_EXPIRED', `${statement.t} is older than its kind may be`);
  }
  const before = ledger.relationWith(person);
  ledger.transition(person, 'theirs', signed);
  if (before !== 'pendingIn' && ledger.relationWith(person) === 'pendingIn') {
    dropOldestInvite(ledger, person.uid);
    ledger.emit('invited', person.uid);
  }
}

/** The number of pending invites is bounded; the oldest goes. */
function dropOldestInvite({ book, now }: Ledger, newest: number): void {
  const oldest = surplusInvite(
    book.people.map((p) => describe(p, now)),
    newest,
  );
  const person = oldest && book.find(oldest.uid);
  if (person) {
    person.ties = { ...person.ties, theirs: null };
    person.theirStatement = null;
  }
  book.save();
}

export function heardOfMine(ledger: Ledger, signed: SignedStatement<ConnectionStatement>, login: string): void {
  const { statement } = signed;
  const person = ledger.book.ensure(statement.to.uid, login);
  adopting(ledger, person, () => applyWords(ledger, person, 'mine', signed));
}

/** @throws FRAME_MALFORMED, STATEMENT_WRONG_SENDER, STATEMENT_BAD_SIGNATURE */
export function adopt(ledger: Ledger, standing: Standing): void {
  const { uid, login } = standing.person;
  const me = ledger.options.self;
  const said = wordsOf(standing.said, { from: me.uid, to: uid }, standing);
  const heard = wordsOf(standing.heard, { from: uid, to: me.uid }, standing);
  const person = ledger.book.ensure(uid, login);
  adopting(ledger, person, () => {
    const { over: known } = person.ties;
    const upTo = (side: Side): number =>
      Math.max(counting(known[side], ledger.now), counting(standing.over[side], ledger.now));
    person.ties = over(person.ties, { mine: upTo('mine'), theirs: upTo('theirs') }, ledger.now);
    const words: [Side, SignedStatement<ConnectionStatement>][] = [];
    // What bears the date of a clock that stood far ahead is taken once it was signed anew.
    const dated = (s: typeof said): s is NonNullable<typeof said> =>
      s !== null && !isMisdated(saidOf(s.statement), ledger.now);
    if (dated(said)) words.push(['mine', said]);
    if (dated(heard)) words.push(['theirs', heard]);
    words.sort(([, a], [, b]) => a.statement.seq - b.statement.seq);
    // Twice: what an invite means may depend on the accept that came after it.
    const connected = standing.ids.length > 0;
    for (const [side, signed] of [...words, ...words]) applyWords(ledger, person, side, signed, connected);
    adoptDeclines(person, standing);
    adoptConnection(person, standing, ledger.now);
    if (standing.said !== null && standing.said === person.statement) {
      person.goodbye ||= standing.goodbye;
      for (const sign of standing.confirmed.filter((s) => !person.confirmed.includes(s))) confirm(person, sign);
      if (standing.confirmed.length > 0) person.unheardEnd = false;
    }
    const { at } = standing.blocked;
    const { mine: goodbye, blockedAt } = person.ties;
    // Of a block whose date says nothing only this counts, that it is one.
    const undated = isFarAhead(standing.blocked.seq, ledger.now);
    const blocks = undated && at !== null && blockedAt === null;
    const seq = blocks ? ledger.nextBlockSeq(person) : counting(standing.blocked.seq, ledger.now);
    const blockSeq = counting(person.blockSeq, ledger.now);
    if (seq > blockSeq || (seq === blockSeq && at !== null && !undated)) {
      person.blockSeq = seq;
      if (at === null) person.ties = unblock(person.ties);
      else if (blockedAt === null) {
        person.ties = { ...block(person.ties, null, at), mine: goodbye?.t === 'disconnect' ? goodbye : null };
        person.goodbye = person.ties.mine !== null;
      }
    }
    forgetGoodbye(person, ledger.options.devices(uid));
  });
}

/** A decline outlives what is said later; only consent of the same side takes it back. */
function adoptDeclines(person: StoredPerson, { declined }: Standing): void {
  const { mine, theirs, declinedByMe, declinedByThem } = person.ties;
  person.ties = {
    ...person.ties,
    declinedByMe: consents(mine) ? declinedByMe : (declinedByMe ?? declined.byMe),
    declinedByThem: consents(theirs) ? declinedByThem : (declinedByThem ?? declined.byThem),
  };
}

/**
 * Which invite met which accept is more than the newest statements tell. What stands there stands here, unless a refusal
 * is known here that was not known there.
 */
function adoptConnection(person: StoredPerson, { ids, over: there }: Standing, now: number): void {
  const { mine, theirs, over: here, blockedAt } = person.ties;
  const same = here.mine === counting(there.mine, now) && here.theirs === counting(there.theirs, now);
  if (ids.length === 0 || !same || blockedAt !== null || !consents(mine) || !consents(theirs)) return;
  person.ties = connect(person.ties, ids, now);
}

/** Connected, and they still ask: crossed invites, or a state that they lost. Whoever of my devices sees it tells them. */
function answer(ledger: Ledger, person: StoredPerson): void {
  const { mine, theirs, connection } = person.ties;
  if (!connection || !isLiveInvite(theirs, ledger.now) || !mine) return;
  if (mine.t === 'accept' && mine.iid === theirs.iid) return;
  const accept = ledger.formulate(person, 'accept', theirs.iid, { renews: mine.typed });
  applyWords(ledger, person, 'mine', accept);
}

function applyWords(
  ledger: Ledger,
  person: StoredPerson,
  side: Side,
  signed: SignedStatement<ConnectionStatement>,
  connected = false,
): void {
  const said = saidOf(signed.statement);
  const { ties } = person;
  // A refusal of mine whose date says nothing stands until it is signed anew: nothing opens meanwhile.
  const undated = side === 'mine' && ties.mine !== null && isFarAhead(ties.mine.seq, ledger.now);
  if (undated && !consents(ties.mine) && consents(said)) return;
  person.ties = apply(ties, side, said, ledger.now).ties;
  // Which invite it answers is known where the connection was made.
  const unanswered = connected && said.t === 'accept' && person.ties === ties && ties.blockedAt === null;
  if (unanswered && outranks(said, ties[side], ledger.now) && !voided(ties, side, said, ledger.now))
    person.ties = { ...ties, [side]: said };
  ledger.keepWords(person, side, said, signed.bytes);
  if (side === 'theirs' && person.ties.theirs === said) {
    const known = person.heard.find((h) => h.sign === signed.statement.from.sign)?.seq ?? 0;
    noteHeard(person, signed.statement.from.sign, Math.max(known, said.seq));
  }
}

/** As if typed here: tells what has ended before it saves (see `Ledger.transition`), and then tells what follows from what has changed. */
function adopting(ledger: Ledger, person: StoredPerson, change: () => void): void {
  const before = JSON.stringify(person);
  const { connection, blockedAt, mine } = person.ties;
  change();
  answer(ledger, person);
  if (person.ties.mine === null) person.statement = null;
  if (person.ties.theirs === null) person.theirStatement = null;
  if (JSON.stringify(person) === before) return;
  const { ties, uid, statement } = person;
  const spoke = ties.mine !== null && ties.mine !== mine;
  const blocked = ties.blockedAt !== null && blockedAt === null;
  // What was shared here with somebody who had not accepted yet ends, too.
  const refused = spoke && (ties.mine?.t === 'disconnect' || ties.mine?.t === 'decline');
  if (blocked || refused || (connection ? !ties.connection : isInviteOver(mine, ties, ledger.now))) {
    ledger.emit('ended', uid, blocked ? 'blocked' : ties.mine?.t === 'decline' ? 'declined' : 'disconnected');
  }
  ledger.book.save();
  if (spoke && statement !== null) ledger.emit('say', uid, Buffer.from(statement, 'base64url'));
  if (ties.connection && !connection) ledger.emit('connected', uid);
  ledger.emit('changed', uid);
}

/** What another device of mine says was said; it vouches for who may speak, and the signature is checked all the same. */
function wordsOf(
  words: string | null,
  between: { from: number; to: number },
  { host, org }: Standing,
): SignedStatement<ConnectionStatement> | null {
  if (words === null) return null;
  let signed: SignedStatement;
  try {
    signed = parseStatement(bytesOf(words));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('FRAME_MALFORMED', error.message);
  }
  const { statement, payload, signature } = signed;
  const right = statement.from.uid === between.from && statement.to.uid === between.to;
  if (!isConnection(statement) || !right || statement.host !== host || statement.org !== org) {
    throw new TeammateSyncError('STATEMENT_WRONG_SENDER', 'a standing holds a statement of somebody else');
  }
  if (!verify(signature, statementSigned(statement.t, payload), bytesOf(statement.from.sign))) {
    throw new TeammateSyncError('STATEMENT_BAD_SIGNATURE', 'a standing holds a statement that nobody signed');
  }
  return { ...signed, statement };
}
