/** `uninstall`: takes out of Claude Code what `init` put in, and says what is left. */
import type { Uninstalled, UninstallRequest } from '../../protocol/uninstall.ts';
import { EXIT } from '../output/error.ts';
import { dim, green, type Line, yellow } from '../output/piece.ts';
import { refusedLines } from '../render/claude-code.ts';
import { fileLines } from '../render/files.ts';
import { remaining, remainingLines } from '../render/remaining.ts';
import { runOnce } from '../run-once.ts';
import { failureBody, listOf, plannedFile } from '../setup-events.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const request: UninstallRequest = { dryRun: args.flag('dry-run') };
  const result = resultIn(await runOnce(io, 'uninstall', request));
  if (json) out.json({ v: 1, dryRun: request.dryRun, ...result });
  else out.lines(lines(result, request.dryRun));
  return result.refused.length === 0 ? EXIT.done : EXIT.failed;
}

function resultIn(value: unknown): Uninstalled {
  return {
    files: listOf(value, 'files').map(plannedFile),
    refused: listOf(value, 'refused').map(failureBody),
    left: listOf(value, 'left').map(remaining),
  };
}

function lines({ files, refused, left }: Uninstalled, dryRun: boolean): Line[] {
  return [
    [headline(files.length, refused.length, dryRun)],
    ...fileLines(files, dryRun ? 'whole' : 'short'),
    ...refused.flatMap(refusedLines),
    ...left.flatMap((one) => remainingLines(dim('  left   '), one)),
    ...(dryRun ? [['Nothing was changed.']] : []),
  ];
}

function headline(files: number, refused: number, dryRun: boolean): Line[number] {
  if (refused > 0) return yellow('Not everything could be taken out of Claude Code:');
  if (files === 0) return 'There is nothing of teammate-sync in Claude Code.';
  return dryRun ? 'It would take out of Claude Code:' : green('Taken out of Claude Code:');
}
