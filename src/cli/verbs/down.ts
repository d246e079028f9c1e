/** `down`: stops the daemon, and says first who keeps what until when. */
import type { Shared } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { openClient } from '../daemon-access.ts';
import { runningDaemon, stopDaemon } from '../daemon-control.ts';
import type { CliIo } from '../io.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, type Line, type Piece } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { until } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

const NOTHING: Shared = { sessions: [], unheardEnds: [] };

export async function run({ io, json, out }: VerbContext): Promise<number> {
  if (!(await runningDaemon(io))) {
    if (json) out.json({ v: 1, stopped: false, ...NOTHING });
    else out.line('The daemon is not running.');
    return EXIT.done;
  }
  const shared = await whatIsShared(io);
  if (!json) out.lines(keptLines(shared, io.now()));
  await stopDaemon(io);
  if (json) out.json({ v: 1, stopped: true, ...shared });
  else out.line('Stopped. It goes on with ', cyan('teammate-sync up'), '.');
  return EXIT.done;
}

/** A daemon that cannot say what it shares (of another version, not set up) has to be stoppable all the same. */
async function whatIsShared(io: CliIo): Promise<Shared> {
  try {
    return { ...NOTHING, ...(await openClient(io).call('shared')) };
  } catch {
    return NOTHING;
  }
}

function keptLines({ sessions, unheardEnds }: Shared, now: number): Line[] {
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
