import fs from 'node:fs';
import { onTestFinished, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/identity/index.ts';
import { People, recordFileName } from '../../src/identity/index.ts';
import { GITHUB_SECOND_NO_MS, GITHUB_STALE_MAX_MS } from '../../src/protocol/limits.ts';
import type { DeviceRecord } from '../../src/protocol/record.ts';
import { FAULT_CASES, isEndless } from '../github/fault-cases.ts';
import { ORG, type Scene, startScene } from '../github/harness.ts';
import { keysOf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { codeOfAsync, endorse, NOW, record, signOf } from './support.ts';

const TOMAS = 1002;
const MINUTE = 60_000;

interface Ground extends Scene {
  clock: ManualClock;
  people: People;
  github: Directory;
  warned: string[];
  left: number[];
  pinsPath: string;
  /** The people of another start of the same home. */
  reopened: () => People;
  /** Replaces the records that somebody has on GitHub. */
  publish: (login: string, devices: Record<string, Partial<DeviceRecord>>) => void;
  devices: () => Record<string, string>;
}

async function ground(): Promise<Ground> {
  const scene = await startScene();
  const clock = new ManualClock(NOW);
  const github = scene.directory();
  const pinsPath = `${tempDir()}/pins.json`;
  const warned: string[] = [];
  const left: number[] = [];
  const me = { uid: 1001, login: 'Marie-T' };
  const open = (): People => {
    const warn = (message: string, error: unknown): void => void warned.push(`${message}: ${String(error)}`);
    const own = { host: github.host, uid: me.uid, login: 'marie-t', created: NOW / 1000, expires: NOW / 1000 + 1e7 };
    const ownRecord = () => record('marie', own);
    return new People({
      directory: github,
      host: github.host,
      org: { id: 9009, login: ORG },
      me,
      ownRecord,
      pinsPath,
      clock,
      warn,
    });
  };
  const people = open();
  people.on('left', (uid) => left.push(uid));
  onTestFinished(() => people.stop());
  const gists = new Map<string, string>();
  return {
    ...scene,
    clock,
    people,
    github,
    warned,
    left,
    pinsPath,
    reopened: open,
    publish(login, devices) {
      const uid = { Tomas: TOMAS, Ines: 1003, Olaf: 1009 }[login] ?? 0;
      const files = Object.entries(devices).map(([name, changes]) => {
        const base = { host: github.host, uid, login: login.toLowerCase(), created: Math.floor(clock.now() / 1000) };
        const text = record(name, { ...base, expires: base.created + 180 * 86_400, ...changes }).text;
        return [recordFileName(keysOf(name).sign.publicKey), `${text}\n`] as const;
      });
      const known = gists.get(login);
      const { id } = scene.standIn.putGist({
        owner: login,
        files: Object.fromEntries(files),
        ...(known ? { id: known } : {}),
      });
      gists.set(login, id);
    },
    devices: () => Object.fromEntries((people.get(TOMAS)?.devices ?? []).map((d) => [d.sign, d.state])),
  };
}

describe('a handle', () => {
  it.each(['tomas', 'TOMAS', '@Tomas', '  tomas '])('typed as %j is the account behind it', async (typed) => {
    const { people, publish } = await ground();
    publish('Tomas', { a: {} });
    expect(await people.resolve(typed)).toMatchObject({ uid: TOMAS, login: 'Tomas', left: false });
    expect(people.goodDevices(TOMAS).map((d) => d.sign)).toEqual([signOf('a')]);
    expect(people.known(typed)?.uid).toBe(TOMAS);
  });

  it.each([
    ['marie-t', 'ONESELF'],
    ['MARIE-T', 'ONESELF'],
    ['olaf', 'NOT_A_MEMBER'],
    ['nobody-here', 'NO_SUCH_PERSON'],
    ['../../user', 'NO_SUCH_PERSON'],
    ['a b', 'NO_SUCH_PERSON'],
    ['', 'NO_SUCH_PERSON'],
  ])('%j is refused: %s', async (typed, code) => {
    const { people } = await ground();
    expect(await codeOfAsync(people.resolve(typed))).toBe(code);
    expect(people.all()).toEqual([]);
  });

  it('of somebody without a record is a person without devices', async () => {
    const { people } = await ground();
    expect((await people.resolve('ines')).devices).toEqual([]);
  });

  it('that now belongs to another account is a hard stop, in any case', async () => {
    const { people, publish, standIn } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    standIn.rename('Tomas', 'tomas-old');
    standIn.addUser({ login: 'TOMAS', id: 6666 });
    standIn.addMember(ORG, 'TOMAS');
    const before = structuredClone(people.all());
    for (const typed of ['tomas', '@TOMAS']) expect(await codeOfAsync(people.resolve(typed))).toBe('HANDLE_REUSED');
    expect(people.all()).toEqual(before);
    // The same account under its new name is the same person.
    expect(await people.resolve('tomas-old')).toMatchObject({ uid: TOMAS, login: 'tomas-old' });
  });
});

describe('records on GitHub', () => {
  it('are pinned by account and survive a restart', async () => {
    const { people, publish, reopened } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    expect(reopened().get(TOMAS)).toEqual(people.get(TOMAS));
  });

  it('are written when they change, and not each time that GitHub was asked', async () => {
    const { people, publish, reopened, pinsPath, clock, github } = await ground();
    const tomas = await github.account('tomas');
    const written = (): string => {
      const { ino, mtimeNs } = fs.statSync(pinsPath, { bigint: true });
      return `${ino} ${mtimeNs}`;
    };
    publish('Tomas', { a: {} });
    await people.refresh(tomas);
    const first = written();
    for (let i = 0; i < 3; i++) {
      clock.pass(MINUTE);
      await people.refresh(tomas);
    }
    expect([people.get(TOMAS)?.checkedAt, written()]).toEqual([clock.now(), first]);
    publish('Tomas', { a: {}, b: { endorse: endorse('a', 'b') } });
    await people.refresh(tomas);
    expect(written()).not.toBe(first);
    expect(reopened().get(TOMAS)).toEqual(people.get(TOMAS));
    // Somebody without any record is remembered, too: an invite may wait for them.
    const second = written();
    await people.refresh({ uid: 1003, login: 'Ines' });
    expect(written()).not.toBe(second);
    expect(reopened().get(1003)?.login).toBe('Ines');
  });

  it('of somebody else, expired or for another host are refused, and the good ones count', async () => {
    const { people, publish, warned, devices } = await ground();
    publish('Tomas', { a: {}, b: { uid: 1003 }, c: { host: 'github.com' }, d: { expires: 1_700_000_000 } });
    await people.resolve('tomas');
    expect(devices()).toEqual({ [signOf('a')]: 'good' });
    expect(warned.join('\n')).toMatch(/account 1003 lies with account 1002/);
    expect(warned).toHaveLength(3);
    // At the next look it is the same, and not told again.
    await people.resolve('tomas');
    expect(warned).toHaveLength(3);
  });

  it('in a gist of another account that is listed among theirs are not theirs', async () => {
    const { people, standIn, github, devices } = await ground();
    const planted = record('evil', { host: github.host, uid: 1009, login: 'olaf' });
    const files = { [recordFileName(keysOf('evil').sign.publicKey)]: planted.text };
    standIn.putGist({ owner: 'Olaf', files, listedFor: ['Tomas'] });
    await people.resolve('tomas');
    expect(devices()).toEqual({});
  });

  it('are checked against the account that was asked about, whatever the directory says', async () => {
    const { people, github, devices, warned } = await ground();
    const text = record('evil', { host: github.host, uid: 1009, login: 'olaf' }).text;
    const name = recordFileName(keysOf('evil').sign.publicKey);
    const lie = { place: 'gist', ownerUid: 1009, name, text } as const;
    github.records = () => Promise.resolve([lie]);
    await people.resolve('tomas');
    expect(devices()).toEqual({});
    expect(warned).toHaveLength(1);
  });

  it('of a thief of the token do not become trusted', async () => {
    const { people, publish, devices } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    publish('Tomas', { a: {}, thief: {}, thief2: { endorse: endorse('thief', 'thief2') } });
    const changes: string[][] = [];
    people.on('changed', (_uid, change) => changes.push(change.blocked));
    await people.resolve('tomas');
    expect(devices()).toEqual({ [signOf('a')]: 'good', [signOf('thief')]: 'blocked', [signOf('thief2')]: 'blocked' });
    expect(changes).toEqual([[signOf('thief'), signOf('thief2')]]);
  });
});

describe('a record that a peer shows', () => {
  it('is asked about when it is newer than the pinned one, and is itself never believed', async () => {
    const { people, publish, seen, clock, github, devices } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    seen();
    const created = Math.floor(clock.now() / 1000);
    const base = { host: github.host, uid: TOMAS, created, expires: created + 86_400 };
    const newer = record('a', { ...base, seq: 9, revokes: [signOf('b')] }).text;
    const asked = async (text: string): Promise<boolean> => {
      await people.shown(TOMAS, text);
      return seen().length > 0;
    };
    // Just asked: a peer that comes again and again costs nothing.
    expect(await asked(newer)).toBe(false);
    for (const text of [
      '',
      'hello',
      record('a', base).text,
      record('b', { ...base, seq: 9 }).text,
      record('a', { seq: 9 }).text,
    ]) {
      clock.pass(MINUTE);
      expect(await asked(text)).toBe(false);
    }
    clock.pass(MINUTE);
    expect(await asked(newer)).toBe(true);
    expect(people.get(TOMAS)?.devices[0]?.seq).toBe(1);
    expect(devices()).toEqual({ [signOf('a')]: 'good' });
    await people.shown(4004, newer);
    expect(people.get(4004)).toBeNull();
  });
});

describe('when GitHub does not answer clearly', () => {
  // What never ends is ended by a time-out, like a connection that is cut.
  const cases = Object.entries(FAULT_CASES).filter(([, { fault }]) => !isEndless(fault));
  it.each(cases)('%s changes nothing but that the person is stale', async (what, { fault }) => {
    const { people, publish, standIn, clock } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    const before = structuredClone(people.get(TOMAS));
    const changed: number[] = [];
    people.on('changed', (uid) => changed.push(uid));
    people.on('left', (uid) => changed.push(uid));
    standIn.addFault({ ...fault, times: null });
    const codes = [
      await codeOfAsync(people.resolve('tomas')),
      await codeOfAsync(people.refresh({ uid: TOMAS, login: 'Tomas' })),
    ];
    // These two answer a conditional question by its status alone: all is as it was.
    const isAnswer = ['cut JSON', 'stray 304'].includes(what);
    for (const code of isAnswer ? [] : codes) expect(code).toMatch(/^(GITHUB_UNREACHABLE|GITHUB_REFUSED|NO_TOKEN)$/);
    expect(people.get(TOMAS)).toEqual(isAnswer ? before : { ...before, staleSince: clock.now() });
    expect(isAnswer ? [] : changed).toEqual([]);
  });

  it('trust from before holds for a week, also over a restart, and its word heals it', async () => {
    const { people, publish, standIn, clock, reopened } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    const changed: number[] = [];
    people.on('changed', (uid) => changed.push(uid));
    standIn.addFault({ status: 503, times: null });
    expect(await codeOfAsync(people.resolve('tomas'))).toBe('GITHUB_UNREACHABLE');
    const since = clock.now();
    expect(people.maySeal(TOMAS, signOf('a'), since)).toBe(true);
    // A connection that came about meanwhile waits; so does everybody after a week.
    expect(people.maySeal(TOMAS, signOf('a'), since + 1)).toBe(false);
    clock.pass(GITHUB_STALE_MAX_MS);
    expect(people.maySeal(TOMAS, signOf('a'), since)).toBe(true);
    clock.pass(1);
    expect(people.maySeal(TOMAS, signOf('a'), since)).toBe(false);
    // It is kept over a restart: another start begins no other week.
    expect(reopened().isOverdue(TOMAS)).toBe(true);
    standIn.clearFaults();
    clock.pass(2 * 60 * MINUTE);
    await people.resolve('tomas');
    expect([people.staleSince(TOMAS), people.maySeal(TOMAS, signOf('a'), clock.now())]).toEqual([null, true]);
    expect(changed).toEqual([TOMAS]);
  });

  it('a verb waits for its word for so long at most', async () => {
    const { people, standIn, publish } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    standIn.addFault({ hang: true, times: null });
    people.options.resolveMs = 50;
    expect(await codeOfAsync(people.resolve('tomas'))).toBe('GITHUB_UNREACHABLE');
    expect(people.goodDevices(TOMAS)).toHaveLength(1);
  });

  it('a device that is trusted meanwhile waits for its word', async () => {
    const { people, publish, standIn } = await ground();
    publish('Tomas', { a: {}, b: {} });
    await people.resolve('tomas');
    standIn.addFault({ status: 503, times: null });
    expect(await codeOfAsync(people.resolve('tomas'))).toBe('GITHUB_UNREACHABLE');
    expect(await people.trust(TOMAS, record('b').record)).toBe(true);
    const may = (): boolean => people.maySeal(TOMAS, signOf('b'), 0);
    expect([people.goodDevices(TOMAS).length, may()]).toEqual([1, false]);
    standIn.clearFaults();
    await people.resolve('tomas');
    expect(may()).toBe(true);
  });

  it('when it spoke last is written now and then', async () => {
    const { people, publish, reopened, clock } = await ground();
    publish('Tomas', { a: {} });
    await people.resolve('tomas');
    for (let hour = 0; hour < 3; hour++) {
      clock.pass(61 * MINUTE);
      await people.refresh({ uid: TOMAS, login: 'Tomas' });
    }
    expect(reopened().get(TOMAS)?.checkedAt).toBe(clock.now());
  });
});

describe('leaving the org', () => {
  async function gone(): Promise<Ground> {
    const all = await ground();
    all.publish('Tomas', { a: {} });
    await all.people.resolve('tomas');
    all.standIn.removeMember(ORG, 'Tomas');
    return all;
  }
  const no = (people: People): Promise<string> => codeOfAsync(people.resolve('tomas'));

  it('takes two clear answers, five minutes apart', async () => {
    const { people, clock, left, reopened } = await gone();
    // What follows is done before it is on disk: a crash in between asks again.
    const onDisk: unknown[] = [];
    people.on('left', (uid) => onDisk.push(reopened().get(uid)?.left));
    expect(await no(people)).toBe('NOT_A_MEMBER');
    clock.pass(GITHUB_SECOND_NO_MS - MINUTE);
    expect(await no(people)).toBe('NOT_A_MEMBER');
    expect([left, people.goodDevices(TOMAS).length]).toEqual([[], 1]);
    clock.pass(MINUTE);
    await no(people);
    expect(left).toEqual([TOMAS]);
    expect(people.goodDevices(TOMAS)).toEqual([]);
    expect(people.all()).toEqual([]);
    clock.pass(10 * MINUTE);
    await no(people);
    expect(left).toEqual([TOMAS]);
    expect([onDisk, reopened().get(TOMAS)?.left]).toEqual([[false], true]);
  });

  it('counts only while we are members ourselves', async () => {
    const { people, clock, left, standIn, github } = await gone();
    await no(people);
    clock.pass(GITHUB_SECOND_NO_MS);
    const real = github.membership.bind(github);
    github.membership = (org, login) =>
      login === 'Marie-T' ? Promise.resolve({ is: 'unknown', why: 'away' }) : real(org, login);
    await no(people);
    expect(left).toEqual([]);
    standIn.addMember(ORG, 'Tomas');
    github.membership = real;
    await people.resolve('tomas');
    expect(people.get(TOMAS)?.firstNoAt).toBeNull();
  });

  it('is not put off by showing new records meanwhile', async () => {
    const { people, clock, left, publish } = await gone();
    await no(people);
    for (let seq = 2; seq < 5; seq++) {
      clock.pass(2 * MINUTE);
      publish('Tomas', { a: { seq } });
      await people.refresh({ uid: TOMAS, login: 'Tomas' });
    }
    await no(people);
    expect(left).toEqual([TOMAS]);
    await people.refresh({ uid: TOMAS, login: 'Tomas' });
    expect(people.goodDevices(TOMAS)).toEqual([]);
  });

  it('is over when GitHub says that they are back', async () => {
    const { people, clock, standIn, left } = await gone();
    await no(people);
    clock.pass(GITHUB_SECOND_NO_MS);
    await no(people);
    expect(left).toEqual([TOMAS]);
    standIn.addMember(ORG, 'Tomas');
    const back: number[] = [];
    people.on('changed', (uid) => back.push(uid));
    await people.resolve('tomas');
    expect([back, people.goodDevices(TOMAS).length]).toEqual([[TOMAS], 1]);
  });
});

describe('the rotation', () => {
  it('finds members and their records without anybody asking, and notices who left', async () => {
    const { people, publish, clock, standIn, left } = await ground();
    publish('Tomas', { a: {} });
    people.start();
    await until(() => people.goodDevices(TOMAS).length === 1, { what: 'the first round' });
    publish('Tomas', { a: {}, b: { endorse: null } });
    standIn.removeMember(ORG, 'Tomas');
    await until(
      () => {
        clock.pass(MINUTE);
        return left.includes(TOMAS);
      },
      { what: 'two answers without them' },
    );
    expect(people.goodDevices(TOMAS)).toEqual([]);
  });
});
