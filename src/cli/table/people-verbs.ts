/** Who is trusted. */
import type { VerbSpec } from '../verb.ts';

const NONE = { min: 0, max: 0, what: '' };

/** A verb whose one word is a handle. */
function person(name: string, summary: string, effect: string): VerbSpec {
  return {
    name,
    aliases: [],
    group: 'people',
    summary,
    usage: `${name} <handle>`,
    words: { min: 1, max: 1, what: 'the handle' },
    options: [],
    examples: [
      [`${name} marie`, effect],
      [`${name} @Marie --json`, 'the same person; the answer as JSON'],
    ],
    run: () => import('../verbs/person.ts'),
  };
}

export const peopleVerbs: readonly VerbSpec[] = [
  {
    name: 'connections',
    aliases: [],
    group: 'people',
    summary: 'who is connected, and which invites are pending',
    usage: 'connections',
    words: NONE,
    options: [],
    examples: [
      ['connections', 'for people'],
      ['connections --json', 'for programs'],
    ],
    run: () => import('../verbs/connections.ts'),
  },
  person('accept', 'accept an invite', 'shows who it is; what they share with you flows from then on'),
  person('decline', 'decline an invite', 'they are told; you can still accept later'),
  person('disconnect', 'end trust, and all shares in both directions', 'also withdraws an invite'),
  person('block', 'refuse all further invites of someone', 'also disconnects'),
  person('unblock', 'let someone invite me again', 'connects nobody by itself'),
];
