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
  {
    name: 'teammates',
    aliases: [],
    group: 'people',
    summary: 'who is in the workspace, who is connected, online, and shares with me',
    usage: 'teammates [--all]',
    words: NONE,
    options: [{ name: 'all', takes: 'nothing', about: 'every member, not only the first ones' }],
    examples: [
      ['teammates', 'connected ones first'],
      ['teammates --json', 'every member, for programs'],
    ],
    run: () => import('../verbs/teammates.ts'),
  },
  person('accept', 'accept an invite', 'shows who it is; what they share with you flows from then on'),
  person('decline', 'decline an invite', 'they are told; you can still accept later'),
  person('disconnect', 'end trust, and all shares in both directions', 'also withdraws an invite'),
  person('block', 'refuse all further invites of someone', 'also disconnects'),
  person('unblock', 'let someone invite me again', 'connects nobody by itself'),
  {
    name: 'devices',
    aliases: [],
    group: 'people',
    summary: 'my devices, with their codes',
    usage: 'devices',
    words: NONE,
    options: [],
    examples: [
      ['devices', 'for people'],
      ['devices --json', 'for programs'],
    ],
    run: () => import('../verbs/devices.ts'),
  },
  {
    name: 'alias',
    aliases: [],
    group: 'people',
    summary: 'a short local name for somebody',
    usage: 'alias [<name> <handle>] [--remove name]',
    about: [
      'Works wherever a handle is typed, on this machine alone; nobody else hears of it. A handle that somebody in the',
      'workspace has always means them. Without a name: lists them.',
    ],
    words: { min: 0, max: 2, what: 'a name and a handle' },
    options: [{ name: 'remove', takes: 'value', label: 'name', about: 'it means nobody any more' }],
    examples: [
      ['alias m marie-curie-acme', 'from now on `share m` means her'],
      ['alias', 'lists them'],
    ],
    run: () => import('../verbs/alias.ts'),
  },
  {
    name: 'verify',
    aliases: [],
    group: 'people',
    summary: 'compare the safety number with someone',
    usage: 'verify <handle> [--match]',
    about: [
      'Both of you see the same sixty digits when nobody stands between you. Compare them over another channel: side by',
      'side, or read aloud on a call. When either of you gets or loses a device, it is another number, and you are told.',
    ],
    words: { min: 1, max: 1, what: 'the handle' },
    options: [
      { name: 'match', takes: 'nothing', about: 'you compared the number that you were shown: it is the same' },
    ],
    examples: [
      ['verify marie', 'both of your devices, and the number; changes nothing'],
      ['verify marie --match', 'marks it as compared; lists show it from then on'],
    ],
    run: () => import('../verbs/verify.ts'),
  },
  {
    name: 'trust',
    aliases: [],
    group: 'people',
    summary: 'trust a device of someone, or of mine, by its code',
    usage: 'trust <handle> [<code>]',
    about: [
      'A new device of a known person is not used until one of their other devices vouches for it, or you trust it. The',
      'code is what `whoami` shows there. A further machine of your own: type it on both, with the code of the other one.',
    ],
    words: { min: 1, max: 2, what: 'the handle' },
    options: [],
    examples: [
      ['trust marie', 'what waits, and what to compare; changes nothing'],
      ['trust marie ABCD-EFGH-IJKL', 'takes that device for hers'],
    ],
    run: () => import('../verbs/devices.ts'),
  },
  {
    name: 'revoke',
    aliases: [],
    group: 'people',
    summary: 'disown a lost device of mine, for ever',
    usage: 'revoke <code>',
    about: ['Everyone drops it, and what only it vouched for. `devices` shows the codes.'],
    words: { min: 1, max: 1, what: 'the code' },
    options: [],
    examples: [
      ['revoke ABCD-EFGH-IJKL', 'the device with that code is nobody any more'],
      ['revoke ABCD-EFGH-IJKL --json', 'the same; the answer as JSON'],
    ],
    run: () => import('../verbs/devices.ts'),
  },
];
