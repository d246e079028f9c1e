/** Set-up and the daemon. */
import type { VerbSpec } from '../verb.ts';

const NONE = { min: 0, max: 0, what: '' };

export const machineVerbs: readonly VerbSpec[] = [
  {
    name: 'init',
    aliases: [],
    group: 'start',
    summary: 'set up this machine for a GitHub org',
    usage:
      'init [--org <org>] [--relay <key>|none] [--client-id <id>|none] [--anthropic-key] [--no-claude-code] [--dry-run] [--yes]',
    about: [
      'Signs in with GH_TOKEN, GITHUB_TOKEN, `gh auth token`, or a code that is typed on GitHub, makes this device its',
      'keys, publishes their public half, and puts hooks and slash commands into your Claude Code, beside what is there.',
      'It may be interrupted and run again at any time, and mends what it finds broken. A running daemon is stopped for it',
      'and started again.',
    ],
    words: NONE,
    options: [
      {
        name: 'org',
        takes: 'value',
        label: 'org',
        about: 'the workspace: a GitHub org you are a member of; else asked',
      },
      {
        name: 'relay',
        takes: 'value',
        label: 'key',
        about: 'the relay of your team, or none; else it stays as it was',
      },
      {
        name: 'client-id',
        takes: 'value',
        label: 'id',
        about: 'of an OAuth app with the device flow, to sign in without gh; or none; else it stays',
      },
      { name: 'anthropic-key', takes: 'nothing', about: 'ask for an Anthropic API key, unseen, and keep it or none' },
      { name: 'no-claude-code', takes: 'nothing', about: "leave Claude Code's files as they are" },
      { name: 'dry-run', takes: 'nothing', about: 'say what would change, and change nothing, nor on GitHub' },
      { name: 'yes', short: 'y', takes: 'nothing', about: 'ask nothing: the workspace as before, or the only one' },
    ],
    examples: [
      ['init', 'asks which of your orgs this machine is for'],
      ['init --org acme --dry-run', 'what it would do for the org acme'],
      ['init --org acme --yes', 'the same, without a question'],
    ],
    run: () => import('../verbs/init.ts'),
  },
  {
    name: 'uninstall',
    aliases: [],
    group: 'other',
    summary: 'take out of Claude Code again what init put in',
    usage: 'uninstall [--dry-run]',
    about: [
      'Takes out exactly what `init` put in, and nothing else; works with no daemon running, and twice in a row. Keys, what',
      'is shared and what is published on GitHub stay: that is what `logout` is for.',
    ],
    words: NONE,
    options: [{ name: 'dry-run', takes: 'nothing', about: 'say what would change, and change nothing' }],
    examples: [
      ['uninstall --dry-run', 'what it would take out, line by line'],
      ['uninstall', 'takes it out, and says what is left'],
    ],
    run: () => import('../verbs/uninstall.ts'),
  },
  {
    name: 'up',
    aliases: [],
    group: 'daemon',
    summary: 'start the daemon in the background',
    usage: 'up',
    words: NONE,
    options: [],
    examples: [
      ['up', 'returns when it answers, with or without a network'],
      ['up --json', 'its status as JSON'],
    ],
    run: () => import('../verbs/up.ts'),
  },
  {
    name: 'down',
    aliases: [],
    group: 'daemon',
    summary: 'stop the daemon; says who keeps what until when',
    usage: 'down',
    about: ['What is shared is paused, not ended: with `up` it goes on, as long as its conversation lives.'],
    words: NONE,
    options: [],
    examples: [
      ['down', 'stops it'],
      ['unshare --all', 'before it, when nobody shall keep anything until the leases run out'],
    ],
    run: () => import('../verbs/down.ts'),
  },
  {
    name: 'dashboard',
    aliases: [],
    group: 'daemon',
    summary: 'what you share and what is shared with you, on a page in your browser',
    usage: 'dashboard [--port n] [--no-open]',
    about: [
      'A page that only this machine can open, served by the daemon. Its address works once, for two minutes; the page then',
      'stays for twelve hours.',
    ],
    words: NONE,
    options: [
      { name: 'port', takes: 'value', label: 'n', about: 'listen on this port of 127.0.0.1; any by default' },
      { name: 'no-open', takes: 'nothing', about: 'only print the address' },
    ],
    examples: [
      ['dashboard', 'opens it'],
      ['dashboard --no-open', 'prints the address'],
    ],
    run: () => import('../verbs/dashboard.ts'),
  },
  {
    name: 'status',
    aliases: [],
    group: 'daemon',
    summary: 'daemon, network, shares and people in a screenful',
    usage: 'status [--line]',
    about: [
      'Daemon, network, GitHub, who is online, what you share and until when each recipient keeps it, what is shared with',
      'you, invites, and the last error with what to do about it.',
    ],
    words: NONE,
    options: [{ name: 'line', takes: 'nothing', about: 'one line, for the status line of Claude Code or a prompt' }],
    examples: [
      ['status', 'for people'],
      ['status --line', 'always one line, and exit code 0'],
      ['status --json', 'for programs'],
    ],
    run: () => import('../verbs/status.ts'),
  },
  {
    name: 'daemon',
    aliases: [],
    group: 'daemon',
    summary: 'run the daemon in the foreground, with its log',
    usage: 'daemon',
    words: NONE,
    options: [],
    examples: [
      ['daemon', 'until Ctrl-C'],
      ['up', 'is the way to have it in the background'],
    ],
    run: () => import('../verbs/daemon.ts'),
  },
  {
    name: 'relay',
    aliases: [],
    group: 'daemon',
    summary: 'pass on traffic of teammates whose networks cannot reach each other',
    usage: 'relay',
    about: [
      'For a machine that others can reach. Prints the key that members give to `init --relay`. What passes is encrypted',
      'between their devices; the relay learns which addresses talk, when, and how much.',
    ],
    words: NONE,
    options: [],
    examples: [['relay', 'until Ctrl-C']],
    run: () => import('../verbs/relay.ts'),
  },
];
