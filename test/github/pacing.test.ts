/** The manners that GitHub asks for: one request at a time, writes apart, and silence while a limit holds. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { primaryLimit, secondaryLimit } from '../support/github-stand-in/index.ts';
import { FILE_A, ORG, failure, startScene, testClock } from './harness.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

describe('a limit', () => {
  it('leaves GitHub alone until it is over, for this token', async () => {
    const { standIn, tokens, directory } = await startScene({ now: () => NOON });
    const clock = testClock(NOON);
    let as = tokens.marie;
    const limited = directory({ clock, token: () => Promise.resolve(as) });
    for (const fault of [secondaryLimit(30), primaryLimit(NOON / 1000 + 30)]) {
      standIn.addFault(fault);
      expect((await failure(limited.whoAmI())).code).toBe('GITHUB_REFUSED');
      standIn.clearLog();
      const again = await failure(limited.account('tomas'));
      expect(again).toMatchObject({ code: 'GITHUB_REFUSED', hint: expect.stringContaining('wait') });
      expect(await limited.membership(ORG, 'tomas')).toMatchObject({ is: 'unknown' });
      clock.advance(29_000);
      await failure(limited.whoAmI());
      expect(standIn.requests()).toEqual([]);
      as = tokens.tomas;
      expect(await limited.whoAmI()).toMatchObject({ uid: 1002 });
      as = tokens.marie;
      clock.advance(1000);
      expect(await limited.whoAmI()).toMatchObject({ uid: 1001 });
    }
  });

  it('never holds for longer than an hour', async () => {
    const { standIn, directory } = await startScene({ now: () => NOON });
    const clock = testClock(NOON);
    const limited = directory({ clock });
    standIn.addFault(primaryLimit(NOON / 1000 + 1_000_000));
    await failure(limited.whoAmI());
    clock.advance(3_600_000);
    expect(await limited.whoAmI()).toMatchObject({ uid: 1001 });
  });
});

describe('requests', () => {
  it('go out one at a time, and a failed one holds up nobody', async () => {
    const { standIn, directory } = await startScene();
    const one = directory();
    standIn.addFault({ path: '/users/tomas', delayMs: 50, status: 409, body: { message: 'no' } });
    const slow = failure(one.account('tomas'));
    const quick = one.account('ines');
    const third = one.whoAmI();
    expect((await slow).code).toBe('GITHUB_REFUSED');
    expect(standIn.requests().map(({ path }) => path)).not.toContain('/user');
    await Promise.all([quick, third]);
    expect(standIn.requests().map(({ path }) => path)).toEqual(['/users/tomas', '/users/ines', '/user']);
  });

  it('that write are a pause apart', async () => {
    const { directory } = await startScene();
    const GAP_MS = 600_000;
    const waits: number[] = [];
    const real = globalThis.setTimeout;
    // The pause is Bottleneck's, which knows the machine's timers only.
    const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation((fn, ms = 0) => {
      if (ms > GAP_MS / 2) waits.push(ms);
      return real(fn, ms > GAP_MS / 2 ? 0 : ms);
    });
    onTestFinished(() => timers.mockRestore());
    const paced = directory({ writeGapMs: GAP_MS });
    await paced.publish(FILE_A, 'one');
    expect(waits).toEqual([]);
    await paced.publish(FILE_A, 'two');
    await paced.unpublish(FILE_A);
    expect(waits).toHaveLength(2);
  });
});
