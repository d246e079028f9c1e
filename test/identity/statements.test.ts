import { describe, expect, it } from 'vitest';
import { openSealed, openStatement, type Self } from '../../src/identity/index.ts';
import { signStatement } from '../../src/identity/statements.ts';
import type { End, Invite, Statement } from '../../src/protocol/statements.ts';
import { frameStatement, parseStatement } from '../../src/protocol/statements.ts';
import { keysOf, makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { codeOf } from './support.ts';

const clock = new ManualClock();
const me = makeSelf({ uid: 1001, login: 'marie', clock });
const peer = makeSelf({ uid: 2002, login: 'tomas', clock });
const context = me.context({ uid: peer.uid, sign: peer.signKey });
const seconds = Math.floor(clock.now() / 1000);
const iid = Buffer.alloc(16).toString('base64url');
const toMe = { uid: me.uid, sign: me.signKey, box: me.boxKey };

/** An invite (to a person) and an end (to a device), with changes, signed by whoever holds `keys`. */
function invite(changes: Partial<Invite> = {}, keys = peer.keys): Buffer {
  const { statement } = peer.say<Invite>({
    t: 'invite',
    to: { uid: me.uid },
    exp: seconds + 60,
    iid,
    note: null,
    project: null,
    renews: 0,
  });
  return signStatement({ ...statement, ...changes }, keys).bytes;
}
function end(changes: Partial<End> = {}): Buffer {
  const session = '0a6afc57-2f31-4cb4-8ff0-01247f50c64c';
  const { statement } = peer.say<End>({ t: 'end', to: toMe, exp: seconds + 60, session, reason: 'ended' });
  return signStatement({ ...statement, ...changes }, peer.keys).bytes;
}
const open = (bytes: Buffer): string => codeOf(() => openStatement(bytes, context));
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
};

describe('a statement', () => {
  it('is taken from the device on this connection', () => {
    expect(open(invite())).toBe('taken');
    expect(open(end())).toBe('taken');
  });

  it.each([
    ['naming another sender', invite({ from: { uid: 2002, sign: me.signKey } }), 'STATEMENT_WRONG_SENDER'],
    ['naming another account', invite({ from: { uid: 3003, sign: peer.signKey } }), 'STATEMENT_WRONG_SENDER'],
    ['signed by another key', invite({}, keysOf('mallory')), 'STATEMENT_BAD_SIGNATURE'],
    ['with a bit of its signature changed', flipped(invite(), -1), 'STATEMENT_BAD_SIGNATURE'],
    ['of another host', invite({ host: 'git.example.org' }), 'STATEMENT_WRONG_WORKSPACE'],
    ['of another org', invite({ org: 9010 }), 'STATEMENT_WRONG_WORKSPACE'],
    ['to another person', invite({ to: { uid: 3003 } }), 'STATEMENT_WRONG_RECIPIENT'],
    ['to another device of mine', end({ to: { ...toMe, sign: peer.signKey } }), 'STATEMENT_WRONG_RECIPIENT'],
    ['to an older box key of mine', end({ to: { ...toMe, box: peer.boxKey } }), 'STATEMENT_WRONG_RECIPIENT'],
    ['to my keys but another account', end({ to: { ...toMe, uid: 3003 } }), 'STATEMENT_WRONG_RECIPIENT'],
    ['from more than ten minutes ahead', invite({ iat: seconds + 601 }), 'STATEMENT_FROM_FUTURE'],
    ['whose time is over', invite({ exp: seconds }), 'STATEMENT_EXPIRED'],
    ['that is none', Buffer.from('hello'), 'FRAME_MALFORMED'],
    ['that is cut', invite().subarray(0, -1), 'FRAME_MALFORMED'],
  ])('%s is refused by name', (_what, bytes, code) => expect(open(bytes)).toBe(code));

  it('lives to its last second, and ten minutes of clock difference are forgiven', () => {
    expect(open(invite({ exp: seconds + 1 }))).toBe('taken');
    expect(open(invite({ iat: seconds + 600 }))).toBe('taken');
  });

  it('of one kind is not a statement of another: the domain is part of the signature', () => {
    const { payload, signature } = parseStatement(invite());
    const other = Buffer.from(
      payload.toString().replace('"t":"invite"', '"t":"accept"').replace(',"note":null,"project":null', ''),
    );
    expect(parseStatement(frameStatement(other, signature)).statement.t).toBe('accept');
    expect(open(frameStatement(other, signature))).toBe('STATEMENT_BAD_SIGNATURE');
  });

  it('with any byte changed is refused', () => {
    const bytes = invite();
    for (let at = 0; at < bytes.length; at++) expect(open(flipped(bytes, at))).not.toBe('taken');
  });
});

