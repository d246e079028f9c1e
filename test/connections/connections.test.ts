import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statementId } from '../../src/identity/index.ts';
import { INVITES_PENDING_MAX } from '../../src/protocol/limits.ts';
import { type Accept, parseStatement } from '../../src/protocol/statements.ts';
import { makeSelf } from '../support/device.ts';
import { DAY, inState, MINUTE, Pair, TOMAS } from './pair.ts';

const acknowledge = (pair: Pair): void => {
  const bytes = pair.connections.statement(TOMAS, pair.tomas.signKey);
  if (bytes) pair.connections.acknowledged(TOMAS, pair.tomas.signKey, statementId(parseStatement(bytes)));
};

describe('what was heard', () => {
  it('is ignored when it comes again, and refused by name when it is older', () => {
    const pair = inState('connected');
    const first = pair.statement('disconnect');
    const second = pair.statement('invite');
    expect(pair.hear(second)).toBe('done');
    expect(pair.hear(first)).toBe('STATEMENT_REPLAYED');
    expect(pair.relation).toBe('connected');
    const { events } = pair;
    events.length = 0;
    expect(pair.hear(second)).toBe('done');
    expect(events).toEqual([]);
  });

  it('is remembered over a restart', () => {
    const pair = inState('connected');
    const old = pair.statement('invite');
    pair.hear(pair.statement('disconnect'));
    const again = new Pair(pair.path);
    expect(again.relation).toBe('none');
    expect(again.hear(old)).toBe('STATEMENT_REPLAYED');
    expect(again.relation).toBe('none');
  });

  it('from another device of the same person does not undo what a newer statement said', () => {
    const pair = inState('connected');
    const laptop = makeSelf({ uid: TOMAS, login: 'tomas', name: 'laptop', clock: pair.clock });
    const old = pair.statement('invite', {}, laptop);
    pair.hear(pair.statement('disconnect'));
    expect(pair.hear(old)).toBe('done');
    expect(pair.relation).toBe('none');
  });

  it('while blocked counts for nothing, and may be said again once unblocked', () => {
    const pair = inState('blocked');
    const invite = pair.statement('invite');
    expect(pair.hear(invite)).toBe('done');
    acknowledge(pair);
    pair.type('unblock');
    expect(pair.hear(pair.statement('invite'))).toBe('done');
    expect(pair.relation).toBe('pendingIn');
  });

  it('of very many devices leaves the store readable', () => {
    const pair = new Pair();
    for (let i = 0; i < 300; i++) {
      const device = makeSelf({ uid: TOMAS, login: 'tomas', name: `device ${i}`, clock: pair.clock });
      pair.hear(pair.statement('invite', {}, device));
    }
    expect(new Pair(pair.path).relation).toBe('pendingIn');
  });

  it('with the largest seq there is leaves the store readable and others untouched', () => {
    const pair = new Pair();
    pair.hear(pair.statement('invite', { seq: Number.MAX_SAFE_INTEGER }));
    expect(pair.type('accept')).toBe('done');
    pair.type('disconnect');
    expect(new Pair(pair.path).relation).toBe('none');
    pair.connections.invite(3003, 'ines', { note: null, project: null });
    const bytes = pair.connections.statement(3003, pair.tomas.signKey);
    expect(bytes && parseStatement(bytes).statement.seq).toBeLessThan(pair.clock.now() * 1000 + 100);
  });

  it('under a clock that stood years ahead orders nothing once the clock is right', () => {
    const pair = inState('pendingOut');
    const years = (pair.clock.now() + 14 * 365 * DAY) * 1000;
    const invite = pair.repeated;
    pair.hear(pair.statement('invite', { seq: years }));
    expect(pair.relation).toBe('connected');
    expect(pair.hear(pair.statement('disconnect', { seq: (invite?.seq ?? 0) + 100 }))).not.toBe('STATEMENT_REPLAYED');
    expect(pair.relation).toBe('none');
  });

  it.each(['pendingOut', 'connected', 'none'] as const)(
    'what was said under such a clock is said anew once theirs agrees with ours: %s',
    (state) => {
      const pair = new Pair();
      const right = pair.clock.now();
      pair.clock.setWall(right + 14 * 365 * DAY);
      if (state !== 'pendingOut') pair.hear(pair.statement('invite'));
      pair.type(state === 'pendingOut' ? 'invite' : state === 'connected' ? 'accept' : 'disconnect');
      pair.clock.setWall(right);
      const before = [pair.relation, pair.repeated?.t];
      expect(pair.repeated?.iat).toBeGreaterThan(right / 1000 + 365 * 86_400);
      pair.self.clocksAgree();
      pair.connections.clocksAgree();
      const { iat = 0, seq = 0 } = pair.repeated ?? {};
      expect([iat, seq <= right * 1000 + 1000]).toEqual([Math.floor(right / 1000), true]);
      expect([pair.relation, pair.repeated?.t]).toEqual(before);
      const again = pair.repeated;
      pair.connections.clocksAgree();
      expect(pair.repeated).toEqual(again);
    },
  );

  it('lives as long as its kind may, whatever it claims', () => {
    const pair = new Pair();
    const seconds = Math.floor(pair.clock.now() / 1000);
    pair.hear(pair.statement('invite', { exp: seconds + 3650 * 86_400 }));
    expect(pair.connections.person(TOMAS)?.until).toBe((seconds + 14 * 86_400) * 1000);
    pair.clock.pass(14 * DAY);
    expect(pair.relation).toBe('none');
    expect(pair.type('accept')).toBe('NO_INVITE');
    const old = pair.statement('invite', { iat: seconds, exp: seconds + 3650 * 86_400 });
    expect(pair.hear(old)).toBe('STATEMENT_EXPIRED');
  });
});

