/** The verbs: what a person types about trust, and what follows from it for every device of the other person. */
import { TeammateSyncError } from '../errors.ts';
import { statementId } from '../identity/index.ts';
import { b64url } from '../protocol/bytes.ts';
import { INVITES_PENDING_MAX } from '../protocol/limits.ts';
import {
  type ConnectionStatement,
  parseStatement,
  type SignedStatement,
  type Standing,
} from '../protocol/statements.ts';
import { adopt, heardOfMine, heardOfThem } from './hearing.ts';
import { Ledger } from './ledger.ts';
import { describe, type Person } from './listing.ts';
import { block, openInvite, unblock } from './relation.ts';
import { standingOf } from './own-devices.ts';
import { confirm, forgetGoodbye, mayMeet, repeated, theirWords } from './standing.ts';
import type { StoredPerson } from './store.ts';
import type { Relation } from './ties.ts';
import { type About, saidOf } from './voice.ts';

export class Connections extends Ledger {
  relation(uid: number): Relation {
    return this.relationWith(this.book.find(uid));
  }

  /**
   * The invite ids that a grant of this person may name, and first the one to name oneself: of what they said last, so
   * that they know it. Empty when not connected.
   */
  consented(uid: number): string[] {
    const { connection, theirs } = this.book.find(uid)?.ties ?? {};
    const ids = connection?.ids ?? [];
    return ids.toSorted((a, b) => Number(b === theirs?.iid) - Number(a === theirs?.iid));
  }

  /**
   * True while this device of a person may be met: the person is not blocked, and not disconnected unless that is still to
   * be delivered to this device.
   */
  mayMeet(uid: number, sign: string): boolean {
    const person = this.book.find(uid);
    return !person || mayMeet(person, sign, this.now);
  }

  /** True when there is a tie with this person, or something is still to be said to this device. */
  isTied(uid: number, sign: string): boolean {
    const person = this.book.find(uid);
    if (!person) return false;
    return this.relationWith(person) !== 'none' || repeated(person, sign, this.now) !== null;
  }

  list(): Person[] {
    return this.book.people.map((p) => describe(p, this.now)).filter((p) => p.relation !== 'none');
  }

  person(uid: number): Person | null {
    const found = this.book.find(uid);
    return found ? describe(found, this.now) : null;
  }

  /**
   * Asks for a connection; nothing happens when connected or asked already. Crossed invites connect at once.
   * @throws BLOCKED, TOO_MANY_INVITES
   */
  invite(uid: number, login: string, about: About): Relation {
    const person = this.book.ensure(uid, login);
    const current = this.relationWith(person);
    if (current === 'blocked') throw new TeammateSyncError('BLOCKED', `you have blocked ${login}`);
    if (current === 'connected' || current === 'pendingOut' || current === 'declinedByThem') return current;
    if (current === 'pendingIn' || current === 'declinedByMe') {
      const { theirs } = person.ties;
      if (theirs?.t === 'invite' && theirs.exp > this.now) return this.say(person, 'accept', theirs.iid, null);
    }
    const pending = this.list().filter((p) => p.relation === 'pendingOut').length;
    if (pending >= INVITES_PENDING_MAX) {
      throw new TeammateSyncError('TOO_MANY_INVITES', `${pending} people have not answered your invites yet`);
    }
    return this.say(person, 'invite', b64url(this.options.random(16)), about);
  }

  /** @throws NO_INVITE */
  accept(uid: number, login: string): Relation {
    const { person, iid } = this.#invitation(uid, login);
    return this.say(person, 'accept', iid, null);
  }

  /** @throws NO_INVITE */
  decline(uid: number, login: string): Relation {
    const { person, iid } = this.#invitation(uid, login);
    return this.say(person, 'decline', iid, null);
  }

  /** Ends trust, also a pending invite in either direction. @throws NOT_CONNECTED */
  disconnect(uid: number, login: string): Relation {
    const person = this.book.find(uid);
    if (!person || ['none', 'blocked'].includes(this.relationWith(person))) {
      throw new TeammateSyncError('NOT_CONNECTED', `you are not connected with ${login}`);
    }
    return this.say(person, 'disconnect', '', null);
  }