describe('a sealed grant', () => {
  const grant = (from: Self, to: Self): Buffer => {
    const b64 = (n: number): string => Buffer.alloc(n, 1).toString('base64url');
    const signed = from.say({
      t: 'grant',
      to: { uid: to.uid, sign: to.signKey, box: to.boxKey },
      exp: seconds + 3600,
      gid: b64(16),
      connection: b64(16),
      session: '0a6afc57-2f31-4cb4-8ff0-01247f50c64c',
      core: b64(32),
      gen: 1,
      key: b64(32),
      perm: 'read',
    } as never) as never;
    return from.seal(signed, to.boxKey);
  };

  it('opens for its device only', () => {
    const bytes = grant(peer, me);
    expect(openSealed(bytes, me.keys, context).statement.t).toBe('grant');
    const eve = makeSelf({ uid: 3003, login: 'eve', clock });
    const theirs = eve.context({ uid: peer.uid, sign: peer.signKey });
    expect(codeOf(() => openSealed(bytes, eve.keys, theirs))).toBe('STATEMENT_WRONG_RECIPIENT');
    for (let at = 0; at < bytes.length; at += 7)
      expect(codeOf(() => openSealed(flipped(bytes, at), me.keys, context))).toBe('STATEMENT_WRONG_RECIPIENT');
    for (const length of [0, 1, 47, 48])
      expect(codeOf(() => openSealed(bytes.subarray(0, length), me.keys, context))).toBe('STATEMENT_WRONG_RECIPIENT');
  });

  it('cannot be forwarded: who unseals it cannot seal it to somebody else', () => {
    // Mallory was granted something and passes the signed inner statement on to me under her own connection or tomas's.
    const mallory = makeSelf({ uid: 3003, login: 'mallory', clock });
    const signed = peer.say({ t: 'disconnect', to: { uid: mallory.uid }, exp: seconds + 60 });
    const resealed = mallory.seal(signed, me.boxKey);
    expect(codeOf(() => openSealed(resealed, me.keys, context))).toBe('STATEMENT_WRONG_RECIPIENT');
    const hers = me.context({ uid: mallory.uid, sign: mallory.signKey });
    expect(codeOf(() => openSealed(resealed, me.keys, hers))).toBe('STATEMENT_WRONG_SENDER');
  });
});

describe('seq', () => {
  const seqOf = (statement: { statement: Statement }): number => statement.statement.seq;
  const say = (self: Self, after?: number): number =>
    seqOf(self.say({ t: 'disconnect', to: { uid: 1 }, exp: seconds + 60 }, after));

  it('is the time in microseconds, and rises also when the clock is set back', () => {
    const moving = new ManualClock();
    const self = makeSelf({ uid: 1, login: 'x', clock: moving });
    const first = say(self);
    expect(first).toBe(moving.now() * 1000);
    expect(say(self)).toBe(first + 1);
    moving.setWall(moving.now() - 86_400_000);
    expect(say(self)).toBe(first + 2);
    const restarted = makeSelf({ uid: 1, login: 'x', clock: moving });
    restarted.keepOrder({ get: () => self.lastSeq, set() {} });
    expect(say(restarted)).toBe(first + 3);
  });

  it('goes on above all of the run before, which writes it down once a minute, and does not run away with crashes', () => {
    const moving = new ManualClock();
    const writes: number[] = [0];
    const start = (): Self => {
      const self = makeSelf({ uid: 1, login: 'x', clock: moving });
      self.keepOrder({ get: () => writes.at(-1) ?? 0, set: (seq) => writes.push(seq) });
      return self;
    };
    const self = start();
    const begun = moving.now();
    let last = 0;
    for (; moving.now() < begun + 10 * 60_000; moving.pass(1000)) last = say(self);
    expect(writes.length - 1).toBeLessThanOrEqual(11);
    // Set back by nine minutes, and restarted ever again.
    moving.setWall(moving.now() - 9 * 60_000);
    for (let crash = 0; crash < 100; crash++) {
      const next = say(start());
      expect(next).toBeGreaterThan(last);
      last = next;
    }
    expect(last).toBeLessThan((moving.now() + 12 * 60_000) * 1000);
  });

  it('comes after what a peer said, without letting that peer move it for everybody else', () => {
    const moving = new ManualClock();
    const self = makeSelf({ uid: 1, login: 'x', clock: moving });
    expect(say(self, Number.MAX_SAFE_INTEGER - 5)).toBe(Number.MAX_SAFE_INTEGER - 4);
    expect(say(self, Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(say(self)).toBeLessThan(moving.now() * 1000 + 10);
  });
});
