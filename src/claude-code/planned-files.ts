/** Changes for people to look at. */
import type { PlannedFile } from '../protocol/setup.ts';
import { unifiedDiff } from './diff.ts';
import type { FileChange } from './text-file.ts';

/** Every file with its unified diff, in order. Beside a change in Claude Code's state may stand somebody's key: it is shown alone. */
export function plannedFiles(changes: readonly FileChange[]): PlannedFile[] {
  return changes.map(({ path, before, after, note, again }) => ({
    path,
    change: before === null ? 'make' : after === null ? 'remove' : 'change',
    lines: note === undefined ? unifiedDiff(before ?? '', after ?? '', again && 0) : [note],
  }));
}
