/** Marie's real connections, and Tomas as a voice that may say anything at any seq. */
import { onTestFinished } from 'vitest';
import { Connections } from '../../src/connections/index.ts';
import type { Self } from '../../src/identity/index.ts';
import { signStatement } from '../../src/identity/statements.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { type ConnectionStatement, parseStatement, type SignedStatement } from '../../src/protocol/statements.ts';
import { countedRandom, makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { makeTempDir } from '../support/tmp-dir.ts';

export const TOMAS = 2002;
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export type Kind = ConnectionStatement['t'];

export class Pair {
  readonly clock = new ManualClock();
  readonly self: Self;
  readonly connections: Connections;
  readonly tomas: Self;
  /** Kinds of what marie said, in order. */
  readonly said: Kind[] = [];
  readonly events: string[] = [];
  readonly path: string;
  /** Good devices of tomas and of marie, by sign key; each alone unless a test adds some. */
  readonly devices: { theirs: string[]; own: string[] };
  #n = 0;
  /** Newest seq of each of tomas' devices. */
  readonly #last = new Map<Self, number>();

  constructor(path?: string) {
    const temp = makeTempDir();
    onTestFinished(temp.remove);
    this.path = path ?? `${temp.path}/connections.json`;
    this.self = makeSelf({ uid: 1001, login: 'marie', clock: this.clock });
    this.tomas = makeSelf({ uid: TOMAS, login: 'tomas', clock: this.clock });
    this.devices = { theirs: [this.tomas.signKey], own: [this.self.signKey] };
    this.connections = new Connections({
      self: this.self,
      path: this.path,
      clock: this.clock,
      random: countedRandom('marie'),
      devices: (uid) => (uid === TOMAS ? this.devices.theirs : this.devices.own),
    });
    this.connections.on('say', (_uid, bytes) => {
      const { t } = parseStatement(bytes).statement;
      this.said.push(t as Kind);
      this.events.push(`say ${t}`);
    });
    this.connections.on('connected', () => this.events.push('connected'));
    this.connections.on('ended', (_uid, why) => this.events.push(`ended ${why}`));
    this.connections.on('invited', () => this.events.push('invited'));
  }

  get relation(): string {
    return this.connections.relation(TOMAS);
  }

  /** The statement that marie repeats now. */
  get repeated(): ConnectionStatement | null {
    const bytes = this.connections.statement(TOMAS, this.tomas.signKey);
    return bytes && (parseStatement(bytes).statement as ConnectionStatement);
  }

  /** The invite of marie that stands. */
  get myInvite(): string {
    const { repeated } = this;
    return repeated?.t === 'invite' ? repeated.iid : Buffer.alloc(16, 99).toString('base64url');
  }

  type(verb: Kind | 'block' | 'unblock'): string {
    try {
      if (verb === 'invite') this.connections.invite(TOMAS, 'tomas', { note: 'hi', project: 'proj' });
      else this.connections[verb](TOMAS, 'tomas');
      return 'done';
    } catch (error) {
      if (error instanceof TeammateSyncError) return error.code;
      throw error;
    }
  }

  /** A statement of tomas; `iid` of an accept or decline is marie's invite unless told. */
  statement(t: Kind, changes: Partial<{ seq: number; iid: string; iat: number; exp: number }> = {}, from = this.tomas) {
    const exp = Math.floor(this.clock.now() / 1000) + (t === 'invite' ? 14 : 180) * 86_400;
    const iid = t === 'invite' ? Buffer.alloc(16, ++this.#n).toString('base64url') : this.myInvite;
    const to = { uid: 1001 };
    const after = Math.max(this.repeated?.seq ?? 0, this.#last.get(from) ?? 0);
    const { statement } =
      t === 'disconnect'
        ? from.say({ t, to, exp }, after)
        : t === 'invite'
          ? from.say({ t, to, exp, iid, note: null, project: 'his', renews: 0 }, after)
          : t === 'accept'
            ? from.say({ t, to, exp, iid, renews: 0 }, after)
            : from.say({ t, to, exp, iid }, after);
    this.#last.set(from, statement.seq);
    const { seq = statement.seq, iat = statement.iat } = changes;
    const whole = { ...statement, ...changes, seq, iat } as ConnectionStatement;
    return signStatement<ConnectionStatement>(whole, from.keys);
  }

  hear(signed: SignedStatement<ConnectionStatement>): string {
    try {
      this.connections.hear(signed, 'tomas');
      return 'done';
    } catch (error) {
      if (error instanceof TeammateSyncError) return error.code;
      throw error;
    }
  }
}

/** Brings a new pair into a state, by the ways of its own. */
export function inState(state: string): Pair {
  const pair = new Pair();
  const hear = (t: Kind): string => pair.hear(pair.statement(t));
  switch (state) {
    case 'pendingOut':
      pair.type('invite');
      break;
    case 'pendingIn':
      hear('invite');
      break;
    case 'connected':
      pair.type('invite');
      hear('accept');
      break;
    case 'declinedByMe':
      hear('invite');
      pair.type('decline');
      break;
    case 'declinedByThem':
      pair.type('invite');
      hear('decline');
      break;
    case 'blocked':
      pair.type('invite');
      hear('accept');
      pair.type('block');
      break;
  }
  if (pair.relation !== state) throw new Error(`${pair.relation}, not ${state}`);
  pair.said.length = 0;
  pair.events.length = 0;
  return pair;
}
