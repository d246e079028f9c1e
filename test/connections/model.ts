/**
 * Two persons with real stores and real signatures, and a network that loses, repeats, reorders and delays. What each
 * side must never do is checked after every step, against what its user typed and what it was told.
 */
import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { Connections } from '../../src/connections/index.ts';
import { openStatement, type Self, statementId } from '../../src/identity/index.ts';
import type { ConnectionStatement, SignedStatement } from '../../src/protocol/statements.ts';
import { parseStatement } from '../../src/protocol/statements.ts';
import { countedRandom, makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { deliver, lose, nth, SENSIBLE, skewMs, type Verb, VERBS, wait } from './model-verbs.ts';

const MINUTE = 60_000;
const OTHER = Buffer.alloc(32, 9).toString('base64url');

export type Name = 'A' | 'B';
const other = (name: Name): Name => (name === 'A' ? 'B' : 'A');

export type Step =
  | { do: 'type'; who: Name; verb: Verb }
  /** One of the verbs that mean something now. */
  | { do: 'act'; who: Name; nth: number }
  /** Both say what they have to say, as when a connection opens. */
  | { do: 'contact' }
  | { do: 'deliver'; nth: number; again: boolean; ack: boolean }
  | { do: 'lose'; nth: number }
  | { do: 'wait'; ms: number }
  | { do: 'skew'; who: Name; ms: number }
  | { do: 'restart'; who: Name };

const who = fc.constantFrom<Name>('A', 'B');
export const steps = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ do: fc.constant('type' as const), who, verb: fc.constantFrom(...VERBS) }) },
    { weight: 7, arbitrary: fc.record({ do: fc.constant('act' as const), who, nth }) },
    { weight: 3, arbitrary: fc.constant<Step>({ do: 'contact' }) },
    { weight: 8, arbitrary: deliver },
    { weight: 2, arbitrary: lose },
    { weight: 2, arbitrary: wait },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('skew' as const), who, ms: skewMs }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who }) },
  ),
  { minLength: 1, maxLength: 40 },
);

/** One side, with what it may be held to. */
class Side {
  readonly clock = new ManualClock();
  readonly uid: number;
  readonly name: Name;
  readonly #path: string;
  self!: Self;
  connections!: Connections;
  /** seq of the last own invite or accept that the user typed and did not take back; 0: none. */
  consent = 0;
  /** The user declined and has neither invited nor accepted since. */
  declined = false;
  /** Newest seq said to the other side, over all restarts. */
  said = 0;
  /** Newest seq heard, and the newest disconnect. */
  heard = 0;
  skew = 0;
  readonly out: (bytes: Buffer) => void;

  constructor(name: Name, folder: string, out: (bytes: Buffer) => void) {
    this.name = name;
    this.uid = name === 'A' ? 1001 : 2002;
    this.#path = path.join(folder, `${name}.json`);
    this.out = out;
    this.open();
  }

