import { describe, expect, it } from 'vitest';
import { deviceCode, isCode } from '../../src/identity/device-code.ts';
import {
  applyRecords,
  metUnder,
  ownPin,
  type PinChange,
  type PinnedPerson,
  trustDevice,
} from '../../src/identity/pins.ts';
import { openPinStore } from '../../src/identity/pin-store.ts';
import { CONTACT_DEVICES_MAX, FORMER_TOPIC_MS, GITHUB_SECOND_NO_MS } from '../../src/protocol/limits.ts';
import type { SignedRecord } from '../../src/protocol/record.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { endorse, NOW, record, signOf } from './support.ts';

const nobody = (): PinnedPerson => ({
  uid: 2002,
  login: 'tomas',
  former: [],
  devices: [],
  checkedAt: 0,
  firstNoAt: null,
  left: false,
  compared: null,
  staleSince: null,
});

class Pins {
  readonly person = nobody();
  #now = NOW;

  see(...listed: SignedRecord[]): PinChange {
    return applyRecords(this.person, listed, this.#now++);
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  state(name: string): string {
    return this.person.devices.find((d) => d.sign === signOf(name))?.state ?? 'unknown';
  }

  states(...names: string[]): string[] {
    return names.map((name) => this.state(name));
  }
}

const a = record('a');
const b = record('b', { endorse: endorse('a', 'b') });
const c = record('c', { endorse: endorse('b', 'c') });

describe('at first contact', () => {
  it.each([
    ['one device', [a]],
    ['a tree', [a, b, c]],
    ['a tree in any order', [c, b, a]],
    ['the same record in two gists', [a, b, a]],
  ])('%s is trusted', (_what, listed) => {
    const pins = new Pins();
    const change = pins.see(...listed);
    expect(new Set(pins.person.devices.map((d) => d.state))).toEqual(new Set(['good']));
    expect(change.added).toHaveLength(new Set(listed).size);
  });

  it.each([
    ['two roots', [a, record('b')]],
    ['no root', [record('a', { endorse: endorse('b', 'a') }), b]],
    ['an endorsement by a stranger', [a, record('b', { endorse: endorse('stranger', 'b') })]],
    ['a forged endorsement', [a, record('b', { endorse: { by: signOf('a'), sig: endorse('x', 'b')?.sig ?? '' } })]],
    ['an endorsement of another device', [a, record('b', { endorse: endorse('a', 'c') })]],
    ['an endorsement for another account', [a, record('b', { endorse: endorse('a', 'b', 3003) })]],
    ['an endorsement for another host', [a, record('b', { endorse: endorse('a', 'b', 2002, 'git.example.org') })]],
  ])('with %s nothing is trusted', (_what, listed) => {
    const pins = new Pins();
    const change = pins.see(...listed);
    expect(new Set(pins.person.devices.map((d) => d.state))).toEqual(new Set(['blocked']));
    expect(change.added).toEqual([]);
    // And it stays so, whatever is listed without the user's trust.
    pins.see(...listed, c);
    expect(pins.person.devices.some((d) => d.state === 'good')).toBe(false);
  });
});

describe('a new device of a known person', () => {
  it('is trusted when a pinned device vouches for it, blocked when nobody does', () => {
    const pins = new Pins();
    pins.see(a);
    expect(pins.see(a, b, record('d')).blocked).toEqual([signOf('d')]);
    expect(pins.states('a', 'b', 'd')).toEqual(['good', 'good', 'blocked']);
  });

  it('is blocked when only a blocked, revoked or unlisted device vouches for it', () => {
    const pins = new Pins();
    pins.see(a);
    pins.see(a, record('d'));
    pins.see(a, record('d'), record('e', { endorse: endorse('d', 'e') }));
    expect(pins.state('e')).toBe('blocked');
  });

  it('may come together with its endorser, in any order', () => {
    const pins = new Pins();
    pins.see(a);
    pins.see(c, b, a);
    expect(pins.states('a', 'b', 'c')).toEqual(['good', 'good', 'good']);
  });

  it('is trusted once a pinned device vouches for it after all', () => {
    const pins = new Pins();
    pins.see(a);
    pins.see(a, record('b'));
    expect(pins.state('b')).toBe('blocked');
    const change = pins.see(a, record('b', { seq: 2, endorse: endorse('a', 'b') }));
    expect([pins.state('b'), change.added]).toEqual(['good', [signOf('b')]]);
  });

  it('of which there are too many is left out: the file of pins stays readable', () => {
    const pins = new Pins();
    for (let i = 0; i < CONTACT_DEVICES_MAX + 40; i += 16) {
      pins.see(...Array.from({ length: 16 }, (_, n) => record(`device ${i + n}`)));
    }
    expect(pins.person.devices).toHaveLength(CONTACT_DEVICES_MAX);
    const file = `${tempDir()}/pins.json`;
    const store = openPinStore(file);
    store.value.people.push(pins.person);
    store.save();
    expect(openPinStore(file).value.people[0]?.devices).toHaveLength(CONTACT_DEVICES_MAX);
  });
});

describe('a pinned device', () => {
  it('keeps its pin when an older record, another one of the same seq, or another login is offered', () => {
    const pins = new Pins();
    pins.see(record('a', { seq: 5 }));
    const before = structuredClone(pins.person.devices);
    for (const offered of [
      record('a', { seq: 4 }),
      record('a', { seq: 5, name: 'other' }),
      record('a', { seq: 6, login: 'tom' }),
    ]) {
      expect(pins.see(offered).rolledBack).toEqual([signOf('a')]);
      expect(pins.person.devices).toEqual(before);
    }
  });

  it('may change its box key with a higher seq', () => {
    const pins = new Pins();
    pins.see(a);
    const box = record('z').record.box;
    expect(pins.see(record('a', { seq: 2, box }))).toMatchObject({ rolledBack: [], rekeyed: [signOf('a')] });
    const former = { box: a.record.box, until: NOW + 1 + FORMER_TOPIC_MS };
    expect(pins.person.devices[0]).toMatchObject({ box, seq: 2, state: 'good', firstSeen: NOW, former });
    // It is kept by newer records, and gone once the device was met under the new one.
    expect(pins.see(record('a', { seq: 3, box })).rekeyed).toEqual([]);
    const [device] = pins.person.devices;
    expect(device?.former).toEqual(former);
    expect(device && [metUnder(device, a.record.box), metUnder(device, box), metUnder(device, box)]).toEqual([
      ...[false, true, false],
    ]);
    expect(device?.former).toBeNull();
  });

  it('that is left out is missing, unlisted at a second time long enough after, and good when it comes back', () => {
    const pins = new Pins();
    pins.see(a, b);
    expect(pins.see(a)).toMatchObject({ missing: [signOf('b')], unlisted: [] });
    expect(pins.see(a)).toMatchObject({ missing: [], unlisted: [] });
    expect(pins.states('a', 'b')).toEqual(['good', 'missing']);
    expect(pins.see(a, b)).toMatchObject({ returned: [signOf('b')], added: [] });
    expect(pins.state('b')).toBe('good');
    // What was counted before it came back does not count.
    pins.pass(GITHUB_SECOND_NO_MS);
    pins.see(a);
    expect(pins.state('b')).toBe('missing');
    pins.pass(GITHUB_SECOND_NO_MS);
    expect(pins.see(a).unlisted).toEqual([signOf('b')]);
    expect(pins.state('b')).toBe('unlisted');
    expect(pins.see(a).unlisted).toEqual([]);
    expect(pins.see(a, b).returned).toEqual([signOf('b')]);
    expect(pins.state('b')).toBe('good');
  });

  it('that is missing vouches for nobody, and a first time that lies ahead is not waited for', () => {
    const pins = new Pins();
    pins.see(a, b);
    pins.see(a, c);
    expect(pins.states('b', 'c')).toEqual(['missing', 'blocked']);
    pins.pass(-86_400_000);
    pins.see(a, c);
    pins.pass(GITHUB_SECOND_NO_MS);
    pins.see(a, c);
    expect(pins.state('b')).toBe('unlisted');
  });
});

describe('a revoked device', () => {
  it('takes with it all that only it vouched for, for ever', () => {
    const pins = new Pins();
    pins.see(a, b, c, record('d', { endorse: endorse('a', 'd') }));
    const change = pins.see(
      record('a', { seq: 2, revokes: [signOf('b')] }),
      b,
      c,
      record('d', { endorse: endorse('a', 'd') }),
    );
    expect(pins.states('a', 'b', 'c', 'd')).toEqual(['good', 'revoked', 'blocked', 'good']);
    expect([change.revoked, change.fallen]).toEqual([[signOf('b')], [signOf('c')]]);
    // Neither taking back the revocation nor a new record brings it back.
    pins.see(record('a', { seq: 3 }), record('b', { seq: 9, endorse: endorse('a', 'b') }), c);
    expect(pins.states('b', 'c')).toEqual(['revoked', 'blocked']);
    // What fell comes back when a trusted device vouches for it itself.
    pins.see(record('a', { seq: 4 }), record('c', { seq: 2, endorse: endorse('a', 'c') }));
    expect(pins.states('b', 'c')).toEqual(['revoked', 'good']);
  });

  it('cannot be revoked by a device that is not trusted itself', () => {
    const pins = new Pins();
    pins.see(a);
    pins.see(a, record('d', { revokes: [signOf('a')] }));
    expect(pins.states('a', 'd')).toEqual(['good', 'blocked']);
  });

  it('takes with it also a device that named another endorser, or none, meanwhile', () => {
    for (const endorsed of [null, endorse('x', 'b'), { by: signOf('d'), sig: endorse('x', 'b')?.sig ?? '' }]) {
      const pins = new Pins();
      const d = record('d', { endorse: endorse('a', 'd') });
      pins.see(a, b, c, d);
      // c, made by a thief who held b, no longer wants to hang on it.
      const free = record('c', { seq: 2, endorse: endorsed });
      pins.see(a, b, free, d);
      pins.see(record('a', { seq: 2, revokes: [signOf('b')] }), b, free, d);
      expect(pins.states('b', 'c', 'd')).toEqual(['revoked', 'blocked', 'good']);
    }
  });

  it('does not take with it whom a trusted device vouches for meanwhile', () => {
    const pins = new Pins();
    pins.see(a, b, c);
    const saved = record('c', { seq: 2, endorse: endorse('a', 'c') });
    pins.see(a, b, saved);
    pins.see(record('a', { seq: 2, revokes: [signOf('b')] }), b, saved);
    expect(pins.states('b', 'c')).toEqual(['revoked', 'good']);
  });
});

describe('the oldest device', () => {
  const lost = record('b', { seq: 2, endorse: null, revokes: [signOf('a')] });

  it('can be disowned by one that it vouched for, which stays and vouches for others from then on', () => {
    const pins = new Pins();
    pins.see(a, b);
    expect(pins.see(lost).revoked).toEqual([signOf('a')]);
    expect(pins.states('a', 'b')).toEqual(['revoked', 'good']);
    pins.see(lost, record('d', { endorse: endorse('b', 'd') }));
    expect(pins.states('b', 'd')).toEqual(['good', 'good']);
    // Also for people who never knew the old one, whether its file is still there or not.
    for (const listed of [[lost], [a, lost]]) {
      const others = new Pins();
      others.see(...listed);
      expect(others.state('b')).toBe('good');
    }
  });

  it('takes a thief’s device with it, which came later, and what else only it vouched for', () => {
    const pins = new Pins();
    pins.see(a, b);
    const thief = record('x', { endorse: endorse('a', 'x') });
    pins.see(a, b, thief, record('e', { endorse: endorse('a', 'e') }));
    const change = pins.see(lost, record('x', { seq: 2, endorse: null, revokes: [signOf('a')] }));
    expect(pins.states('a', 'b', 'x', 'e')).toEqual(['revoked', 'good', 'blocked', 'blocked']);
    expect(new Set(change.fallen)).toEqual(new Set([signOf('x'), signOf('e')]));
    // Nobody who hangs on a device speaks for it once another one disowns it, too.
    const more = new Pins();
    more.see(a, b, c);
    more.see(
      record('a', { seq: 2, revokes: [signOf('b')] }),
      record('c', { seq: 2, endorse: null, revokes: [signOf('b')] }),
    );
    expect(more.states('a', 'b', 'c')).toEqual(['good', 'revoked', 'blocked']);
  });
});

describe('the user’s trust', () => {
  const keys = (name: string): { sign: string; box: string } => ({ sign: signOf(name), box: record(name).record.box });

  it('makes a blocked device good as long as GitHub lists it, whoever falls', () => {
    const pins = new Pins();
    pins.see(a, b, record('d'));
    expect(trustDevice(pins.person, { ...keys('d'), box: keys('e').box })).toBe(false);
    expect(trustDevice(pins.person, keys('d'))).toBe(true);
    pins.see(a, b, record('d'));
    expect(pins.state('d')).toBe('good');
    expect(trustDevice(pins.person, keys('b'))).toBe(true);
    pins.see(b, record('d', { revokes: [signOf('a')] }));
    expect(pins.states('a', 'b', 'd')).toEqual(['revoked', 'good', 'good']);
    pins.see(b);
    expect(pins.state('d')).toBe('missing');
    pins.see(record('b', { seq: 2, revokes: [signOf('d')] }));
    expect([pins.state('d'), trustDevice(pins.person, keys('d'))]).toEqual(['revoked', false]);
  });

  it('is not needed when what was no tree at first becomes one; but all that was seen must be in it', () => {
    const pins = new Pins();
    pins.see(a, record('b'));
    pins.see(record('b', { seq: 2 }));
    expect(pins.states('a', 'b')).toEqual(['blocked', 'blocked']);
    pins.see(a, record('b', { seq: 3, endorse: endorse('a', 'b') }));
    expect(pins.states('a', 'b')).toEqual(['good', 'good']);
  });
});

describe('one’s own device', () => {
  it('is good whatever GitHub lists, alone until another is trusted, and falls only when one of those disowns it', () => {
    const pins = new Pins();
    ownPin(pins.person, a, NOW);
    expect(pins.see(a, record('d')).blocked).toEqual([signOf('d')]);
    pins.see(a, record('d', { seq: 2, revokes: [signOf('a')] }));
    expect(pins.states('a', 'd')).toEqual(['good', 'blocked']);
    const mine = record('b', { endorse: endorse('a', 'b') });
    pins.see(a, mine);
    ownPin(pins.person, record('a', { seq: 2, revokes: [signOf('d')] }), NOW);
    expect(pins.states('a', 'b', 'd')).toEqual(['good', 'good', 'revoked']);
    pins.see(record('a', { seq: 2, revokes: [signOf('d')] }), record('b', { seq: 2, revokes: [signOf('a')] }));
    expect(pins.states('a', 'b')).toEqual(['revoked', 'good']);
    ownPin(pins.person, record('a', { seq: 3 }), NOW);
    expect(pins.state('a')).toBe('revoked');
  });
});

describe('the code of a device', () => {
  const of = { host: 'github.com', uid: 2002, sign: signOf('a'), box: a.record.box };

  it('is of these keys on this account, in three groups of four', () => {
    expect(deviceCode(of)).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/);
    const others = [{ host: 'git.example.org' }, { uid: 2003 }, { sign: signOf('b') }, { box: record('b').record.box }];
    const codes = new Set([of, ...others.map((change) => ({ ...of, ...change }))].map(deviceCode));
    expect(codes.size).toBe(5);
  });

  it('may be typed in any case, with or without hyphens and spaces', () => {
    const code = deviceCode(of);
    for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
      expect(isCode(typed, code)).toBe(true);
    }
    for (const typed of ['', code.slice(1), `${code}A`, code.replace(/.$/, code.endsWith('A') ? 'B' : 'A')]) {
      expect(isCode(typed, code)).toBe(false);
    }
  });
});