describe('consent', () => {
  it('an accept of an invite that had lapsed when it was said is none', () => {
    const pair = inState('pendingOut');
    const invite = pair.repeated;
    pair.clock.pass(14 * DAY);
    pair.hear(pair.statement('accept', { iid: invite?.t === 'invite' ? invite.iid : '' }));
    expect(pair.relation).toBe('none');
  });

  it('an accept that was said in time counts although it comes late', () => {
    const pair = inState('pendingOut');
    const accept = pair.statement('accept');
    pair.clock.pass(20 * DAY);
    pair.hear(accept);
    expect(pair.relation).toBe('connected');
  });

  it('an invite made before a disconnect is void however late it comes, also after a newer invite of mine', () => {
    const pair = inState('connected');
    const laptop = makeSelf({ uid: TOMAS, login: 'tomas', name: 'laptop', clock: pair.clock });
    const old = pair.statement('invite', {}, laptop);
    pair.type('disconnect');
    expect(pair.relation).toBe('none');
    pair.hear(old);
    expect(pair.relation).toBe('none');
    pair.type('invite');
    const stale = pair.statement('invite', { seq: old.statement.seq + 1 }, laptop);
    pair.hear(stale);
    expect(pair.relation).toBe('pendingOut');
  });

  it('a disconnect ends a pending invite also when the other clock is ahead', () => {
    const pair = new Pair();
    const ahead = (pair.clock.now() + 9 * MINUTE) * 1000;
    pair.hear(pair.statement('invite', { seq: ahead }));
    expect(pair.relation).toBe('pendingIn');
    pair.type('disconnect');
    expect([pair.relation, (pair.repeated?.seq ?? 0) > ahead]).toEqual(['none', true]);
  });

  it('a declined person stays declined, whatever they say, over a restart', () => {
    const pair = inState('declinedByMe');
    for (const t of [
      'invite',
      'disconnect',
      'invite',
      'decline',
      'invite',
      'accept',
      'disconnect',
      'invite',
    ] as const) {
      pair.hear(pair.statement(t));
      expect(pair.relation).toBe('declinedByMe');
    }
    pair.type('disconnect');
    pair.hear(pair.statement('invite'));
    const again = new Pair(pair.path);
    expect(again.relation).toBe('declinedByMe');
    expect(pair.events.concat(again.events)).not.toContain('invited');
    // The decliner still has the choice.
    expect(again.type('accept')).toBe('done');
    expect(again.relation).toBe('connected');
  });

  it('who was declined does not ask again by disconnecting first', () => {
    const pair = inState('declinedByThem');
    pair.type('disconnect');
    pair.said.length = 0;
    pair.type('invite');
    expect([pair.relation, pair.said]).toEqual(['declinedByThem', []]);
    pair.clock.pass(15 * DAY);
    pair.hear(pair.statement('invite'));
    expect(pair.relation).toBe('pendingIn');
  });

  it('crossed invites name the same connection on both sides, the accepted one first', () => {
    const pair = inState('pendingOut');
    const mine = pair.myInvite;
    const theirs = pair.statement('invite');
    pair.hear(theirs);
    const iid = theirs.statement.t === 'invite' ? theirs.statement.iid : '';
    expect(pair.connections.consented(TOMAS)).toEqual([iid, mine]);
    expect(pair.repeated).toMatchObject({ t: 'accept', iid });
  });

  it('what follows from consent comes after it was said', () => {
    const pair = inState('pendingIn');
    pair.type('accept');
    expect(pair.events).toEqual(['say accept', 'connected']);
    // They lost their state: what was granted before they knew us again must be granted anew.
    pair.events.length = 0;
    pair.hear(pair.statement('invite'));
    expect(pair.events).toEqual(['say accept', 'connected']);
  });
});

