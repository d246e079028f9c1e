/** Several devices of one person, of which one had a clock that stood years ahead; and what a crash may find on disk. */
import { describe, expect, it } from 'vitest';
import type { Accept, Disconnect, Invite, Standing } from '../../src/protocol/statements.ts';
import { makeSelf } from '../support/device.ts';
import { DAY, inState, Pair, TOMAS } from './pair.ts';

const YEARS = 14 * 365 * DAY;
const LATE = 4_000_000_000;
const to = { uid: TOMAS };
const iid = Buffer.alloc(16, 77).toString('base64url');

/** Another good device of marie, whose clock is right. */
function laptopOf(pair: Pair) {
  const laptop = makeSelf({ uid: 1001, login: 'marie', name: 'laptop', clock: pair.clock });
  pair.devices.own.push(laptop.signKey);
  return laptop;
}

/** As another device of mine tells it, with these changes. */
function standing(pair: Pair, changes: Partial<Standing>): Standing {
  const body = pair.connections.standing(TOMAS);
  if (!body) throw new Error('nothing to tell');
  const laptop = laptopOf(pair);
  const target = { uid: 1001, sign: pair.self.signKey, box: pair.self.boxKey };
  return { ...laptop.say<Standing>({ t: 'standing', to: target, exp: LATE, ...body }).statement, ...changes };
}

/** What happens on this device while its clock stands ahead. */
function ahead(pair: Pair, happens: () => void): void {
  const right = pair.clock.now();
  pair.clock.setWall(right + YEARS);
  happens();
  pair.clock.setWall(right);
}

function clocksAgree(pair: Pair): void {
  pair.self.clocksAgree();
  pair.connections.clocksAgree();
}

describe('an end that another device of mine brings', () => {
  it.each(['disconnect', 'block'] as const)('reaches the shares before the tie is saved: %s', (verb) => {
    const pair = inState('connected');
    const onDisk: string[] = [];
    pair.connections.on('ended', () => onDisk.push(new Pair(pair.path).relation));
    const seq = pair.clock.now() * 1000 + 1_000_000;
    if (verb === 'block') pair.connections.adopt(standing(pair, { blocked: { at: pair.clock.now(), seq } }));
    else pair.connections.hearEcho(laptopOf(pair).say<Disconnect>({ t: 'disconnect', to, exp: LATE }, seq), 'tomas');
    expect(onDisk).toEqual(['connected']);
    expect(new Pair(pair.path).relation).toBe(verb === 'block' ? 'blocked' : 'none');
  });
});

describe('with a clock that stood years ahead', () => {
  it.each(['invite', 'accept'] as const)(
    '%s is signed anew, but a refusal typed on another device outranks it',
    (verb) => {
      const pair = new Pair();
      ahead(pair, () => {
        if (verb === 'accept') pair.hear(pair.statement('invite'));
        pair.type(verb);
      });
      const laptop = laptopOf(pair);
      const refusal = laptop.say<Disconnect>({ t: 'disconnect', to, exp: LATE }, pair.clock.now() * 1000 + 500);
      pair.clock.pass(DAY);
      clocksAgree(pair);
      expect(pair.relation).toBe(verb === 'accept' ? 'connected' : 'pendingOut');
      expect(pair.repeated?.seq).toBeGreaterThan(refusal.statement.seq);
      expect(pair.repeated?.iat).toBe(Math.floor(pair.clock.now() / 1000));
      pair.connections.hearEcho(refusal, 'tomas');
      expect([pair.relation, pair.repeated?.t]).toEqual(['none', 'disconnect']);
    },
  );

  it('a refusal stands until it is signed anew, and then outranks consent of another device', () => {
    const pair = inState('connected');
    ahead(pair, () => pair.type('disconnect'));
    const words = { t: 'invite', to, exp: LATE, iid, note: null, project: null, renews: 0 } as const;
    const invite = laptopOf(pair).say<Invite>(words, pair.clock.now() * 1000 + 500);
    pair.connections.hearEcho(invite, 'tomas');
    expect([pair.relation, pair.repeated?.t]).toEqual(['none', 'disconnect']);
    pair.clock.pass(DAY);
    clocksAgree(pair);
    pair.connections.hearEcho(invite, 'tomas');
    expect([pair.relation, pair.repeated?.t]).toEqual(['none', 'disconnect']);
    expect(pair.repeated?.iat).toBe(Math.floor(pair.clock.now() / 1000));
  });

  it('what another device of mine signed is left to it, and outranks nothing that is typed here', () => {
    const pair = inState('pendingIn');
    const laptop = laptopOf(pair);
    const accept = laptop.say<Accept>(
      { t: 'accept', to, exp: LATE, iid: Buffer.alloc(16, 1).toString('base64url'), renews: 0 },
      (pair.clock.now() + YEARS) * 1000,
    );
    pair.connections.hearEcho(accept, 'tomas');
    expect(pair.relation).toBe('connected');
    clocksAgree(pair);
    expect(pair.repeated?.seq).toBe(accept.statement.seq);
    pair.type('disconnect');
    expect([pair.relation, pair.repeated?.t]).toEqual(['none', 'disconnect']);
    expect(pair.repeated?.seq).toBeLessThan(accept.statement.seq);
  });

  it('a standing brings neither statements nor ends of that date', () => {
    const pair = inState('connected');
    const years = (pair.clock.now() + YEARS) * 1000;
    const end = makeSelf({ uid: 1001, login: 'marie', clock: pair.clock }).say<Disconnect>(
      { t: 'disconnect', to, exp: LATE },
      years,
    );
    const said = end.bytes.toString('base64url');
    pair.connections.adopt(standing(pair, { said, over: { mine: years, theirs: years } }));
    expect(pair.relation).toBe('connected');
    const old = pair.statement('invite');
    pair.clock.pass(DAY);
    pair.type('disconnect');
    pair.connections.adopt(standing(pair, { said: null, over: { mine: years, theirs: years } }));
    pair.hear(old);
    expect(pair.relation).toBe('none');
    pair.hear(pair.statement('invite'));
    expect(pair.relation).toBe('pendingIn');
  });

  it('a block crosses all the same; an unblocking does not, and a block typed here is no slave of that date', () => {
    const pair = inState('connected');
    const years = (pair.clock.now() + YEARS) * 1000;
    const there = standing(pair, { blocked: { at: pair.clock.now(), seq: years } });
    pair.connections.adopt(there);
    expect(pair.relation).toBe('blocked');
    pair.connections.adopt({ ...there, blocked: { at: null, seq: years + 1 } });
    expect(pair.relation).toBe('blocked');
    pair.type('unblock');
    pair.connections.adopt({ ...there, blocked: { at: null, seq: pair.clock.now() * 1000 + 1_000_000 } });
    pair.type('block');
    expect(new Pair(pair.path).relation).toBe('blocked');
  });

  it('a block typed here under it counts for my other devices once it was dated anew', () => {
    const pair = inState('connected');
    const right = pair.clock.now();
    pair.clock.setWall(right + YEARS);
    pair.type('block');
    pair.clock.setWall(right);
    clocksAgree(pair);
    const { blocked } = pair.connections.standing(TOMAS) ?? {};
    expect(blocked?.seq).toBeGreaterThanOrEqual(right * 1000);
    expect(blocked?.seq).toBeLessThan((right + DAY) * 1000);
    expect(pair.relation).toBe('blocked');
  });
});
