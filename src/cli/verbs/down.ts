/** `down`: stops the daemon, and says first who keeps what until when. */
import { runningDaemon, stopDaemon } from '../daemon-control.ts';
import { EXIT } from '../output/error.ts';
import { cyan } from '../output/piece.ts';
import { keptLines, NOTHING_SHARED, whatIsShared } from '../render/kept.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const running = await runningDaemon(io);
  if (!running) {
    if (json) out.json({ v: 1, stopped: false, ...NOTHING_SHARED });
    else out.line('The daemon is not running.');
    return EXIT.done;
  }
  const shared = await whatIsShared(io);
  if (!json) out.lines(keptLines(shared, io.now()));
  await stopDaemon(io, running);
  if (json) out.json({ v: 1, stopped: true, ...shared });
  else out.line('Stopped. It goes on with ', cyan('teammate-sync up'), '.');
  return EXIT.done;
}
