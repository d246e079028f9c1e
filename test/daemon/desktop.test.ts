import { describe, expect, it } from 'vitest';
import { Desktop } from '../../src/daemon/desktop.ts';
import { NOTHING_TOLD, Told, toldFile } from '../../src/daemon/told.ts';
import { parseJson } from '../../src/protocol/json.ts';
import { ManualClock } from '../capture/support.ts';

const MIB = 1024 * 1024;

describe('the desktop', () => {
  it('shows one invite of a person in a minute, and few messages in all', async () => {
    const clock = new ManualClock();
    const shown: string[] = [];
    const desktop = new Desktop(clock, (text) => shown.push(text));
    for (let i = 0; i < 100; i++) desktop.invite(1, `invite ${i}`);
    expect(shown).toEqual(['invite 0']);
    desktop.invite(2, 'of another');
    expect(shown).toHaveLength(2);
    await clock.advance(60_000);
    desktop.invite(1, 'later');
    expect(shown.at(-1)).toBe('later');
    for (let uid = 10; uid < 100; uid++) desktop.invite(uid, 'many');
    expect(shown.length).toBeLessThan(12);
  });

  it('shows nothing to who wants nothing', () => {
    new Desktop(new ManualClock(), null).message('x');
  });
});

describe('what is to be told', () => {
  it('is bounded, is the newest, and can be read again', () => {
    let disk = Buffer.from(JSON.stringify(NOTHING_TOLD));
    const open = (): Told => {
      const value = parseJson(disk, 64 * MIB, toldFile, 'file');
      const save = (): void => void (disk = Buffer.from(JSON.stringify(value)));
      return new Told({ value, save }, (error) => expect.fail(String(error)));
    };
    const told = open();
    const id = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    for (let i = 0; i < 300; i++) {
      told.note(null, `${i} ${'🙂'.repeat(1000)}`);
      told.shareEnded({ session: id(i), project: 'p', cwd: '/w', to: [i + 1] });
    }
    told.shareEnded({ session: id(299), project: 'p', cwd: '/w', to: [7] });
    told.forgetEnded(id(298));
    const again = open();
    expect(again.ended.slice(0, 2).map(({ to }) => to)).toEqual([[7], [298]]);
    expect(again.ended.length).toBeLessThan(300);
    const notices = again.takeNotices(id(1), null);
    expect([notices.length, notices.at(-1)?.startsWith('299 🙂')]).toEqual([64, true]);
    expect(open().takeNotices(id(1), null)).toEqual([]);
    expect(told.takeNew(['1 a', '1 b'])).toEqual(['1 a', '1 b']);
    expect(told.takeNew(['1 b', '1 c'])).toEqual(['1 c']);
    expect(disk.toString()).not.toMatch(/1 [abc]/);
  });

  it('is told also when the disk takes nothing', () => {
    const errors: unknown[] = [];
    const full = (): never => {
      throw new Error('ENOSPC');
    };
    const told = new Told({ value: { ...NOTHING_TOLD }, save: full }, (error) => errors.push(error));
    told.note(null, 'one');
    expect([told.takeNotices('x', null), errors.length]).toEqual([['one'], 2]);
  });
});
