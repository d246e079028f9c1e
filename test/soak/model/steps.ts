/** What can happen: what people type, what breaks, and time. Small numbers name people and sessions, modulo how many there are. */
import fc from 'fast-check';

const MINUTE = 60_000;

export type Step =
  | { do: 'say'; who: number }
  | { do: 'share'; who: number; whom: number; session: number; fromNow: boolean }
  | { do: 'unshare'; who: number; whom: number | null; session: number }
  | { do: 'unshareAll'; who: number }
  | { do: 'trust'; who: number; whom: number; nth: number }
  | { do: 'begin' | 'exit'; who: number; session: number }
  | { do: 'stop' | 'start'; who: number }
  | { do: 'cut' | 'mend' | 'drop'; who: number; whom: number }
  | { do: 'frames'; who: number; whom: number; fault: 'lose' | 'repeat' | 'delay'; count: number }
  | { do: 'pass'; ms: number }
  | { do: 'jump'; who: number; ms: number }
  | { do: 'hear' }
  | { do: 'settle' };

const who = fc.nat({ max: 11 });
const whom = fc.nat({ max: 11 });
const session = fc.nat({ max: 3 });
const step = <T extends Step['do']>(name: T): fc.Arbitrary<T> => fc.constant(name);

export const steps: fc.Arbitrary<Step[]> = fc.noBias(
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: step('say'), who }) },
      { weight: 7, arbitrary: fc.record({ do: step('share'), who, whom, session, fromNow: fc.boolean() }) },
      { weight: 3, arbitrary: fc.record({ do: step('unshare'), who, whom: fc.option(whom), session }) },
      { weight: 1, arbitrary: fc.record({ do: step('unshareAll'), who }) },
      { weight: 12, arbitrary: fc.record({ do: step('trust'), who, whom, nth: fc.nat({ max: 20 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('begin' as const, 'exit' as const), who, session }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constantFrom('stop' as const, 'start' as const, 'start' as const), who }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'mend' as const, 'drop' as const), who, whom }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: step('frames'),
          who,
          whom,
          fault: fc.constantFrom('lose' as const, 'repeat' as const, 'delay' as const),
          count: fc.integer({ min: 1, max: 6 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: step('pass'), ms: fc.constantFrom(1000, 19 * MINUTE, 21 * MINUTE, 61 * MINUTE) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: step('jump'),
          who,
          ms: fc.constantFrom(-25 * MINUTE, -8 * MINUTE, 8 * MINUTE, 25 * MINUTE),
        }),
      },
      { weight: 12, arbitrary: fc.constant<Step>({ do: 'hear' }) },
      { weight: 1, arbitrary: fc.constant<Step>({ do: 'settle' }) },
    ),
    { minLength: 30, maxLength: 60, size: 'max' },
  ),
);

/** What somebody would type about another one, by what they are shown; blocking is rare. */
export const SENSIBLE: Readonly<Record<string, readonly (TrustVerb | 'nothing')[]>> = {
  none: [],
  pendingOut: ['nothing', 'nothing', 'disconnect', 'block'],
  pendingIn: ['accept', 'accept', 'accept', 'accept', 'decline', 'disconnect', 'block'],
  connected: ['nothing', 'nothing', 'nothing', 'nothing', 'disconnect', 'disconnect', 'block'],
  declinedByMe: ['accept', 'accept', 'disconnect'],
  declinedByThem: ['disconnect', 'block'],
  blocked: ['unblock'],
};

export type TrustVerb = 'accept' | 'decline' | 'disconnect' | 'block' | 'unblock';
