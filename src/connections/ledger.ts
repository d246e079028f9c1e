/** The ties with every person on disk: signs what is said, applies what is said and heard, and tells what follows. */
import { EventEmitter } from 'node:events';
import { bytesOf, isFarAhead, type Self, standing } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { b64url } from '../protocol/bytes.ts';
import { type ConnectionStatement, parseStatement, type SignedStatement } from '../protocol/statements.ts';
import { Book } from './book.ts';
import type { ConnectionsEvents } from './events.ts';
import { isMisdated, redated } from './redate.ts';
import { apply } from './relation.ts';
import { newestSeq, noteHeard, owesGoodbye } from './standing.ts';
import type { StoredPerson } from './store.ts';
import { consents, isInviteOver, type Relation, relation, type Said, type Side } from './ties.ts';
import { type About, formulate, saidOf } from './voice.ts';

export interface ConnectionsOptions {
  self: Self;
  path: string;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** Sign keys of a person's good devices; for oneself this device is among them. */
  devices: (uid: number) => readonly string[];
}

export class Ledger extends EventEmitter<ConnectionsEvents> {
  readonly options: ConnectionsOptions;
  readonly book: Book;

  constructor(options: ConnectionsOptions) {
    super();
    this.options = options;
    this.book = new Book(options.path);
    options.self.keepOrder({ get: () => this.book.lastSeq, set: (seq) => this.#keepOrder(seq) });
  }

  /** A disk that is full keeps nobody from saying that something ended: it is written with what is saved next. */
  #keepOrder(seq: number): void {
    this.book.lastSeq = seq;
    try {
      this.book.save();
    } catch {}
  }

  get now(): number {
    return this.options.clock.now();
  }

  relationWith(person: StoredPerson | null): Relation {
    return person ? relation(person.ties, this.now) : 'none';
  }

  /** Signs; the caller applies it and saves. */
  formulate(
    person: StoredPerson,
    t: ConnectionStatement['t'],
    iid: string,
    { about = null, renews = 0 }: { about?: About | null; renews?: number } = {},
  ): SignedStatement<ConnectionStatement> {
    const { self } = this.options;
    const words = { t, uid: person.uid, iid, about, renews };
    const signed = formulate(self, this.now, newestSeq(person, this.now), words);
    person.lastSaid = signed.statement.seq;
    return signed;
  }

  /** What `mine` or `theirs` is now is kept as it was signed. */
  keepWords(person: StoredPerson, side: Side, said: Said, bytes: Buffer): void {
    const { ties } = person;
    if (ties[side] === said && side === 'theirs') person.theirStatement = b64url(bytes);
    if (ties[side] === said && side === 'mine') {
      person.statement = b64url(bytes);
      person.confirmed = [];
      person.goodbye = false;
      person.unheardEnd ||= said.t === 'disconnect';
    }
    if (ties.mine === null) person.statement = null;
    if (ties.theirs === null) person.theirStatement = null;
  }

  say(person: StoredPerson, t: ConnectionStatement['t'], iid: string, about: About | null): Relation {
    const signed = this.formulate(person, t, iid, { about });
    this.transition(person, 'mine', signed);
    return this.relationWith(person);
  }

  /**
   * Applies, saves, and only then tells, consent before what follows from it: what others act on survives a crash. Only an
   * end is told before: were a crash to leave the shares without the tie, a later consent would open them again.
   */
  transition(person: StoredPerson, side: Side, signed: SignedStatement<ConnectionStatement>): void {
    const { connection: before, mine: asked } = person.ties;
    const said = saidOf(signed.statement);
    const { ties, acceptNow } = apply(person.ties, side, said, this.now);
    // An accept that answers nothing known here is heard as if for the first time when it comes again.
    if (said.t === 'accept' && ties === person.ties) return;
    if (side === 'theirs') noteHeard(person, signed.statement.from.sign, said.seq);
    person.ties = ties;
    this.keepWords(person, side, said, signed.bytes);
    let words = side === 'mine' ? signed.bytes : null;
    if (acceptNow !== null) {
      const accept = this.formulate(person, 'accept', acceptNow, { renews: ties.mine?.typed ?? 1 });
      const mine = saidOf(accept.statement);
      person.ties = apply(person.ties, 'mine', mine, this.now).ties;
      this.keepWords(person, 'mine', mine, accept.bytes);
      words = accept.bytes;
    }
    const tookBack = side === 'mine' && said.t === 'disconnect';
    const ended = before ? !ties.connection : tookBack || isInviteOver(asked, ties, this.now);
    if (ended) this.emit('ended', person.uid, said.t === 'decline' ? 'declined' : 'disconnected');
    this.book.save();
    if (words) this.emit('say', person.uid, words);
    if (ties.connection && (!before || acceptNow !== null)) this.emit('connected', person.uid);
    this.emit('changed', person.uid);
  }

  /**
   * Words that have to be made anew before they can be repeated: a disconnect in whose place an invite stood that has
   * lapsed, and what a device said that is no longer one of mine, which nobody takes any more.
   */
  refreshWords(person: StoredPerson): void {
    const { mine } = person.ties;
    if (owesGoodbye(person, this.now)) {
      this.#sayAgain(person, 'disconnect', '', {});
      person.goodbye = true;
      this.book.save();
    } else if (mine && mine.exp > this.now && person.statement !== null && this.#isBy(person.statement) === 'nobody') {
      const { goodbye } = person;
      this.#sayAgain(person, mine.t, mine.iid, { about: mine, renews: this.#renewed(person, mine) });
      person.goodbye = goodbye;
      this.book.save();
    }
  }

  /**
   * A device is there whose clock agrees with ours: what this device signed under a clock far ahead is signed anew. What
   * another device of mine signed so is left to that one: it orders nothing here, and only it knows what it meant when.
   */
  clocksAgree(): void {
    const { now } = this;
    for (const person of this.book.people) {
      const before = JSON.stringify(person);
      const { over, blockedAt } = person.ties;
      person.ties = { ...person.ties, over: { mine: standing(over.mine, now), theirs: standing(over.theirs, now) } };
      // A block goes on counting, and an unblocking of unknown date outranks nobody's block.
      if (isFarAhead(person.blockSeq, now)) person.blockSeq = blockedAt === null ? 0 : this.nextBlockSeq(person);
      const { mine } = person.ties;
      if (mine && person.statement !== null && isMisdated(mine, now) && this.#isBy(person.statement) === 'this') {
        const { goodbye } = person;
        const more = { about: mine, renews: this.#renewed(person, mine) };
        const { statement, bytes } = this.formulate(person, mine.t, mine.iid, more);
        const said = saidOf(statement);
        person.ties = redated(person.ties, said);
        this.keepWords(person, 'mine', said, bytes);
        person.goodbye = goodbye;
      }
      if (JSON.stringify(person) === before) continue;
      this.book.save();
      this.emit('changed', person.uid);
    }
  }

  /** Above all that was said, heard or blocked. */
  nextBlockSeq(person: StoredPerson): number {
    return Math.max(standing(person.blockSeq, this.now), newestSeq(person, this.now), this.now * 1000) + 1;
  }

  /**
   * As of when consent that is signed anew counts: of when it was typed. Who has several devices may have refused on
   * another one since; of a misdated one it is known only that it came after what this device knew.
   */
  #renewed(person: StoredPerson, mine: Said): number {
    const { self, devices } = this.options;
    if (!consents(mine)) return 0;
    if (!isMisdated(mine, this.now)) return mine.typed;
    const alone = devices(self.uid).every((sign) => sign === self.signKey);
    return alone && person.statement !== null && this.#isBy(person.statement) === 'this'
      ? 0
      : newestSeq(person, this.now) + 1;
  }

  /** The same once more, by this device. */
  #sayAgain(
    person: StoredPerson,
    t: ConnectionStatement['t'],
    iid: string,
    more: { about?: About; renews?: number },
  ): void {
    const { statement, bytes } = this.formulate(person, t, iid, more);
    const said = saidOf(statement);
    person.ties = apply(person.ties, 'mine', said, this.now).ties;
    this.keepWords(person, 'mine', said, bytes);
  }

  /** This device, another good one of mine, or none that is good any more. */
  #isBy(words: string): 'this' | 'other' | 'nobody' {
    const { self, devices } = this.options;
    const { sign } = parseStatement(bytesOf(words)).statement.from;
    if (sign === self.signKey) return 'this';
    return devices(self.uid).includes(sign) ? 'other' : 'nobody';
  }
}
