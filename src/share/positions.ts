/** How far a session's sources were taken into its cores: what a new generation continues after. */
import type { Turn } from '../protocol/turn.ts';

/** The last turn of a source that is in a core. */
export interface Position {
  line: number;
  uuid: string;
}

export type Positions = Map<string, Position>;

export function advance(positions: Positions, turns: readonly Pick<Turn, 'source' | 'line' | 'uuid' | 'kind'>[]): void {
  for (const turn of turns) {
    // Our own notices (a title) carry the line at which they were noticed; they are not the record of that line.
    if (turn.kind === 'title') continue;
    positions.set(turn.source, { line: turn.line, uuid: turn.uuid });
  }
}
