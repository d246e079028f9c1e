/** `up`: the daemon in the background. */
import { ensureDaemon, runningDaemon } from '../daemon-control.ts';
import { TeammateSyncError } from '../../errors.ts';
import { EXIT } from '../output/error.ts';
import { green } from '../output/piece.ts';
import type { VerbContext } from '../verb.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, json, out } = context;
  const started = await ensureDaemon(context);
  const status = await runningDaemon(io);
  if (!status) throw new TeammateSyncError('DAEMON_DID_NOT_START', 'the daemon was started and ended at once');
  if (json) out.json({ v: 1, started, ...status });
  else {
    const who = status.me === null ? '' : `, as ${status.me.handle} in ${status.me.org}`;
    out.line(green(started ? 'Started' : 'Already running'), `: process ${status.pid}${who}`);
  }
  return EXIT.done;
}
