/** From which processes one descends. */
import type { ProcessTable } from './process-table.ts';

/** More than any real chain has. */
const LINEAGE_MAX = 256;

/** The process itself, its parent, and so on up to the first. @throws when the system cannot be asked just now */
export function lineage(processes: ProcessTable, pid: number): number[] {
  const line: number[] = [];
  for (let next: number | null = pid; next !== null && !line.includes(next) && line.length < LINEAGE_MAX;) {
    line.push(next);
    next = processes.parent(next);
  }
  return line;
}