describe('what is repeated', () => {
  it('an invite until it lapses, an accept until it is old, byte for byte', () => {
    const pair = inState('pendingOut');
    const bytes = pair.connections.statement(TOMAS, pair.tomas.signKey);
    acknowledge(pair);
    expect(pair.connections.statement(TOMAS, pair.tomas.signKey)).toEqual(bytes);
    expect(new Pair(pair.path).connections.statement(TOMAS, pair.tomas.signKey)).toEqual(bytes);
    pair.clock.pass(14 * DAY);
    expect(pair.connections.statement(TOMAS, pair.tomas.signKey)).toBeNull();
  });

  it('a disconnect until it is confirmed; the person is met for an hour at most', () => {
    const pair = inState('connected');
    pair.type('disconnect');
    expect([pair.repeated?.t, pair.connections.mayMeet(TOMAS, pair.tomas.signKey)]).toEqual(['disconnect', true]);
    pair.connections.acknowledged(TOMAS, pair.tomas.signKey, Buffer.alloc(16).toString('base64url'));
    pair.connections.acknowledged(3003, pair.tomas.signKey, 'x');
    expect(pair.repeated?.t).toBe('disconnect');
    pair.clock.pass(59 * MINUTE);
    expect(pair.connections.mayMeet(TOMAS, pair.tomas.signKey)).toBe(true);
    pair.clock.pass(MINUTE);
    expect(pair.connections.mayMeet(TOMAS, pair.tomas.signKey)).toBe(false);
    acknowledge(pair);
    expect([pair.repeated, pair.connections.mayMeet(TOMAS, pair.tomas.signKey)]).toEqual([null, false]);
    expect(new Pair(pair.path).connections.mayMeet(TOMAS, pair.tomas.signKey)).toBe(false);
  });

  it('nothing to a blocked person; after unblocking the goodbye that they missed', () => {
    const pair = inState('blocked');
    expect([pair.repeated, pair.connections.mayMeet(TOMAS, pair.tomas.signKey)]).toEqual([null, false]);
    pair.clock.pass(30 * DAY);
    pair.type('unblock');
    expect([pair.repeated?.t, pair.connections.mayMeet(TOMAS, pair.tomas.signKey)]).toEqual(['disconnect', true]);
    acknowledge(pair);
    expect([pair.repeated, pair.connections.mayMeet(TOMAS, pair.tomas.signKey), pair.relation]).toEqual([
      null,
      true,
      'none',
    ]);
  });

  it('the disconnect again when the invite in its place has lapsed unheard', () => {
    const pair = inState('connected');
    pair.type('disconnect');
    pair.type('invite');
    pair.clock.pass(14 * DAY);
    const again = new Pair(pair.path);
    again.clock.pass(14 * DAY);
    expect([again.repeated?.t, again.connections.mayMeet(TOMAS, pair.tomas.signKey)]).toEqual(['disconnect', true]);
    acknowledge(again);
    expect(again.repeated).toBeNull();
  });
});

