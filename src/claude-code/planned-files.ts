/** Changes for people to look at. */
import type { PlannedFile } from '../protocol/setup.ts';
import { unifiedDiff } from './diff.ts';
import type { FileChange } from './text-file.ts';

/** Every file with its unified diff, in order. */
export function plannedFiles(changes: readonly FileChange[]): PlannedFile[] {
  return changes.map(({ path, before, after, note }) => ({
    path,
    change: before === null ? 'make' : after === null ? 'remove' : 'change',
    lines: note === undefined ? unifiedDiff(before ?? '', after ?? '') : [note],
  }));
}
