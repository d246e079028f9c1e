/** What the two models of connections have in common: what people type, and when, and how the network and time go. */
import fc from 'fast-check';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const VERBS = ['invite', 'accept', 'decline', 'disconnect', 'block', 'unblock'] as const;
export type Verb = (typeof VERBS)[number];

/** What a user would type, by relation; blocking is rare. */
export const SENSIBLE: Readonly<Record<string, readonly Verb[]>> = {
  none: ['invite', 'invite', 'invite', 'invite', 'block'],
  pendingOut: ['disconnect', 'disconnect', 'disconnect', 'block'],
  pendingIn: ['accept', 'accept', 'decline', 'disconnect', 'invite', 'accept', 'block'],
  connected: ['disconnect', 'disconnect', 'disconnect', 'disconnect', 'block'],
  declinedByMe: ['accept', 'invite', 'disconnect'],
  declinedByThem: ['invite', 'disconnect', 'block'],
  blocked: ['unblock'],
};

/** Which of what is there; modulo how many there are. */
export const nth = fc.nat({ max: 20 });
export const deliver = fc.record({ do: fc.constant('deliver' as const), nth, again: fc.boolean(), ack: fc.boolean() });
export const lose = fc.record({ do: fc.constant('lose' as const), nth });
export const wait = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(1, 1000, MINUTE, DAY, 8 * DAY, 15 * DAY),
});
/** Within what clocks may differ. */
export const skewMs = fc.integer({ min: -4 * MINUTE, max: 4 * MINUTE });
