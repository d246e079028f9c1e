/** The state table of docs/PROTOCOL.md: every state, every event. */
import { describe, expect, it } from 'vitest';
import { DAY, inState, type Pair } from './pair.ts';

const EVENTS: Readonly<Record<string, (pair: Pair) => string>> = {
  'I share': (p) => p.type('invite'),
  'I accept': (p) => p.type('accept'),
  'I decline': (p) => p.type('decline'),
  'I disconnect': (p) => p.type('disconnect'),
  'I block': (p) => p.type('block'),
  'I unblock': (p) => p.type('unblock'),
  'they invite': (p) => p.hear(p.statement('invite')),
  'they accept mine': (p) => p.hear(p.statement('accept')),
  'they accept another': (p) => p.hear(p.statement('accept', { iid: Buffer.alloc(16, 77).toString('base64url') })),
  'they decline': (p) => p.hear(p.statement('decline')),
  'they disconnect': (p) => p.hear(p.statement('disconnect')),
  '15 days pass': (p) => {
    p.clock.pass(15 * DAY);
    return 'done';
  },
};

/** Next state; then what is said, or the code of the refusal; `=` is the same state. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  //                none                    pendingOut              pendingIn               connected               declinedByMe               declinedByThem             blocked
  'I share': ['pendingOut invite', '=', 'connected accept', '=', 'connected accept', '=', '= BLOCKED'],
  'I accept': [
    '= NO_INVITE',
    '= NO_INVITE',
    'connected accept',
    '= NO_INVITE',
    'connected accept',
    '= NO_INVITE',
    '= NO_INVITE',
  ],
  'I decline': [
    '= NO_INVITE',
    '= NO_INVITE',
    'declinedByMe decline',
    '= NO_INVITE',
    '= decline',
    '= NO_INVITE',
    '= NO_INVITE',
  ],
  'I disconnect': [
    '= NOT_CONNECTED',
    'none disconnect',
    'none disconnect',
    'none disconnect',
    '= disconnect',
    '= disconnect',
    '= NOT_CONNECTED',
  ],
  'I block': [
    'blocked',
    'blocked disconnect',
    'blocked disconnect',
    'blocked disconnect',
    'blocked disconnect',
    'blocked disconnect',
    '=',
  ],
  'I unblock': ['= BLOCKED', '= BLOCKED', '= BLOCKED', '= BLOCKED', '= BLOCKED', '= BLOCKED', 'none disconnect'],
  'they invite': ['pendingIn', 'connected accept', '=', '= accept', '=', 'connected accept', '='],
  'they accept mine': ['=', 'connected', '=', '=', '=', 'connected', '='],
  'they accept another': ['=', '=', '=', '=', '=', '=', '='],
  'they decline': ['declinedByThem', 'declinedByThem', 'declinedByThem', 'declinedByThem', '=', '=', '='],
  'they disconnect': ['=', 'none', 'none', 'none', '=', '=', '='],
  '15 days pass': ['=', 'none', 'none', '=', '=', '=', '='],
};
/** Where an invite of mine stands: what waits for its accept ends with it. */
const INVITED = new Set(['pendingOut', 'declinedByThem']);
const STATES = ['none', 'pendingOut', 'pendingIn', 'connected', 'declinedByMe', 'declinedByThem', 'blocked'];

const cells = Object.entries(TABLE).flatMap(([event, row]) =>
  STATES.map((state, i) => [state, event, row[i] ?? ''] as const),
);

describe('the state table', () => {
  it('names every event once and has a cell for every state', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(EVENTS));
    for (const row of Object.values(TABLE)) expect(row).toHaveLength(STATES.length);
  });

  it.each(cells)('%s, %s: %s', (state, event, cell) => {
    const [next = '', rest] = cell.split(' ');
    const pair = inState(state);
    const outcome = EVENTS[event]?.(pair);
    const refusal = rest && rest === rest.toUpperCase() ? rest : 'done';
    expect(outcome).toBe(refusal);
    expect(pair.relation).toBe(next === '=' ? state : next);
    expect(pair.said).toEqual(rest && refusal === 'done' ? [rest] : []);
    // What was connected and is no longer has ended, by name, once, and so has what I took back; and the other way round.
    const ended = pair.events.filter((e) => e.startsWith('ended'));
    const over =
      state === 'connected'
        ? pair.relation !== 'connected'
        : (state !== 'blocked' && rest === 'disconnect') || (INVITED.has(state) && event === 'they disconnect');
    expect(ended).toHaveLength(over ? 1 : 0);
    if (state !== 'connected' && pair.relation === 'connected') expect(pair.events).toContain('connected');
    if (pair.relation === 'pendingIn' && state !== 'pendingIn') expect(pair.events).toContain('invited');
    expect(pair.connections.consented(2002).length > 0).toBe(pair.relation === 'connected');
  });
});
