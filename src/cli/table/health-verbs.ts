/** Finding out what is wrong. */
import type { VerbSpec } from '../verb.ts';

const NONE = { min: 0, max: 0, what: '' };

export const healthVerbs: readonly VerbSpec[] = [
  {
    name: 'doctor',
    aliases: [],
    group: 'daemon',
    summary: 'find what is wrong, and what mends it',
    usage: 'doctor',
    about: [
      'Looks at the home, keys and state, the disk, Claude Code, GitHub, the clock, the network and the daemon, also when',
      'that does not run. Changes nothing. Exit code 1 when there is a problem.',
    ],
    words: NONE,
    options: [],
    examples: [
      ['doctor', 'one line for each thing, with the command that mends it'],
      ['doctor --json', 'for programs'],
    ],
    run: () => import('../verbs/doctor.ts'),
  },
  {
    name: 'logs',
    aliases: ['log'],
    group: 'daemon',
    summary: 'what the daemon wrote down, newest last',
    usage: 'logs [-f] [-n lines]',
    about: ['No secret and no word of a conversation is in it. TEAMMATE_SYNC_LOG=debug at `up` makes it say more.'],
    words: NONE,
    options: [
      { name: 'follow', short: 'f', takes: 'nothing', about: 'go on as it grows, until Ctrl-C' },
      {
        name: 'lines',
        short: 'n',
        takes: 'value',
        label: 'lines',
        about: 'how many of the newest lines; 50 otherwise',
      },
    ],
    examples: [
      ['logs -f', 'follows it, also over a restart of the daemon'],
      ['logs -n 500 --json', 'the newest 500 as they were written, one object per line'],
    ],
    run: () => import('../verbs/logs.ts'),
  },
];
