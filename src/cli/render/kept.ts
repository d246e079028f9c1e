/** Who keeps what when the daemon stops, and until when. */
import type { Shared } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { openClient } from '../daemon-access.ts';
import type { CliIo } from '../io.ts';
import { bold, cyan, type Line, type Piece } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { until } from '../output/time.ts';

export const NOTHING_SHARED: Shared = { sessions: [], unheardEnds: [] };

/** A daemon that cannot say what it shares (of another version, not set up) has to be stoppable all the same. */
export async function whatIsShared(io: CliIo): Promise<Shared> {
  try {
    return { ...NOTHING_SHARED, ...(await openClient(io).call('shared')) };
  } catch {
    return NOTHING_SHARED;
  }
}

/** One line each. */
export function keptLines({ sessions, unheardEnds }: Shared, now: number): Line[] {
  const rows: Piece[][] = sessions.flatMap(({ session, project, recipients }) =>
    recipients.flatMap(({ handle, leaseUntil }): Piece[][] =>
      leaseUntil === null
        ? []
        : [[bold(handle), `keeps ${project} (${shortId(session)})`, `until ${until(leaseUntil, now)}`]],
    ),
  );
  const ended = unheardEnds.map(({ handle, session, until: end }): Piece[] => [
    bold(handle),
    `may read ${shortId(session)}, which ended`,
    `until ${until(end, now)}`,
  ]);
  const lines: Line[] = [];
  if (rows.length > 0) {
    lines.push(
      ['Sharing pauses; it goes on by itself when the daemon is back and the conversation still lives.'],
      ...table(rows, { indent: 2 }),
      [
        'To take it away at once: ',
        cyan('teammate-sync up && teammate-sync unshare --all'),
        ' (before the next `down`)',
      ],
    );
  }
  if (ended.length > 0) lines.push(['Ended, but not confirmed by everybody:'], ...table(ended, { indent: 2 }));
  return lines;
}
