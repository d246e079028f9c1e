/** What the page says before and after something is shared or ended. */
import { describe, expect, it } from 'vitest';
import { type Draft, draftProblem, optionText, recipientsOf } from '../../../src/dashboard/model/draft.ts';
import {
  endConsequence,
  people,
  previewWords,
  revokeConsequence,
  sessionFacts,
  shareOutcomes,
  typedHandles,
  unshareWords,
} from '../../../src/dashboard/model/sharing.ts';
import { readWords } from '../../../src/platform/sharing-words.ts';
import { clockTime } from '../../../src/platform/time-words.ts';
import type { SharedRecipient, SharedSession } from '../../../src/protocol/local-api.ts';

const SESSION = '7f3c1a2b-0000-4000-8000-000000000001';
const NOW = Date.parse('2026-11-23T12:00:00Z');
const LATER = '2026-11-23T12:40:00Z';

const recipient = (some: Partial<SharedRecipient>): SharedRecipient => ({
  handle: 'marie',
  state: 'synced',
  since: '2026-11-23T10:00:00Z',
  fetched: 312,
  of: 312,
  leaseUntil: LATER,
  readTo: null,
  readAt: null,
  ...some,
});
const shared = (some: Partial<SharedSession>): SharedSession => ({
  session: SESSION,
  project: 'shop',
  title: null,
  cwd: '/src/shop',
  startedAt: '2026-11-23T10:00:00Z',
  turns: 312,
  live: true,
  withThinking: false,
  masked: [],
  read: 1,
  recipients: [recipient({})],
  ...some,
});

describe('what revoking does', () => {
  it('is said for each state: who is away may read on until the lease is over', () => {
    const said = (some: Partial<SharedRecipient>): string => revokeConsequence(recipient(some), NOW);
    expect(said({})).toContain('lose it at once');
    expect(said({ state: 'syncing' })).toContain('lose it at once');
    expect(said({ state: 'offline' })).toContain(`until it hears of this, or ${clockTime(LATER)}`);
    expect(said({ state: 'offline', leaseUntil: null })).toContain('hold nothing');
    expect(said({ state: 'pending', leaseUntil: null })).toContain('nothing of it yet');
    expect(said({ state: 'waiting', leaseUntil: null })).toContain('nothing of it yet');
  });

  it('to everybody names who is away, and the latest time', () => {
    expect(endConsequence(shared({}), NOW)).toBe('they lose it at once; what they have seen they have seen');
    const away = { state: 'offline' as const };
    const recipients = [
      recipient({}),
      recipient({ ...away, handle: 'tom', leaseUntil: '2026-11-23T12:10:00Z' }),
      recipient({ ...away, handle: 'ada' }),
      recipient({ ...away, handle: 'bob', leaseUntil: null }),
    ];
    expect(endConsequence(shared({ recipients }), NOW)).toBe(
      `all 4 lose it at once; tom and ada, offline, at ${clockTime(LATER)} at the latest`,
    );
  });

  it('is told afterwards', () => {
    const ended = [{ session: SESSION, project: 'shop', people: ['marie', 'tom'] }];
    expect(unshareWords({ ended, remaining: 0 })).toBe(
      'Ended: shop (7f3c1a2b) for marie and tom. Nothing is shared any more.',
    );
    expect(unshareWords({ ended, remaining: 0, openInvites: ['tom'] })).toContain('Your invite to tom stays open');
    expect(unshareWords({ ended: [], remaining: 2 })).toBe(
      'Nothing was shared, so nothing ended. 2 sessions still shared.',
    );
  });
});

describe('a shared session', () => {
  it('is told with its facts, and with what is unusual about it', () => {
    const said = sessionFacts(shared({ withThinking: true, read: 0.345, masked: [{ rule: 'url', count: 2 }] }), NOW);
    expect(said[0]).toBe('312 turns');
    expect(said.slice(2)).toEqual([
      '2 masked (2 url)',
      'with thinking',
      'reading the transcript: 34 %, the rest follows',
    ]);
    expect(sessionFacts(shared({}), NOW)).toHaveLength(3);
  });

  it('says how far somebody read', () => {
    expect(readWords(recipient({}), NOW)).toBeNull();
    expect(readWords(recipient({ readTo: 12345, readAt: LATER }), NOW)).toContain('read to line 12,345, last ');
    expect(readWords(recipient({ readAt: LATER }), NOW)).toContain('read subagents only');
    const earlier = recipient({ state: 'pending', readTo: 8, readAt: '2026-11-23T09:59:59.000Z' });
    expect(readWords(earlier, NOW)).toMatch(/^of an earlier share: read to line 8, last /);
  });
});

describe('sharing', () => {
  const draft: Draft = { session: SESSION, chosen: [], typed: '', note: '', fromNow: false, withThinking: false };

  it('is to those who are named, each once', () => {
    expect(typedHandles(' @Marie, tom;x tom\n@ADA ')).toEqual(['marie', 'tom;x', 'tom', 'ada']);
    expect(recipientsOf({ chosen: ['marie'], typed: '@MARIE tom' })).toEqual(['marie', 'tom']);
  });

  it('to nobody named, which the daemon takes for everybody, cannot be asked', () => {
    expect(draftProblem(draft, 100)).toBe('Choose with whom.');
    expect(draftProblem({ ...draft, typed: ' @ , ' }, 100)).toBe('Choose with whom.');
    expect(draftProblem({ ...draft, session: null, typed: 'marie' }, 100)).toBe('Choose a session.');
    expect(draftProblem({ ...draft, typed: 'marie' }, 100)).toBeNull();
  });

  it('counts the bytes of a note', () => {
    const noted = { ...draft, typed: 'marie', note: 'é'.repeat(50) };
    expect(draftProblem(noted, 100)).toBeNull();
    expect(draftProblem(noted, 99)).toContain('longer than 99 bytes');
  });

  it('is told before and after in the words of the CLI', () => {
    const masked = [{ rule: 'github-token', count: 2 }];
    const preview = { session: SESSION, project: 'shop', turns: [], total: 1312, masked };
    expect(previewWords(preview)).toBe(
      'They would see shop (7f3c1a2b): 1,312 turns (the newest 0 are below), 2 masked (2 github-token).',
    );
    const answer = { session: SESSION, project: 'shop', turns: 312, since: LATER, masked, read: 0.5 };
    const said = shareOutcomes(
      {
        ...answer,
        people: [
          { handle: 'marie', outcome: 'shared', since: null },
          { handle: 'tom', outcome: 'invited', since: null },
        ],
      },
      NOW,
    );
    expect(said.head).toContain('Sharing shop (7f3c1a2b): 312 turns since ');
    expect(said.people.map(({ what }) => what)).toEqual(['shared', 'invited']);
    expect(said.notes[0]).toContain('50 %');
    const declined = shareOutcomes({ ...answer, people: [{ handle: 'tom', outcome: 'declined', since: LATER }] }, NOW);
    expect(declined).toMatchObject({ head: 'shop (7f3c1a2b) was shared with nobody.', notes: [] });
  });

  it('offers sessions in inert text', () => {
    expect(optionText('shop\u202e', SESSION, '/a\nb', true)).toBe('shop\\u{202e} (7f3c1a2b), /a b, shared already');
  });
});

it('people are listed as one speaks', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((list) => people(list))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
