/** About the program itself. */
import type { VerbSpec } from '../verb.ts';

const NONE = { min: 0, max: 0, what: '' };

export const otherVerbs: readonly VerbSpec[] = [
  {
    name: 'whoami',
    aliases: [],
    group: 'other',
    summary: 'account, token, workspace and device of this machine',
    usage: 'whoami',
    words: NONE,
    options: [],
    examples: [
      ['whoami', 'for people'],
      ['whoami --json', 'for programs'],
    ],
    run: () => import('../verbs/whoami.ts'),
  },
  {
    name: 'logout',
    aliases: [],
    group: 'other',
    summary: 'sign out: ends the daemon, takes this device from GitHub',
    usage: 'logout [--keep-device]',
    about: [
      'Nothing is told to anybody, and what is shared is paused: recipients keep it until their leases run out. Also when',
      'GitHub does not answer; then it says what is left and what to type later.',
    ],
    words: NONE,
    options: [{ name: 'keep-device', takes: 'nothing', about: 'leave the public keys of this device on GitHub' }],
    examples: [
      ['unshare --all', 'before it, when nobody shall keep anything until the leases run out'],
      ['logout', 'says what it took away, what is left, and how to remove that'],
    ],
    run: () => import('../verbs/logout.ts'),
  },
  {
    name: 'hook',
    aliases: [],
    group: 'other',
    summary: 'what Claude Code calls: a hook event as JSON on stdin',
    usage: 'hook',
    words: NONE,
    options: [],
    examples: [],
    hidden: true,
    run: () => import('../verbs/hook.ts'),
  },
  {
    name: 'version',
    aliases: ['--version', '-V'],
    group: 'other',
    summary: 'the version of this program',
    usage: 'version',
    words: NONE,
    options: [],
    examples: [['version', 'the same as --version']],
    run: () => import('../verbs/version.ts'),
  },
  {
    name: 'help',
    aliases: ['--help', '-h'],
    group: 'other',
    summary: 'this overview, or the help of one verb',
    usage: 'help [<verb>]',
    words: { min: 0, max: 1, what: 'the verb' },
    options: [],
    examples: [['help share', 'how to share']],
    run: () => import('../verbs/help.ts'),
  },
];
