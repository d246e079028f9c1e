/** What I share, and what is shared with me. */
import type { OptionSpec, VerbSpec } from '../verb.ts';

const SESSION: OptionSpec = {
  name: 'session',
  takes: 'value',
  label: 'id',
  about: 'the session, by the beginning of its id; otherwise the one this runs in, or the only one of this folder',
};
const NONE = { min: 0, max: 0, what: '' };
const ANY = { min: 0, max: Number.POSITIVE_INFINITY, what: '' };

export const sharingVerbs: readonly VerbSpec[] = [
  {
    name: 'share',
    aliases: ['connect'],
    group: 'share',
    summary: 'share this session with the named people',
    usage: 'share [<handle>...] [--session id] [--note text] [--from-now] [--with-thinking] [--preview]',
    about: [
      'Adds them to those who have it already. Who is not connected yet is invited, and gets it on accepting. Without',
      'names: everyone who is connected. It ends with the conversation. Starts the daemon when it is down.',
    ],
    words: ANY,
    options: [
      SESSION,
      { name: 'note', takes: 'value', label: 'text', about: 'goes with the invite' },
      { name: 'from-now', takes: 'nothing', about: 'leave out what came before' },
      { name: 'with-thinking', takes: 'nothing', about: "share Claude's thinking too" },
      { name: 'preview', takes: 'nothing', about: 'show what they would see, and share nothing' },
    ],
    examples: [
      ['share marie bob --note "the login bug"', 'shares this session with both'],
      ['share marie --preview', 'shows what she would see'],
    ],
    run: () => import('../verbs/share.ts'),
  },
  {
    name: 'unshare',
    aliases: [],
    group: 'share',
    summary: 'end a share at once',
    usage: 'unshare [<session>] [--from <handle>...] [--all]',
    words: { min: 0, max: 1, what: 'the session' },
    options: [
      SESSION,
      { name: 'from', takes: 'list', label: 'handle...', about: 'only for these people' },
      { name: 'all', takes: 'nothing', about: 'every session' },
    ],
    examples: [
      ['unshare', 'ends all sharing of this session'],
      ['unshare 1f0c --from bob', "ends bob's access to the session whose id begins with 1f0c"],
    ],
    run: () => import('../verbs/unshare.ts'),
  },
  {
    name: 'shared',
    aliases: [],
    group: 'share',
    summary: 'what I share, with whom, and what each has fetched',
    usage: 'shared',
    words: NONE,
    options: [],
    examples: [
      ['shared', 'for people'],
      ['shared --json', 'for programs'],
    ],
    run: () => import('../verbs/shared.ts'),
  },
  {
    name: 'activity',
    aliases: [],
    group: 'share',
    summary: 'who read which lines of what I share, with what and when',
    usage: 'activity',
    about: [
      'As their machines told it, over the last 30 days, also of shares that have ended; a changed program tells nothing.',
      'What somebody asked is never told.',
    ],
    words: NONE,
    options: [],
    examples: [
      ['activity', 'the newest first'],
      ['activity --json', 'for programs'],
    ],
    run: () => import('../verbs/activity.ts'),
  },
  {
    name: 'show',
    aliases: [],
    group: 'read',
    summary: 'read what a teammate shares with me',
    usage: 'show <handle> [<session>] [--lines a-b] [-f] [--full] [--raw]',
    about: ['Of one session: the transcript. Of several: the list, with the newest lines of each.'],
    words: { min: 1, max: 2, what: 'the handle' },
    options: [
      { name: 'lines', takes: 'value', label: 'a-b', about: 'only these lines of the conversation: a-b, a-, -b or a' },
      { name: 'follow', short: 'f', takes: 'nothing', about: 'go on as it grows, until Ctrl-C' },
      { name: 'full', takes: 'nothing', about: 'do not shorten what tools were asked, and their results' },
      { name: 'raw', takes: 'nothing', about: 'one JSON object per turn; of all sessions when none is named' },
    ],
    examples: [
      ['show marie', 'what marie shares'],
      ['show marie 1f0c --lines 40- -f', 'from line 40 on, live'],
    ],
    run: () => import('../verbs/show.ts'),
  },
];
