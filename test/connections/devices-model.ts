/**
 * Two persons with two devices each, real stores and real signatures, and a network that loses, repeats, reorders and
 * delays: between the persons' devices, and between the devices of one person.
 */
import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { Connections } from '../../src/connections/index.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { isEcho, openStatement, type Self, statementId } from '../../src/identity/index.ts';
import { isConnection, parseStatement, type Standing } from '../../src/protocol/statements.ts';
import { countedRandom, makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { deliver, lose, nth, SENSIBLE, skewMs, type Verb, wait } from './model-verbs.ts';

export type Step =
  | { do: 'act'; who: number; nth: number }
  | { do: 'contact'; pair: number }
  | { do: 'deliver'; nth: number; again: boolean; ack: boolean }
  | { do: 'lose'; nth: number }
  | { do: 'wait'; ms: number }
  | { do: 'skew'; who: number; ms: number }
  | { do: 'restart'; who: number };

const who = fc.nat({ max: 3 });
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
export const steps = fc.array(
  fc.oneof(
    weighted(7, fc.record({ do: fc.constant('act' as const), who, nth })),
    weighted(6, fc.record({ do: fc.constant('contact' as const), pair: fc.nat({ max: 5 }) })),
    weighted(10, deliver),
    weighted(2, lose),
    weighted(2, wait),
    weighted(1, fc.record({ do: fc.constant('skew' as const), who, ms: skewMs })),
    weighted(1, fc.record({ do: fc.constant('restart' as const), who })),
  ),
  { minLength: 1, maxLength: 50 },
);

/** What a person typed, on whichever device: the newest consent and the newest refusal, by seq. */
interface Typed {
  consent: number;
  refusal: number;
}

class Machine {
  readonly clock = new ManualClock();
  readonly uid: number;
  readonly peer: number;
  readonly typed: Typed;
  readonly self: Self;
  connections!: Connections;
  skew = 0;
  readonly #path: string;
  readonly #world: () => Machine[];
  readonly #out: (bytes: Buffer) => void;
  #saying: number[] = [];

  constructor(
    name: string,
    uid: number,
    folder: string,
    { typed, world, out }: { typed: Typed; world: () => Machine[]; out: (bytes: Buffer) => void },
  ) {
    this.uid = uid;
    this.peer = uid === 1001 ? 2002 : 1001;
    this.typed = typed;
    this.self = makeSelf({ uid, login: `p${uid}`, name, clock: this.clock });
    this.#path = path.join(folder, `${name}.json`);
    this.#world = world;
    this.#out = out;
    this.open();
  }

  open(): void {
    const before = this.connections ? this.snapshot() : null;
    this.connections = new Connections({
      self: this.self,
      path: this.#path,
      clock: this.clock,
      random: countedRandom(`${this.#path} ${this.clock.elapsed()} ${this.self.lastSeq}`),
      devices: (uid) =>
        this.#world()
          .filter((m) => m.uid === uid)
          .map((m) => m.self.signKey),
    });
    this.connections.on('say', (_uid, bytes) => {
      const { statement } = parseStatement(bytes);
      if (isConnection(statement)) this.#saying.push(statement.seq);
      this.#out(bytes);
    });
    if (before) expect(this.snapshot()).toEqual(before);
  }

  get relation(): string {
    return this.connections.relation(this.peer);
  }

  /** Somebody with whom there is nothing need not be remembered. */
  snapshot(): unknown {
    const person = this.connections.person(this.peer);
    return [person?.relation === 'none' ? null : person, this.connections.standing(this.peer)];
  }

  type(verb: Verb): void {
    const login = `p${this.peer}`;
    this.#saying = [];
    try {
      if (verb === 'invite') this.connections.invite(this.peer, login, { note: null, project: null });
      else this.connections[verb](this.peer, login);
    } catch (error) {
      if (!(error instanceof TeammateSyncError)) throw error;
      expect(['NO_INVITE', 'NOT_CONNECTED', 'BLOCKED']).toContain(error.code);
      return;
    }
    const seq = this.#saying[0] ?? 0;
    if (verb === 'invite' || verb === 'accept') this.typed.consent = Math.max(this.typed.consent, seq);
    else if (verb !== 'unblock') this.typed.refusal = Math.max(this.typed.refusal, seq);
  }

  /** Id of what is to be confirmed, or null. */
  hear(bytes: Buffer, from: Machine): string | null {
    const good = (uid: number): string[] =>
      this.#world()
        .filter((m) => m.uid === uid)
        .map((m) => m.self.signKey);
    const kin = { theirs: good(from.uid), own: good(this.uid) };
    const context = this.self.context({ uid: from.uid, sign: from.self.signKey }, kin);
    try {
      const signed = openStatement(bytes, context);
      const { statement } = signed;
      if (statement.t === 'standing') this.connections.adopt(statement);
      else if (isConnection(statement)) {
        const words = { ...signed, statement };
        if (isEcho(statement, context)) this.connections.hearEcho(words, `p${this.peer}`);
        else this.connections.hear(words, `p${this.peer}`, statement.from.sign === from.self.signKey);
      }
      return statementId(signed);
    } catch (error) {
      if (!(error instanceof TeammateSyncError)) throw error;
      expect(['STATEMENT_REPLAYED', 'STATEMENT_EXPIRED']).toContain(error.code);
      return null;
    }
  }

  /** What is said when a connection to this machine opens. */
  words(to: Machine): Buffer[] {
    if (to.uid !== this.uid) return this.connections.spoken(to.uid, to.self.signKey);
    const standing = this.connections.standing(this.peer);
    if (!standing) return [];
    const device = { uid: to.uid, sign: to.self.signKey, box: to.self.boxKey };
    const exp = Math.floor(this.clock.now() / 1000) + 3600;
    return [this.self.say<Standing>({ t: 'standing', to: device, exp, ...standing }).bytes];
  }

  check(): void {
    if (this.relation === 'connected') {
      expect(this.typed.consent, `${this.uid} is connected without consent`).toBeGreaterThan(0);
    } else expect(this.connections.consented(this.peer)).toEqual([]);
    if (this.relation === 'blocked') {
      for (const m of this.#world()) {
        if (m.uid !== this.uid) expect(this.connections.mayMeet(this.peer, m.self.signKey)).toBe(false);
      }
    }
  }
}

const PAIRS = [
  [0, 1],
  [2, 3],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
] as const;

export class DevicesModel {
  readonly machines: Machine[] = [];
  readonly typed: Typed[] = [
    { consent: 0, refusal: 0 },
    { consent: 0, refusal: 0 },
  ];
  #flying: { from: Machine; to: Machine; bytes: Buffer }[] = [];

  constructor(folder: string) {
    const world = (): Machine[] => this.machines;
    for (const [name, uid, person] of [
      ['A1', 1001, 0],
      ['A2', 1001, 0],
      ['B1', 2002, 1],
      ['B2', 2002, 1],
    ] as const) {
      const typed = this.typed[person] as Typed;
      const machine: Machine = new Machine(name, uid, folder, {
        typed,
        world,
        // Only what is said on links that are open now: to one of the other person's machines.
        out: (bytes) => {
          const to = this.machines.find((m) => m.uid !== uid);
          if (to) this.#flying.push({ from: machine, to, bytes });
        },
      });
      this.machines.push(machine);
    }
  }

  #at(n: number): Machine {
    const machine = this.machines[n];
    if (!machine) throw new Error('no such machine');
    return machine;
  }

  run(step: Step): void {
    switch (step.do) {
      case 'act': {
        const machine = this.#at(step.who);
        const verbs = SENSIBLE[machine.relation] ?? [];
        machine.type(verbs[step.nth % verbs.length] ?? 'invite');
        break;
      }
      case 'contact':
        this.#contact(step.pair);
        break;
      case 'deliver':
        this.#deliver(step.nth, step.again, step.ack);
        break;
      case 'lose':
        this.#flying.splice(step.nth % Math.max(1, this.#flying.length), 1);
        break;
      case 'wait':
        for (const { clock } of this.machines) clock.pass(step.ms);
        break;
      case 'skew': {
        const machine = this.#at(step.who);
        machine.clock.setWall(machine.clock.now() - machine.skew + step.ms);
        machine.skew = step.ms;
        break;
      }
      case 'restart':
        this.#at(step.who).open();
        break;
    }
    for (const machine of this.machines) machine.check();
  }

  #contact(pair: number): void {
    const [a, b] = (PAIRS[pair] ?? PAIRS[0]).map((n) => this.#at(n)) as [Machine, Machine];
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const bytes of from.words(to)) this.#flying.push({ from, to, bytes });
    }
  }

  #deliver(at: number, again: boolean, ack: boolean): void {
    const index = at % Math.max(1, this.#flying.length);
    const message = this.#flying[index];
    if (!message) return;
    if (!again) this.#flying.splice(index, 1);
    const { from, to, bytes } = message;
    const id = to.hear(bytes, from);
    if (id !== null && ack && to.uid !== from.uid) from.connections.acknowledged(to.uid, to.self.signKey, id);
  }

  /** Nobody types any more, everybody meets and every message arrives: until nothing changes. */
  settle(loseFirst: boolean): void {
    if (loseFirst) this.#flying = [];
    for (let round = 0; round < 8; round++) {
      for (const pair of PAIRS.keys()) {
        this.#contact(pair);
        while (this.#flying.length > 0) this.run({ do: 'deliver', nth: 0, again: false, ack: true });
      }
    }
  }

  agree(): void {
    const [a1, a2, b1, b2] = this.machines.map((m) => m.relation);
    const all = `A ${a1} ${a2}, B ${b1} ${b2}`;
    expect([a1, b1, all]).toEqual([a2, b2, all]);
    if (a1 === 'blocked' || b1 === 'blocked') return;
    expect([a1 === 'connected', all]).toEqual([b1 === 'connected', all]);
    for (const { consent, refusal } of this.typed) {
      if (refusal > consent) expect([a1, all]).not.toEqual(['connected', all]);
    }
    for (const one of this.machines) {
      for (const two of this.machines.filter((m) => m.uid !== one.uid)) {
        const [named] = one.connections.consented(one.peer);
        if (named !== undefined) expect(two.connections.consented(two.peer)).toContain(named);
      }
    }
  }
}
