/** This person and this device in this workspace: what every room that signs or checks needs. */
import type { Clock } from '../platform/clock.ts';
import type { SignedStatement, Statement } from '../protocol/statements.ts';
import { b64url } from '../protocol/bytes.ts';
import type { SignedRecord } from '../protocol/record.ts';
import { deviceCode } from './device-code.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { Party, Workspace } from './pair.ts';
import { bytesOf } from './records.ts';
import { sealStatement, signStatement, standing, type StatementContext } from './statements.ts';

type Unsigned<S extends Statement> = S extends Statement
  ? Omit<S, 'v' | 'host' | 'org' | 'from' | 'iat' | 'seq'>
  : never;

export interface SelfOptions {
  uid: number;
  login: string;
  workspace: Workspace;
  keys: DeviceKeys;
  record: SignedRecord;
  clock: Clock;
}

/** A seq on disk that no statement of an earlier run was above. */
export interface OrderMark {
  get: () => number;
  /** Called before a statement above it leaves; must not throw. */
  set: (seq: number) => void;
}

/** The mark is ahead of the clock by so much, so that it is not written for each statement. */
const MARK_AHEAD_MS = 60_000;
/** And of the seq, where that is ahead of the clock: little, or a daemon that crashes again and again would run away. */
const MARK_ROOM = 1_000_000;

const NO_KIN: StatementContext['kin'] = { theirs: [], own: [] };

export class Self {
  readonly uid: number;
  readonly login: string;
  readonly workspace: Workspace;
  readonly keys: DeviceKeys;
  /** As published; a renewal replaces it. */
  record: SignedRecord;
  readonly signKey: string;
  readonly boxKey: string;
  readonly #clock: Clock;
  #lastSeq = 0;
  #mark: OrderMark | null = null;
  #code: string | null = null;

  constructor(options: SelfOptions) {
    this.uid = options.uid;
    this.login = options.login;
    this.workspace = options.workspace;
    this.keys = options.keys;
    this.record = options.record;
    this.signKey = b64url(options.keys.sign.publicKey);
    this.boxKey = b64url(options.keys.box.publicKey);
    this.#clock = options.clock;
  }

  /** What a person compares to trust this device. */
  get code(): string {
    this.#code ??= deviceCode(this.record.record);
    return this.#code;
  }

  get party(): Party {
    const { login, sign } = this.record.record;
    // The key that is there: after a loss of the former one it is some seconds ahead of the record.
    return { uid: this.uid, login, sign: bytesOf(sign), box: this.keys.box.publicKey };
  }

  /** max(last + 1, unix microseconds): rises also after a restored disk. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * Goes on after any earlier run, and keeps from now on how far this one came: statements of one device are ordered by it,
   * whatever is done to the clock between two runs.
   */
  keepOrder(mark: OrderMark): void {
    this.#mark = mark;
    this.#lastSeq = Math.max(this.#lastSeq, mark.get());
  }

  /**
   * A device is there whose clock agrees with ours: if our order is far ahead of it, it was made under a clock that was
   * wrong then. Nobody with a right clock took what was signed so, and the order goes on from now.
   */
  clocksAgree(): void {
    if (standing(this.#lastSeq, this.#clock.now()) === this.#lastSeq) return;
    this.#lastSeq = 0;
    this.#mark?.set(0);
  }

  #nextSeq(): number {
    const now = this.#clock.now();
    this.#lastSeq = Math.max(this.#lastSeq + 1, now * 1000);
    if (this.#mark && this.#lastSeq > this.#mark.get()) {
      this.#mark.set(Math.max((now + MARK_AHEAD_MS) * 1000, this.#lastSeq + MARK_ROOM));
    }
    return this.#lastSeq;
  }

  /**
   * Signs a statement of this device; times and seq are filled in. `exp` is in unix seconds.
   * @param after its seq is above this one. A peer's seq may be given: it does not move our own order for anybody else.
   */
  say<S extends Statement>(statement: Unsigned<S>, after = 0): SignedStatement<S> {
    const whole = {
      v: 1,
      host: this.workspace.host,
      org: this.workspace.orgId,
      from: { uid: this.uid, sign: this.signKey },
      iat: Math.floor(this.#clock.now() / 1000),
      seq: Math.max(this.#nextSeq(), Math.min(after + 1, Number.MAX_SAFE_INTEGER)),
      ...statement,
    } as unknown as S;
    return signStatement(whole, this.keys);
  }

  seal(signed: SignedStatement, box: string): Buffer {
    return sealStatement(signed, box);
  }

  /** What a statement from this peer device is checked against. */
  context(peer: { uid: number; sign: string }, kin: StatementContext['kin'] = NO_KIN): StatementContext {
    return {
      host: this.workspace.host,
      org: this.workspace.orgId,
      me: { uid: this.uid, sign: this.signKey, box: this.boxKey },
      peer,
      kin,
      now: this.#clock.now(),
    };
  }
}