  /** Reads everything from disk again, as after a crash. */
  open(): void {
    const before = this.connections ? this.snapshot() : null;
    this.self = makeSelf({ uid: this.uid, login: this.name.toLowerCase(), clock: this.clock });
    const random = countedRandom(`${this.name} ${this.said} ${this.clock.elapsed()}`);
    const devices = (): string[] => [];
    this.connections = new Connections({ self: this.self, path: this.#path, clock: this.clock, random, devices });
    this.connections.on('say', (uid, bytes) => {
      expect(uid).toBe(this.peer);
      const { seq } = parseStatement(bytes).statement;
      // Repeating what was said is fine; anything new comes after it.
      expect(seq).toBeGreaterThanOrEqual(this.said);
      this.said = seq;
      this.out(bytes);
    });
    if (before) expect(this.snapshot()).toEqual(before);
  }

  get peer(): number {
    return this.uid === 1001 ? 2002 : 1001;
  }

  get relation(): string {
    return this.connections.relation(this.peer);
  }

  snapshot(): unknown {
    const { connections, peer } = this;
    return [
      connections.person(peer),
      connections.consented(peer),
      connections.statement(peer, OTHER),
      connections.mayMeet(peer, OTHER),
    ];
  }

  type(verb: Verb): void {
    const login = other(this.name).toLowerCase();
    const before = this.said;
    try {
      if (verb === 'invite') this.connections.invite(this.peer, login, { note: null, project: 'proj' });
      else this.connections[verb](this.peer, login);
    } catch (error) {
      if (!(error instanceof TeammateSyncError)) throw error;
      expect(['NO_INVITE', 'NOT_CONNECTED', 'BLOCKED']).toContain(error.code);
      return;
    }
    if (verb === 'invite' || verb === 'accept') {
      if (this.said === before) return;
      this.consent = this.said;
      this.declined = false;
    } else if (verb !== 'unblock') this.consent = 0;
    if (verb === 'decline') this.declined = true;
  }

  hear(bytes: Buffer, from: Side): string | null {
    const before = this.snapshot();
    const { seq, t } = parseStatement(bytes).statement;
    const context = this.self.context({ uid: from.uid, sign: from.self.signKey });
    try {
      const signed = openStatement(bytes, context) as SignedStatement<ConnectionStatement>;
      const blocked = this.relation === 'blocked';
      this.connections.hear(signed, from.name.toLowerCase());
      if (blocked || seq <= this.heard) expect(this.snapshot()).toEqual(before);
      if (!blocked && seq > this.heard) {
        this.heard = seq;
        // Whoever is told that it is over has to consent anew, unless the consent came after.
        if (t === 'disconnect' && seq >= this.consent) this.consent = 0;
      }
      return statementId(signed);
    } catch (error) {
      if (!(error instanceof TeammateSyncError)) throw error;
      expect(['STATEMENT_REPLAYED', 'STATEMENT_EXPIRED']).toContain(error.code);
      if (error.code === 'STATEMENT_REPLAYED') expect(seq).toBeLessThan(this.heard);
      expect(this.snapshot()).toEqual(before);
      return null;
    }
  }

  check(): void {
    const { relation } = this;
    if (relation === 'connected')
      expect(this.consent, `${this.name} is connected without its own consent`).toBeGreaterThan(0);
    if (this.declined) expect(['pendingIn', 'connected']).not.toContain(relation);
    if (relation !== 'connected') expect(this.connections.consented(this.peer)).toEqual([]);
    if (relation === 'blocked') {
      expect(this.connections.statement(this.peer, OTHER)).toBeNull();
      expect(this.connections.mayMeet(this.peer, OTHER)).toBe(false);
    }
  }
}

export class Model {
  readonly A: Side;
  readonly B: Side;
  #flying: { from: Name; bytes: Buffer }[] = [];

  constructor(folder: string) {
    this.A = new Side('A', folder, (bytes) => this.#flying.push({ from: 'A', bytes }));
    this.B = new Side('B', folder, (bytes) => this.#flying.push({ from: 'B', bytes }));
  }

  run(step: Step): void {
    switch (step.do) {
      case 'type':
        this[step.who].type(step.verb);
        break;
      case 'act': {
        const verbs = SENSIBLE[this[step.who].relation] ?? VERBS;
        this[step.who].type(verbs[step.nth % verbs.length] ?? 'invite');
        break;
      }
      case 'contact':
        for (const name of ['A', 'B'] as const) {
          const bytes = this[name].connections.statement(this[name].peer, OTHER);
          if (bytes) this.#flying.push({ from: name, bytes });
        }
        break;
      case 'deliver':
        this.#deliver(step.nth, step.again, step.ack);
        break;
      case 'lose':
        this.#flying.splice(step.nth % Math.max(1, this.#flying.length), 1);
        break;
      case 'wait':
        for (const side of [this.A, this.B]) side.clock.pass(step.ms);
        break;
      case 'skew': {
        const side = this[step.who];
        side.clock.setWall(side.clock.now() - side.skew + step.ms);
        side.skew = step.ms;
        break;
      }
      case 'restart':
        this[step.who].open();
        break;
    }
    this.A.check();
    this.B.check();
  }

  #deliver(at: number, again: boolean, ack: boolean): void {
    const index = at % Math.max(1, this.#flying.length);
    const message = this.#flying[index];
    if (!message) return;
    if (!again) this.#flying.splice(index, 1);
    const to = this[other(message.from)];
    const id = to.hear(message.bytes, this[message.from]);
    if (id !== null && ack) this[message.from].connections.acknowledged(to.uid, OTHER, id);
  }

  /** A tie that stands already. */
  connect(): void {
    this.A.type('invite');
    this.settle(false);
    this.B.type('accept');
    this.settle(false);
    expect([this.A.relation, this.B.relation]).toEqual(['connected', 'connected']);
  }

  /** Nobody types any more and every message arrives: until nothing changes. */
  settle(loseFirst: boolean): void {
    if (loseFirst) this.#flying = [];
    for (let round = 0; round < 12; round++) {
      this.run({ do: 'contact' });
      while (this.#flying.length > 0) this.run({ do: 'deliver', nth: 0, again: false, ack: true });
    }
  }

  agree(): void {
    const { A, B } = this;
    if (A.relation === 'blocked' || B.relation === 'blocked') return;
    expect([A.relation === 'connected', `A ${A.relation}, B ${B.relation}`]).toEqual([
      B.relation === 'connected',
      `A ${A.relation}, B ${B.relation}`,
    ]);
    for (const [one, two] of [
      [A, B],
      [B, A],
    ] as const) {
      const [named] = one.connections.consented(one.peer);
      if (named !== undefined) expect(two.connections.consented(two.peer)).toContain(named);
      const until = one.connections.person(one.peer)?.until ?? 0;
      // An open invite has reached the other side, unless it is about to lapse on clocks that differ.
      if (one.relation === 'pendingOut' && until - one.clock.now() > 10 * MINUTE) {
        expect(['pendingIn', 'declinedByMe']).toContain(two.relation);
      }
    }
  }
}
