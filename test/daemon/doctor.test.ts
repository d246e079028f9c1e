/** Looks of `doctor` that depend on time: the rest is tried on real homes in test/e2e/doctor.test.ts. */
import { describe, expect, it, vi } from 'vitest';
import { checkDisk, checkRecord } from '../../src/daemon/doctor/home-checks.ts';
import { take } from '../../src/daemon/doctor/report.ts';
import { currentRecord } from '../../src/daemon/own-record.ts';
import { loadDeviceKeys } from '../../src/identity/index.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { homePaths } from '../../src/platform/paths.ts';
import { ensurePrivateDir } from '../../src/platform/private-files.ts';
import type { DoctorEvent } from '../../src/protocol/doctor.ts';
import { RECORD_LIFETIME_MS, RECORD_RENEW_MS } from '../../src/protocol/limits.ts';
import { countedRandom } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';

describe('the device record', () => {
  it('is well, then ends soon, then has ended', async () => {
    const clock = new ManualClock();
    const paths = homePaths(`${tempDir()}/home`, {});
    ensurePrivateDir(paths.state);
    const keys = loadDeviceKeys(paths.keys, countedRandom('keys'));
    const who = { host: 'github.com', uid: 1001, login: 'marie' };
    const directory = { whoAmI: async () => who, dateSkewMs: () => null };
    await currentRecord(paths.state, keys, who, { clock, directory });
    expect(checkRecord(paths, clock)).toMatchObject({
      state: 'ok',
      what: expect.stringContaining('180 days') as string,
    });
    clock.pass(RECORD_LIFETIME_MS - RECORD_RENEW_MS + 60_000);
    expect(checkRecord(paths, clock)).toMatchObject({ state: 'warning', fix: expect.stringContaining('up') as string });
    clock.pass(RECORD_RENEW_MS);
    expect(checkRecord(paths, clock)).toMatchObject({ state: 'problem' });
  });
});

describe('the disk', () => {
  it('is asked where the home is going to be', () => {
    expect(checkDisk(homePaths(`${tempDir()}/a/b/home`, {})).what).toContain('MiB free on the disk of');
  });
});

describe('a look', () => {
  const run = async (look: () => never | Promise<never>): Promise<DoctorEvent[]> => {
    const said: DoctorEvent[] = [];
    await take({ id: 'x', at: 'the thing', look }, (event) => void said.push(event));
    return said;
  };

  it('that throws is a problem with the hint of the error', async () => {
    const said = await run(() => {
      throw new TeammateSyncError('UNSAFE_FILE', 'it is open', { hint: 'close it' });
    });
    expect(said.at(-1)).toEqual({
      type: 'check',
      check: { id: 'x', state: 'problem', what: 'it is open', fix: 'close it' },
    });
  });

  it('that never comes to an end is given up', async () => {
    vi.useFakeTimers();
    try {
      const all = run(() => new Promise<never>(() => {}));
      await vi.advanceTimersByTimeAsync(20_000);
      expect((await all).at(-1)).toMatchObject({
        check: { state: 'warning', what: 'the thing: no answer within 15 s' },
      });
    } finally {
      vi.useRealTimers();
    }
  });
});