  /**
   * Refuses this person from now on. One last statement tells them, where they can be reached now; it is repeated only
   * if they are unblocked before they heard it, so that they do not go on believing in a connection.
   */
  block(uid: number, login: string): void {
    const person = this.book.ensure(uid, login);
    const { connection, mine, theirs, blockedAt } = person.ties;
    if (blockedAt !== null) return;
    const goodbye = (connection ?? mine ?? theirs) ? this.formulate(person, 'disconnect', '') : null;
    const said = goodbye && saidOf(goodbye.statement);
    person.blockSeq = this.nextBlockSeq(person);
    person.ties = block(person.ties, said, this.now);
    if (goodbye && said) this.keepWords(person, 'mine', said, goodbye.bytes);
    person.goodbye = goodbye !== null;
    person.theirStatement = null;
    if (goodbye) this.emit('ended', uid, 'blocked');
    this.book.save();
    if (goodbye) this.emit('say', uid, goodbye.bytes);
    this.emit('changed', uid);
  }

  /** @throws BLOCKED when the person was not blocked */
  unblock(uid: number, login: string): void {
    const person = this.book.find(uid);
    if (!person || person.ties.blockedAt === null) {
      throw new TeammateSyncError('BLOCKED', `${login} is not blocked`, { hint: 'see `teammate-sync connections`' });
    }
    person.blockSeq = this.nextBlockSeq(person);
    person.ties = unblock(person.ties);
    forgetGoodbye(person, this.options.devices(uid));
    this.book.save();
    if (person.statement !== null) this.emit('say', uid, Buffer.from(person.statement, 'base64url'));
    this.emit('changed', uid);
  }

  /** What is to be said to this device on every contact, as signed before, by whichever device of mine; null: nothing. */
  statement(uid: number, sign: string): Buffer | null {
    const person = this.book.find(uid);
    if (!person) return null;
    this.refreshWords(person);
    return repeated(person, sign, this.now);
  }

  /** What another device of theirs said last, for this one that may not know; null: nothing, or it said so itself. */
  echo(uid: number, sign: string): Buffer | null {
    const person = this.book.find(uid);
    const theirs = person && theirWords(person, this.now);
    if (!theirs) return null;
    const by = parseStatement(theirs).statement.from.sign;
    return by !== sign && this.options.devices(uid).includes(by) ? theirs : null;
  }

  /** All that this device of theirs should know, in the order in which it was said: mine, and what another of theirs said. */
  spoken(uid: number, sign: string): Buffer[] {
    const seq = (bytes: Buffer): number => parseStatement(bytes).statement.seq;
    return [this.statement(uid, sign), this.echo(uid, sign)]
      .flatMap((bytes) => bytes ?? [])
      .toSorted((a, b) => seq(a) - seq(b));
  }

  /**
   * A checked statement of theirs. Identical ones are ignored; so is an older one, by name when the device itself says it
   * (`direct`), so that a replay is seen. @throws STATEMENT_REPLAYED, STATEMENT_EXPIRED
   */
  hear(signed: SignedStatement<ConnectionStatement>, login: string, direct = true): void {
    heardOfThem(this, signed, login, direct);
  }

  /** They repeat what another device of mine said to them: it counts as said here, if it is newer. */
  hearEcho(signed: SignedStatement<ConnectionStatement>, login: string): void {
    heardOfMine(this, signed, login);
  }

  /** How things stand with a person, for my other devices; null when there is nothing to tell. */
  standing(uid: number): ReturnType<typeof standingOf> {
    return standingOf(this.book.find(uid));
  }

  /** The person has another handle now. */
  renamed(uid: number, login: string): void {
    const person = this.book.find(uid);
    if (!person || person.login === login) return;
    person.login = login;
    this.book.save();
  }

  /** Everybody of whom my other devices should know. */
  known(): number[] {
    return this.book.people.filter((p) => standingOf(p) !== null).map((p) => p.uid);
  }

  /** What another device of mine knows of a person, adopted where it is newer. @throws FRAME_MALFORMED and as openStatement */
  adopt(standing: Standing): void {
    adopt(this, standing);
  }

  /** A device of theirs confirmed a statement, by its id. */
  acknowledged(uid: number, sign: string, id: string): void {
    const person = this.book.find(uid);
    if (!person || person.statement === null || person.confirmed.includes(sign)) return;
    if (statementId(parseStatement(Buffer.from(person.statement, 'base64url'))) !== id) return;
    confirm(person, sign);
    person.unheardEnd = false;
    forgetGoodbye(person, this.options.devices(uid));
    this.book.save();
    this.emit('changed', uid);
  }

  #invitation(uid: number, login: string): { person: StoredPerson; iid: string } {
    const person = this.book.find(uid);
    const iid = person && openInvite(person.ties, this.now);
    if (person && iid !== null && iid !== undefined) return { person, iid };
    const why =
      this.relation(uid) === 'connected'
        ? `you are connected with ${login} already`
        : `there is no pending invite from ${login}`;
    throw new TeammateSyncError('NO_INVITE', why);
  }
}
