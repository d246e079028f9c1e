/** Files that are or would be changed. */
import path from 'node:path';
import type { PlannedFile } from '../../protocol/setup.ts';
import { count } from '../output/count.ts';
import { dim, green, type Line } from '../output/piece.ts';

/** So many of a folder that go the same way are one line. */
const MANY = 3;

/**
 * Those that do not stay as they are.
 * @param how short: a line for each, or for many of a folder; whole: with every line that changes in them
 */
export function fileLines(files: readonly PlannedFile[], how: 'short' | 'whole'): Line[] {
  const changed = files.filter(({ change }) => change !== 'keep');
  if (how === 'whole')
    return changed.flatMap((file) => [headOf(file), ...file.lines.map((line): Line => [dim('      '), line])]);
  const kindOf = (file: PlannedFile): string => `${file.change} ${path.dirname(file.path)}`;
  const kinds = new Set(changed.map(kindOf));
  return [...kinds].flatMap((kind) => linesOf(changed.filter((file) => kindOf(file) === kind)));
}

/** Of files of one folder that go the same way. */
function linesOf(alike: readonly PlannedFile[]): Line[] {
  const [first] = alike;
  if (!first || alike.length < MANY) return alike.map(headOf);
  const names = alike.map((file) => path.parse(file.path).name).join(', ');
  return [[green(`  ${first.change} `), `${path.dirname(first.path)}: ${count(alike.length, 'file')} (${names})`]];
}

const headOf = ({ path: file, change }: PlannedFile): Line => [green(`  ${change} `), file];
