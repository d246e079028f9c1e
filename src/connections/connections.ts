/** Keeps the ties with every person, turns verbs and received statements into transitions, and repeats what must arrive. */
import { EventEmitter } from 'node:events';
import { TeammateSyncError } from '../errors.ts';
import { type Self, standing, statementId } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { b64url } from '../protocol/bytes.ts';
import { INVITES_PENDING_MAX } from '../protocol/limits.ts';
import { type ConnectionStatement, parseStatement, type SignedStatement } from '../protocol/statements.ts';
import { Book } from './book.ts';
import type { ConnectionsEvents } from './events.ts';
import { describe, type Person, surplusInvite } from './listing.ts';
import { isMisdated, redated } from './redate.ts';
import { apply, block, openInvite, type Relation, relation, type Said, unblock } from './relation.ts';
import { forgetGoodbye, mayMeet, noteHeard, owesGoodbye, repeated } from './standing.ts';
import type { StoredPerson } from './store.ts';
import { type About, saidOf, speak } from './voice.ts';

export interface ConnectionsOptions {
  self: Self;
  path: string;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

export class Connections extends EventEmitter<ConnectionsEvents> {
  readonly #options: ConnectionsOptions;
  readonly #book: Book;

  constructor(options: ConnectionsOptions) {
    super();
    this.#options = options;
    this.#book = new Book(options.path);
    options.self.resumeAfter(this.#book.lastSeq);
  }

  relation(uid: number): Relation {
    const person = this.#book.find(uid);
    return person ? relation(person.ties, this.#options.clock.now()) : 'none';
  }

  /** The invite ids that a grant of this person may name; empty when not connected. */
  consented(uid: number): string[] {
    return this.#book.find(uid)?.ties.connection?.ids ?? [];
  }

  /** True while this person's devices may be met: not blocked, and not disconnected unless that is still to be delivered. */
  mayMeet(uid: number): boolean {
    const person = this.#book.find(uid);
    return !person || mayMeet(person, this.#options.clock.now());
  }

  list(): Person[] {
    return this.#book.people.map((p) => describe(p, this.#options.clock.now())).filter((p) => p.relation !== 'none');
  }

  person(uid: number): Person | null {
    const found = this.#book.find(uid);
    return found ? describe(found, this.#options.clock.now()) : null;
  }

  /**
   * Asks for a connection; nothing happens when connected or asked already. Crossed invites connect at once.
   * @throws BLOCKED, TOO_MANY_INVITES
   */
  invite(uid: number, login: string, about: About): Relation {
    const person = this.#book.ensure(uid, login);
    const now = this.#options.clock.now();
    const current = relation(person.ties, now);
    if (current === 'blocked') throw new TeammateSyncError('BLOCKED', `you have blocked ${login}`);
    if (current === 'connected' || current === 'pendingOut' || current === 'declinedByThem') return current;
    if (current === 'pendingIn' || current === 'declinedByMe') {
      const { theirs } = person.ties;
      if (theirs?.t === 'invite' && theirs.exp > now) return this.#say(person, 'accept', theirs.iid, null);
    }
    const pending = this.list().filter((p) => p.relation === 'pendingOut').length;
    if (pending >= INVITES_PENDING_MAX) {
      throw new TeammateSyncError('TOO_MANY_INVITES', `${pending} people have not answered your invites yet`);
    }
    return this.#say(person, 'invite', b64url(this.#options.random(16)), about);
  }

  /** @throws NO_INVITE */
  accept(uid: number, login: string): Relation {
    const { person, iid } = this.#invitation(uid, login);
    return this.#say(person, 'accept', iid, null);
  }

  /** @throws NO_INVITE */
  decline(uid: number, login: string): Relation {
    const { person, iid } = this.#invitation(uid, login);
    return this.#say(person, 'decline', iid, null);
  }

  /** Ends trust, also a pending invite in either direction. @throws NOT_CONNECTED */
  disconnect(uid: number, login: string): Relation {
    const person = this.#book.find(uid);
    const now = this.#options.clock.now();
    if (!person || ['none', 'blocked'].includes(relation(person.ties, now))) {
      throw new TeammateSyncError('NOT_CONNECTED', `you are not connected with ${login}`);
    }
    return this.#say(person, 'disconnect', '', null);
  }

  /**
   * Refuses this person from now on. One last statement tells them, where they can be reached now; it is repeated only
   * if they are unblocked before they heard it, so that they do not go on believing in a connection.
   */
  block(uid: number, login: string): void {
    const person = this.#book.ensure(uid, login);
    const { connection, mine, theirs, blockedAt } = person.ties;
    if (blockedAt !== null) return;
    const parting = { t: 'disconnect' as const, iid: '', about: null };
    const goodbye = (connection ?? mine ?? theirs) ? speak(this.#options, this.#book, person, parting) : null;
    person.ties = block(person.ties, goodbye && saidOf(goodbye.statement), this.#options.clock.now());
    person.goodbye = goodbye !== null;
    if (goodbye) this.emit('ended', uid, 'blocked');
    this.#book.save();
    if (goodbye) this.emit('say', uid, goodbye.bytes);
    this.emit('changed', uid);
  }

  /** @throws BLOCKED when the person was not blocked */
  unblock(uid: number, login: string): void {
    const person = this.#book.find(uid);
    if (!person || person.ties.blockedAt === null) {
      throw new TeammateSyncError('BLOCKED', `${login} is not blocked`, { hint: 'see `teammate-sync connections`' });
    }
    person.ties = unblock(person.ties);
    if (person.delivered) forgetGoodbye(person);
    this.#book.save();
    const bytes = this.statement(uid);
    if (bytes) this.emit('say', uid, bytes);
    this.emit('changed', uid);
  }

  /** What is to be said to this person on every contact, as signed before; null when nothing. */
  statement(uid: number): Buffer | null {
    const person = this.#book.find(uid);
    const now = this.#options.clock.now();
    if (person && owesGoodbye(person, now)) {
      const { statement } = speak(this.#options, this.#book, person, { t: 'disconnect', iid: '', about: null });
      person.ties = apply(person.ties, 'mine', saidOf(statement), now).ties;
      person.goodbye = true;
      this.#book.save();
    }
    return person && repeated(person, now);
  }

  /** Of that, what none of their devices has confirmed yet. */
  unheard(uid: number): Buffer | null {
    return this.#book.find(uid)?.delivered === false ? this.statement(uid) : null;
  }

  /** A device of theirs whose clock agrees with ours is there: what was signed under a clock far ahead is signed anew. */
  clocksAgree(uid: number): void {
    const person = this.#book.find(uid);
    const mine = person?.ties.mine;
    if (!person?.statement || !mine || !isMisdated(mine, this.#options.clock.now())) return;
    const { goodbye } = person;
    const { statement } = speak(this.#options, this.#book, person, { t: mine.t, iid: mine.iid, about: mine });
    person.ties = redated(person.ties, saidOf(statement));
    person.goodbye = goodbye;
    this.#book.save();
  }

  /**
   * A checked statement of theirs. Identical or older ones are ignored; an older one by name, so that a replay is seen.
   * @throws STATEMENT_REPLAYED, STATEMENT_EXPIRED
   */
  hear(signed: SignedStatement<ConnectionStatement>, login: string): void {
    const { statement } = signed;
    const person = this.#book.ensure(statement.from.uid, login);
    if (person.ties.blockedAt !== null) return;
    const now = this.#options.clock.now();
    const heard = person.heard.find((h) => h.sign === statement.from.sign);
    if (heard && statement.seq === heard.seq) return;
    if (heard && statement.seq < standing(heard.seq, now)) {
      throw new TeammateSyncError('STATEMENT_REPLAYED', `${statement.t} is older than what was heard before`);
    }
    const said = saidOf(statement);
    if (said.exp <= now) {
      throw new TeammateSyncError('STATEMENT_EXPIRED', `${statement.t} is older than its kind may be`);
    }
    noteHeard(person, statement.from.sign, statement.seq);
    const before = relation(person.ties, now);
    // Several devices of one person speak for it: what an older one of them said does not undo what a newer one said.
    if (statement.seq > standing(person.ties.theirs?.seq ?? 0, now)) this.#transition(person, 'theirs', said);
    else this.#book.save();
    if (before !== 'pendingIn' && this.relation(person.uid) === 'pendingIn') {
      this.#dropOldestInvite(person.uid);
      this.emit('invited', person.uid);
    }
  }

  /** A device of theirs confirmed a statement, by its id. */
  acknowledged(uid: number, id: string): void {
    const person = this.#book.find(uid);
    if (!person?.statement || person.delivered) return;
    if (statementId(parseStatement(Buffer.from(person.statement, 'base64'))) !== id) return;
    person.delivered = true;
    person.unheardEnd = false;
    if (person.ties.blockedAt === null) forgetGoodbye(person);
    this.#book.save();
    this.emit('changed', uid);
  }

  #invitation(uid: number, login: string): { person: StoredPerson; iid: string } {
    const person = this.#book.find(uid);
    const iid = person && openInvite(person.ties, this.#options.clock.now());
    if (person && iid !== null && iid !== undefined) return { person, iid };
    throw new TeammateSyncError('NO_INVITE', `there is no pending invite from ${login}`);
  }

  #say(person: StoredPerson, t: ConnectionStatement['t'], iid: string, about: About | null): Relation {
    const { statement, bytes } = speak(this.#options, this.#book, person, { t, iid, about });
    this.#transition(person, 'mine', saidOf(statement), bytes);
    return relation(person.ties, this.#options.clock.now());
  }

  /** Applies, saves, and only then tells, consent before what follows from it: what others act on survives a crash. */
  #transition(person: StoredPerson, side: 'mine' | 'theirs', said: Said, bytes: Buffer | null = null): void {
    const now = this.#options.clock.now();
    const before = person.ties.connection;
    const { ties, acceptNow } = apply(person.ties, side, said, now);
    person.ties = ties;
    let words = bytes;
    if (acceptNow !== null) {
      const accept = speak(this.#options, this.#book, person, { t: 'accept', iid: acceptNow, about: null });
      person.ties = apply(person.ties, 'mine', saidOf(accept.statement), now).ties;
      words = accept.bytes;
    }
    if (person.ties.mine === null) person.statement = null;
    // Told before: were a crash to leave the shares without the tie, a later consent would open them again.
    const over = before ? !ties.connection : side === 'mine' && said.t === 'disconnect';
    if (over) this.emit('ended', person.uid, said.t === 'decline' ? 'declined' : 'disconnected');
    this.#book.save();
    if (words) this.emit('say', person.uid, words);
    if (ties.connection && (!before || acceptNow !== null)) this.emit('connected', person.uid);
    this.emit('changed', person.uid);
  }

  /** The number of pending invites is bounded; the oldest goes. */
  #dropOldestInvite(newest: number): void {
    const oldest = surplusInvite(this.list(), newest);
    const person = oldest && this.#book.find(oldest.uid);
    if (person) person.ties = { ...person.ties, theirs: null };
    this.#book.save();
  }
}
