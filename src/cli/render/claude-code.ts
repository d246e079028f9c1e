/** What `init` does or did in Claude Code, and what was in its way. */
import type { ClaudeDone, ClaudePlan, SetupFailure } from '../../protocol/setup.ts';
import { cyan, green, type Line, yellow } from '../output/piece.ts';

type State = Pick<ClaudePlan | ClaudeDone, 'state' | 'plugin' | 'refused'>;

/** Beside the files: why it does less than everything. */
export function claudeLines({ state, plugin, refused }: State): Line[] {
  const lines = refused.flatMap(refusedLines);
  if (state === 'plugin') lines.push(...pluginLines(plugin ?? 'teammate-sync'));
  if (state === 'absent') {
    lines.push([yellow('  not '), 'Claude Code: it is not here. When it is, run `teammate-sync init` again']);
  }
  return lines;
}

/** In a dry run. */
export const declinedLine: Line = [
  yellow('  not '),
  'rules of permissions.deny: you did not want them. To be asked again, take "denyRules" out of config.json',
];

/** Once it is done. */
export function claudeDoneLines(done: ClaudeDone): Line[] {
  const { state, changed, lacks } = done;
  if (state === 'skipped') return [];
  const news = 'conversations that are open may need a restart of it';
  const installed: Line[] =
    state === 'installs' && changed.length > 0 ? [[green('Claude Code'), ` knows it: ${news}`]] : [];
  const old: Line[] = lacks === null ? [] : [[yellow('Claude Code '), lacks, '. Better: ', cyan('claude update')]];
  return [...installed, ...old, ...claudeLines(done)];
}

export function refusedLines({ message, hint }: SetupFailure): Line[] {
  const head: Line = [yellow('  not '), message];
  return hint === '' ? [head] : [head, ['      → ', cyan(hint)]];
}

function pluginLines(plugin: string): Line[] {
  return [
    [yellow('  not '), `Claude Code: its plugin ${plugin} does it already, and both at once would do all twice`],
    ['      → to have it by init: ', cyan(`claude plugin uninstall ${plugin} && teammate-sync init`)],
  ];
}
