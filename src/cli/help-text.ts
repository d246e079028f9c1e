/** The help, made from the verb table. */
import { COMMON_OPTIONS } from './args.ts';
import { bold, cyan, dim, type Line } from './output/piece.ts';
import { table } from './output/table.ts';
import type { OptionSpec, VerbSpec } from './verb.ts';

const GROUPS: readonly (readonly [VerbSpec['group'], string])[] = [
  ['start', 'Begin'],
  ['share', 'Share'],
  ['read', 'Read'],
  ['people', 'People'],
  ['daemon', 'Daemon'],
  ['other', 'Other'],
];

const STORY: readonly (readonly [string, string])[] = [
  ['init --org acme', 'once per machine, you (alice) and marie alike; then `teammate-sync up`'],
  ['share marie', 'in the folder where Claude Code runs: marie is invited'],
  ['accept alice', 'what marie types, if she wants to'],
  ['show alice -f', 'marie reads along, until your conversation ends'],
];

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'refused or failed; stderr says why and what to do next'],
  ['2', 'wrong usage'],
  ['3', 'the daemon is not running'],
  ['4', 'not set up'],
];

/** What `teammate-sync` alone says. */
export function overview(verbs: readonly VerbSpec[]): Line[] {
  const lines: Line[] = [
    [bold('teammate-sync'), ': share a live Claude Code session with a teammate, peer to peer'],
    [],
    [bold('The first time')],
    ...table(
      STORY.map(([command, effect]) => [cyan(`teammate-sync ${command}`), dim(effect)]),
      { indent: 2 },
    ),
  ];
  const shown = verbs.filter(({ hidden }) => !hidden);
  const width = Math.max(...shown.map(({ name }) => name.length));
  for (const [group, title] of GROUPS) {
    lines.push([], [bold(title)]);
    for (const { name, summary } of shown.filter((verb) => verb.group === group)) {
      lines.push(['  ', cyan(name.padEnd(width)), '  ', summary]);
    }
  }
  lines.push([], ['`teammate-sync help <verb>` says more. Nothing is shared until you type it.']);
  return lines;
}

/** Usage, options, examples and exit codes of one verb. */
export function verbHelp(spec: VerbSpec): Line[] {
  const lines: Line[] = [[bold('Usage: '), `teammate-sync ${spec.usage}`], [], [capital(spec.summary), '.']];
  for (const line of spec.about ?? []) lines.push([line]);
  if (spec.aliases.length > 0) lines.push([], [`Also: ${spec.aliases.join(', ')}`]);
  lines.push([], [bold('Options')]);
  lines.push(
    ...table(
      [...spec.options, ...COMMON_OPTIONS].map((option) => [cyan(optionUsage(option)), option.about]),
      { indent: 2 },
    ),
  );
  if (spec.examples.length > 0) {
    lines.push([], [bold('Examples')]);
    lines.push(
      ...table(
        spec.examples.map(([command, effect]) => [cyan(`teammate-sync ${command}`), dim(effect)]),
        { indent: 2 },
      ),
    );
  }
  lines.push([], [bold('Exit codes')]);
  lines.push(
    ...table(
      EXIT_CODES.map(([code, meaning]) => [cyan(code), meaning]),
      { indent: 2 },
    ),
  );
  return lines;
}

function optionUsage({ name, short, label }: OptionSpec): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${label === undefined ? '' : ` ${label}`}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
