/** The other facts of the page in words: what counts down, what was read, who somebody is, how it goes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isClose, left } from '../../../src/dashboard/model/countdown.ts';
import { navCount } from '../../../src/dashboard/model/counts.ts';
import { type Findings, findingsAfter, NOTHING_FOUND, sumWords } from '../../../src/dashboard/model/doctor.ts';
import { healthFacts } from '../../../src/dashboard/model/health.ts';
import { dismiss, dismissAll, done, failed, failures, say } from '../../../src/dashboard/model/notices.ts';
import { alarmWords, freshnessWords, numberLines, relationWords } from '../../../src/dashboard/model/people.ts';
import { maskPieces, partText } from '../../../src/dashboard/model/preview.ts';
import { newestRanges, rangeText, readers } from '../../../src/dashboard/model/reads.ts';
import { TeammateSyncError } from '../../../src/errors.ts';
import type { Check, DoctorEvent } from '../../../src/protocol/doctor.ts';
import { PRODUCT_VERSION } from '../../../src/protocol/version.ts';
import type { ActivityEntry, Status } from '../../../src/protocol/local-api.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const inMs = (ms: number): string => new Date(NOW + ms).toISOString();

describe('a lease', () => {
  it.each([
    [3_600_000, '60 min'],
    [600_000, '10 min'],
    [599_000, '9:59'],
    [61_000, '1:01'],
    [400, '0:01'],
    [0, 'over'],
    [-5000, 'over'],
  ])('with %i ms left says %s', (ms, words) => {
    expect(left(inMs(ms), NOW)).toBe(words);
  });

  it('is seen to be close before it is over', () => {
    expect([isClose(inMs(600_000), NOW), isClose(inMs(599_999), NOW)]).toEqual([false, true]);
    expect(left('soon', NOW)).toBe('?');
  });
});

describe('notices', () => {
  beforeEach(dismissAll);

  it('stay until they are dismissed, newest first, and say what to do', () => {
    failed('Revoke shop from @tom', new TeammateSyncError('STALE', 'GitHub is silent'));
    failed('Accept', new Error('cut'));
    say('Ended.');
    expect(failures.value.map(({ doing, code }) => [doing, code])).toEqual([
      ['Accept', 'INTERNAL'],
      ['Revoke shop from @tom', 'STALE'],
    ]);
    expect(failures.value[1]?.hint).toContain('teammate-sync doctor');
    dismiss(failures.value[0]?.id ?? 0);
    expect(failures.value).toHaveLength(1);
    expect(done.value).toBe('Ended.');
  });

  it('that repeat are one, and they are bounded', () => {
    for (let i = 0; i < 3; i++) failed('Accept', new Error('cut'));
    expect(failures.value).toMatchObject([{ times: 3 }]);
    for (let i = 0; i < 50; i++) failed(`Accept ${i}`, new Error('cut'));
    expect(failures.value.length).toBeLessThan(10);
    expect(failures.value[0]?.doing).toBe('Accept 49');
  });

  it('take whatever is thrown', () => {
    failed('Share', 'just text');
    expect(failures.value[0]).toMatchObject({ code: 'INTERNAL', message: 'just text', hint: '' });
  });
});

const entry = (some: Partial<ActivityEntry>): ActivityEntry => ({
  handle: 'marie',
  device: '00',
  session: 's1',
  project: 'shop',
  shared: true,
  with: 'show',
  source: 'main',
  ranges: [],
  first: inMs(-9000),
  last: inMs(-9000),
  ...some,
});

describe('what was read', () => {
  it('is put together by person and session, whoever read last first', () => {
    const all = readers([
      entry({}),
      entry({ handle: 'tom', last: inMs(-5000) }),
      entry({ with: 'ask', last: inMs(-1000) }),
      entry({ session: 's2', last: inMs(-7000) }),
    ]);
    expect(all.map(({ handle, session, reads }) => [handle, session, reads.map((r) => r.with)])).toEqual([
      ['marie', 's1', ['ask', 'show']],
      ['tom', 's1', ['show']],
      ['marie', 's2', ['show']],
    ]);
    expect(all[0]?.last).toBe(inMs(-1000));
  });

  it('shows the newest ranges and counts the others', () => {
    const ranges = Array.from({ length: 20 }, (_, i) => ({ from: 10 * i + 1, to: 10 * i + 1 + (i % 2) }));
    const { shown, before } = newestRanges({ ranges });
    expect([shown.length + before, shown.at(-1)]).toEqual([20, ranges.at(-1)]);
    expect(ranges.slice(0, 2).map(rangeText)).toEqual(['1', '11-12']);
  });
});

describe('people', () => {
  it('without a relation are told by whether they have it', () => {
    expect(relationWords({ relation: 'none', installed: 'no' }).words).toBe('no teammate-sync yet');
    expect(relationWords({ relation: 'pendingIn', installed: 'yes' }).words).toBe('invites you');
    expect([alarmWords(0), alarmWords(1), alarmWords(2)]).toEqual([
      null,
      '1 device not trusted: nothing is shared with it',
      '2 devices not trusted: nothing is shared with them',
    ]);
  });

  it('are said to be fresh or not', () => {
    expect(freshnessWords({ fresh: 3, of: 3, oldest: null, failure: 'x' }, NOW)).toBeNull();
    expect(freshnessWords({ fresh: 2, of: 3, oldest: null, failure: 'no route' }, NOW)).toContain('no route');
    const asked = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
    expect(freshnessWords({ fresh: 0, of: 3, oldest: asked(9), failure: null }, NOW)).toBeNull();
    expect(freshnessWords({ fresh: 0, of: 3, oldest: asked(11), failure: null }, NOW)).toBe(
      'Not fresh for 3 people of 3: GitHub was last asked about them 11 min ago.',
    );
    expect(freshnessWords({ fresh: 0, of: 3, oldest: asked(1), failure: 'no route' }, NOW)).toContain('no route');
  });

  it('have a number that can be read aloud', () => {
    expect(numberLines('1 2 3 4 5 6 7 8 9 10 11 12')).toEqual(['1 2 3 4 5 6', '7 8 9 10 11 12']);
  });
});

const status: Status = {
  version: PRODUCT_VERSION,
  pid: 7,
  startedAt: inMs(-60_000),
  home: '/home',
  setUp: true,
  me: null,
  network: { state: 'online', bootstrap: [], nat: 'open', peers: 1, epochs: [], answeredAt: inMs(0), lastError: null },
  github: { host: 'api.github.com', answeredAt: inMs(-120_000), failedAt: null, failure: null },
  sessions: 2,
  sharedSessions: 0,
  readableSessions: 3,
  pendingIn: 0,
  pendingOut: 0,
  connected: 0,
  people: [],
  shares: [],
  unheardEnds: [],
  readable: [],
  invites: [],
  errors: [],
};

describe('health', () => {
  const factOf = (some: Partial<Status>, name: string) =>
    healthFacts({ ...status, ...some }, NOW).find((fact) => fact.name === name);

  it('says nothing is to be done while all is well', () => {
    expect(healthFacts(status, NOW).map(({ advice }) => advice)).toEqual([null, null, null, null, null]);
  });

  it('tells a daemon of another version than the page', () => {
    const fact = factOf({ version: '0.0.1' }, 'Daemon');
    expect(fact?.state?.tone).toBe('bad');
    expect(fact?.advice).toContain('teammate-sync down');
  });

  it('tells why nobody can be met, and what to do', () => {
    const network = { ...status.network, state: 'offline' as const, bootstrap: ['a:1'], answeredAt: null };
    const fact = factOf({ network: { ...network, nat: 'unknown', peers: 0, epochs: [], lastError: null } }, 'Network');
    expect(fact).toMatchObject({ state: { tone: 'bad' }, what: expect.stringContaining('a:1') });
    expect(fact?.advice).toContain('UDP');
  });

  it('tells when GitHub does not answer', () => {
    const github = { host: 'h', answeredAt: null, failedAt: inMs(-1000), failure: 'timeout' };
    expect(factOf({ github }, 'GitHub')).toMatchObject({ state: { tone: 'bad' } });
  });

  it('is counted in the navigation only when there is something', () => {
    const facts = { status, shared: null, connections: null };
    expect(navCount('theirs', facts)).toEqual({ n: 3, words: '3 sessions to read', urgent: false });
    expect([navCount('mine', facts), navCount('people', facts), navCount('health', facts)]).toEqual([null, null, null]);
  });
});

describe('a preview', () => {
  it('has its masks apart, with the rule', () => {
    expect(maskPieces('a [redacted:github-token:0f3a] b')).toEqual([
      { mask: null, piece: 'a ' },
      { mask: 'github-token', piece: '[redacted:github-token:0f3a]' },
      { mask: null, piece: ' b' },
    ]);
    expect(maskPieces('[redacted:x] [redacted:X:0f3a]')).toHaveLength(1);
    expect(maskPieces('')).toEqual([]);
  });

  it('says how much of a long part is left out', () => {
    const { text, cut } = partText({ type: 'text', text: 'x'.repeat(5000) });
    expect(text.length + cut).toBe(5000);
    expect(cut).toBeGreaterThan(0);
    expect(partText({ type: 'tool_use', id: '1', name: 'Bash', input: { command: 'ls' } })).toEqual({
      text: 'Bash {"command":"ls"}',
      cut: 0,
    });
  });
});

describe('the doctor', () => {
  const check = (state: Check['state']): Check => ({ id: 'x', state, what: 'w', fix: null });
  const after = (...events: DoctorEvent[]): Findings => events.reduce(findingsAfter, NOTHING_FOUND);

  it('says what it looks at, what it found, and how it ends', () => {
    const looking = after({ type: 'check', check: check('ok') }, { type: 'looking', at: 'the disk' });
    expect(sumWords(looking)).toBe('Looking at the disk…');
    const found = { answered: false, nat: 'unknown', bootstrap: ['a:1'] };
    const bad = after({ type: 'network', found }, { type: 'check', check: check('warning') }, { type: 'done' });
    expect(bad.checks.map(({ id, state }) => [id, state])).toEqual([
      ['network', 'problem'],
      ['x', 'warning'],
    ]);
    expect(sumWords(bad)).toBe('1 problem, 1 warning: mend the first one first.');
    expect(sumWords(after({ type: 'check', check: check('warning') }, { type: 'done' }))).toBe(
      'No problem, 1 warning.',
    );
    expect(sumWords(after({ type: 'done' }))).toContain('All is well.');
  });
});