describe('several devices', () => {
  it('of theirs are told a disconnect one by one; who confirmed it is left, the others within the hour', () => {
    const pair = inState('connected');
    const laptop = makeSelf({ uid: TOMAS, login: 'tomas', name: 'laptop', clock: pair.clock }).signKey;
    pair.devices.theirs.push(laptop);
    pair.type('disconnect');
    acknowledge(pair);
    const { connections } = pair;
    const state = (sign: string): unknown[] => [
      connections.mayMeet(TOMAS, sign),
      connections.statement(TOMAS, sign) !== null,
    ];
    expect([state(pair.tomas.signKey), state(laptop)]).toEqual([
      [false, false],
      [true, true],
    ]);
    pair.clock.pass(60 * MINUTE);
    expect(connections.mayMeet(TOMAS, laptop)).toBe(false);
  });

  it('of theirs hear a goodbye after an unblock, all of them', () => {
    const pair = inState('blocked');
    const laptop = makeSelf({ uid: TOMAS, login: 'tomas', name: 'laptop', clock: pair.clock }).signKey;
    pair.devices.theirs.push(laptop);
    pair.type('unblock');
    acknowledge(pair);
    const last = pair.connections.statement(TOMAS, laptop);
    expect(last && parseStatement(last).statement.t).toBe('disconnect');
    pair.connections.acknowledged(TOMAS, laptop, statementId(parseStatement(last as Buffer)));
    expect(pair.connections.statement(TOMAS, laptop)).toBeNull();
  });

  it('of mine: what one says is repeated as it signed it, and said anew once that device is revoked', () => {
    const pair = inState('pendingIn');
    const invite = pair.connections.standing(TOMAS)?.heard ?? '';
    const old = makeSelf({ uid: 1001, login: 'marie', name: 'old', clock: pair.clock });
    pair.devices.own.push(old.signKey);
    const { iid } = parseStatement(Buffer.from(invite, 'base64url')).statement as { iid: string };
    const accept = old.say<Accept>(
      { t: 'accept', to: { uid: TOMAS }, exp: 4_000_000_000, iid, renews: 0 },
      pair.clock.now() * 1000,
    );
    pair.connections.hearEcho(accept, 'tomas');
    expect(pair.relation).toBe('connected');
    expect(pair.connections.statement(TOMAS, pair.tomas.signKey)).toEqual(accept.bytes);
    pair.devices.own.splice(1);
    expect(pair.repeated).toMatchObject({
      t: 'accept',
      iid,
      from: { sign: pair.self.signKey },
      renews: accept.statement.seq,
    });
    expect(pair.relation).toBe('connected');
  });

  it('of mine: an accept that nobody typed does not outrank a disconnect that was typed on another one meanwhile', () => {
    const pair = inState('connected');
    const typed = pair.repeated?.seq ?? 0;
    const old = makeSelf({ uid: 1001, login: 'marie', name: 'old', clock: pair.clock });
    pair.type('disconnect');
    const last = pair.repeated?.seq ?? 0;
    const again = pair.statement('invite');
    pair.hear(again);
    const { iid } = again.statement as { iid: string };
    const to = { uid: TOMAS };
    const courtesy = old.say<Accept>({ t: 'accept', to, exp: 4_000_000_000, iid, renews: typed }, last + 10);
    pair.connections.hearEcho(courtesy, 'tomas');
    expect([pair.relation, pair.repeated?.t]).toEqual(['pendingIn', 'disconnect']);
    const meant = old.say<Accept>({ t: 'accept', to, exp: 4_000_000_000, iid, renews: 0 }, last + 20);
    pair.connections.hearEcho(meant, 'tomas');
    expect(pair.relation).toBe('connected');
  });
});

