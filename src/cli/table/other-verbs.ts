/** About the program itself. */
import type { VerbSpec } from '../verb.ts';

const NONE = { min: 0, max: 0, what: '' };

export const otherVerbs: readonly VerbSpec[] = [
  {
    name: 'whoami',
    aliases: [],
    group: 'other',
    summary: 'handle, workspace and device of this machine',
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
