/** The bounds of the history: in number and in age, and what is still shared is never forgotten. */
import { describe, expect, it } from 'vitest';
import { History, type HistoryFile, NO_HISTORY, type Share } from '../../src/daemon/history/history.ts';
import { HISTORY_KEPT_MS, HISTORY_MAX } from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';

const share = (n: number): Share => ({ uid: 7, handle: 'sam', session: `s${n}`, project: 'shop', mine: true });

function fresh(value: HistoryFile = { ...NO_HISTORY }, clock = new ManualClock()) {
  let saves = 0;
  const file = { value, save: () => void saves++ };
  const history = new History(file, clock, () => {});
  return { history, file, clock, saves: () => saves };
}

describe('the history', () => {
  it('notes what begins and ends once each, also over a restart', () => {
    const { history, file, clock } = fresh();
    for (let n = 0; n < 3; n++) history.began(share(1));
    const again = fresh(file.value, clock).history;
    again.began(share(1));
    again.ended(({ session }) => session === 's1', 'unshared');
    again.ended(({ session }) => session === 's1', 'unshared');
    again.ended(({ session }) => session === 's2', 'never begun');
    expect(again.events.map(({ what, reason }) => [what, reason])).toEqual([
      ['ended', 'unshared'],
      ['began', null],
    ]);
    again.began(share(1));
    expect(again.events).toHaveLength(3);
  });

  it('keeps so many, for so long, and all that is still shared', () => {
    const { history, file, clock } = fresh();
    history.began(share(0));
    for (let n = 1; n < HISTORY_MAX; n++) {
      history.began(share(n));
      history.ended(({ session }) => session === `s${n}`, 'over');
    }
    expect(file.value.events).toHaveLength(HISTORY_MAX);
    expect(file.value.events[0]).toMatchObject({ session: 's0', what: 'began' });
    clock.pass(HISTORY_KEPT_MS + 1);
    history.began(share(HISTORY_MAX));
    expect(file.value.events.map(({ session }) => session)).toEqual(['s0', `s${HISTORY_MAX}`]);
    const again = fresh(file.value, clock);
    again.history.began(share(0));
    expect(again.saves()).toBe(0);
  });
});