describe('bounds', () => {
  it('of invites that wait for an answer', () => {
    const pair = new Pair();
    const about = { note: null, project: null };
    for (let i = 0; i < INVITES_PENDING_MAX; i++) pair.connections.invite(5000 + i, `p${i}`, about);
    expect(pair.type('invite')).toBe('TOO_MANY_INVITES');
    pair.connections.disconnect(5000, 'p0');
    expect(pair.type('invite')).toBe('done');
  });

  it('of invites that wait for me: the oldest goes, the newest is shown', () => {
    const pair = new Pair();
    for (let i = 0; i <= INVITES_PENDING_MAX; i++) {
      const from = makeSelf({ uid: 5000 + i, login: `p${i}`, clock: pair.clock });
      pair.hear(pair.statement('invite', {}, from));
      pair.clock.pass(MINUTE);
    }
    const pending = pair.connections.list().filter((p) => p.relation === 'pendingIn');
    expect(pending).toHaveLength(INVITES_PENDING_MAX);
    expect(pair.connections.relation(5000)).toBe('none');
    expect(pair.connections.relation(5000 + INVITES_PENDING_MAX)).toBe('pendingIn');
  });

  it('the worst note and project that may be sent still fit the store', () => {
    const pair = new Pair();
    const self = makeSelf({ uid: 1001, login: 'marie', clock: pair.clock, host: `${'h'.repeat(240)}.example` });
    expect(self.workspace.host.length).toBeGreaterThan(200);
    pair.connections.invite(TOMAS, 'tomas', { note: '\u0001'.repeat(280), project: '\u0001'.repeat(128) });
    expect(new Pair(pair.path).relation).toBe('pendingOut');
  });
});

describe('what waited for an accept', () => {
  it('ends when the invite has lapsed and I accept theirs: it was not what I said yes to', () => {
    const pair = inState('pendingOut');
    pair.clock.pass(15 * DAY);
    pair.hear(pair.statement('invite'));
    expect(pair.relation).toBe('pendingIn');
    expect(pair.type('accept')).toBe('done');
    expect(pair.events.filter((e) => ['ended disconnected', 'connected'].includes(e))).toEqual([
      'ended disconnected',
      'connected',
    ]);
  });

  it('goes on when the invites cross: each side asked for it', () => {
    const pair = inState('pendingOut');
    pair.hear(pair.statement('invite'));
    expect(pair.relation).toBe('connected');
    expect(pair.events).not.toContain('ended disconnected');
  });
});

describe('the store', () => {
  it('that is damaged is refused by name: consent is never guessed', () => {
    const pair = inState('connected');
    fs.writeFileSync(pair.path, '{"v":1,"people":[]');
    expect(() => new Pair(pair.path)).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }) as Error);
  });

  it.each(['disconnect', 'block'] as const)('still holds the tie while %s ends what was shared', (verb) => {
    const pair = inState('connected');
    const onDisk: string[] = [];
    pair.connections.on('ended', () => onDisk.push(new Pair(pair.path).relation));
    pair.connections[verb](TOMAS, 'tomas');
    expect(onDisk).toEqual(['connected']);
    expect(new Pair(pair.path).relation).not.toBe('connected');
  });
});
